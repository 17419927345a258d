import { type App, Stage, Validations } from 'aws-cdk-lib';
import { CfnEventSourceMapping, type CfnFunction, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { TeamChecks } from '../../examples/team-checks';
import { activeLambda, app, CLUSTER_ARN, lambda, stackIn, synthesize } from '../apps/app';
import { ordersApp } from './orders-app';

/** Creates an app of a team, with a finding of each rule of its pack. */
function teamApp(): { root: App; mapping: CfnEventSourceMapping } {
  const root = app();
  const stack = stackIn(root);
  lambda(stack, 'Public').addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  const mapping = new CfnEventSourceMapping(stack, 'Kafka', {
    functionName: activeLambda(stack, 'Consumer').functionName,
    eventSourceArn: CLUSTER_ARN,
  });
  const denied = lambda(stack, 'Denied').node.defaultChild as CfnFunction;
  denied.addPropertyOverride('TracingConfig.Mode', 'Active');
  lambda(stackIn(new Stage(root, 'Prod')), 'Untraced');
  lambda(stackIn(new Stage(root, 'Test')), 'Untraced');
  Validations.of(root).addPlugins(new TeamChecks(root));
  return { root, mapping };
}

/** Returns the rules and construct paths that the report of a synthesis contains. */
function reported(root: App): string[] {
  synthesize(root);
  const { violations } = new TeamChecks().validateScope(root);
  return violations
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    )
    .sort();
}

test("a team's pack mixes rules of cdk-nag and of this package", () => {
  const { root } = teamApp();
  const { passes, output } = synthesize(root);
  expect(passes).toBe(false);
  expect(output).toContain('The function is Active, but X-Ray does not support its event source. (Team)');
  expect(output).toContain('Stack/Kafka');
  expect(reported(root)).toEqual([
    'Team-ActiveTracing Prod/Stack/Untraced/Resource',
    'Team-LambdaFunctionUrlAuth Stack/Public/FunctionUrl/Resource',
    'Team-UnsupportedEventSource Stack/Kafka',
    'Team-XRayPermissions Stack/Denied/Resource',
  ]);
});

test('its findings are acknowledged by the IDs of the team', () => {
  const { root, mapping } = teamApp();
  Validations.of(mapping).acknowledge({ id: 'Team-UnsupportedEventSource', reason: 'Known.' });
  expect(reported(root)).not.toContain('Team-UnsupportedEventSource Stack/Kafka');
});

test('it reports the mistake in the example app', () => {
  const broken = ordersApp({ broken: 'true' });
  expect(reported(broken)).toEqual([
    expect.stringMatching(/^Team-UnsupportedEventSource Shipments\/ActiveConsumer\//),
  ]);
  expect(reported(ordersApp())).toEqual([]);
});
