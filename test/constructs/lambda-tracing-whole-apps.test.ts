import {
  type App,
  CustomResource,
  Duration,
  RemovalPolicy,
  type Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { experimental } from 'aws-cdk-lib/aws-cloudfront';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { EvaluateExpression } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { TriggerFunction } from 'aws-cdk-lib/triggers';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app, CODE, lambda, quietly, stackIn, synthesize } from '../apps/app';
import { modes, warnings } from './traced-stacks';

/** Adds the two lines of the README to an app. */
function addTwoLines(root: App): void {
  LambdaTracing.of(root).active();
  Validations.of(root).addPlugins(new LambdaXRayChecks(root));
}

describe('the two lines of the README work on an app with', () => {
  test.each<[string, (stack: Stack) => unknown]>([
    [
      'a custom resource with a provider framework',
      (stack) => {
        const provider = new Provider(stack, 'Provider', {
          onEventHandler: lambda(stack, 'OnEvent'),
          isCompleteHandler: lambda(stack, 'IsComplete'),
          totalTimeout: Duration.hours(1),
        });
        return new CustomResource(stack, 'Resource', { serviceToken: provider.serviceToken });
      },
    ],
    ['a trigger', (stack) => new TriggerFunction(stack, 'Trigger', CODE)],
    [
      'BucketDeployment',
      (stack) =>
        new BucketDeployment(stack, 'Deployment', {
          sources: [Source.data('index.html', 'Hello')],
          destinationBucket: new Bucket(stack, 'Bucket', {
            autoDeleteObjects: true,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        }),
    ],
    [
      'LogRetention',
      (stack) => new LogRetention(stack, 'Logs', { logGroupName: 'x', retention: RetentionDays.ONE_DAY }),
    ],
  ])('%s', (_, build) => {
    const root = app();
    const stack = stackIn(root);
    build(stack);
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
    expect(new Set(Object.values(modes(stack)))).toEqual(new Set(['Active']));
  });

  // In newer versions of CDK, the role can't be changed.
  test('EvaluateExpression, whose function is Active or has a warning', () => {
    const root = app();
    const stack = stackIn(root);
    const task = new EvaluateExpression(stack, 'Task', { expression: '$.a + $.b' });
    new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(task) });
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
    const [mode] = Object.values(modes(stack));
    const isWarned = JSON.stringify(warnings(stack)).includes('is not set to Active');
    expect([mode, isWarned]).toEqual(mode === 'Active' ? ['Active', false] : ['unset', true]);
  });

  test.each<[string, (root: App) => App | Stage]>([
    ['the app', (root) => root],
    ['a stage', (root) => new Stage(root, 'Prod')],
  ])('an EdgeFunction of another region in %s', (_, scopeIn) => {
    const root = app();
    const scope = scopeIn(root);
    const env = { account: '111122223333', region: 'eu-west-1' };
    const site = stackIn(scope, 'Site', { env });
    void new experimental.EdgeFunction(site, 'Edge', CODE).currentVersion;
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
    const edge = scope.node.children.find((child) => child.node.id.startsWith('edge-lambda-stack'));
    expect(modes(edge as Stack)).toEqual({ Edge: 'unset' });
    expect(JSON.stringify(Template.fromStack(edge as Stack))).not.toMatch(/xray/i);
  });
});

describe('the two lines of the README work on an app', () => {
  test('without functions', () => {
    const root = app();
    stackIn(new Stage(root, 'Prod'));
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
  });

  test('with a pipeline, after its stages: a warning names the stages', () => {
    const root = app();
    const env = { account: '111122223333', region: 'eu-west-1' };
    const stack = stackIn(root, 'Pipeline', { env });
    const pipeline = new CodePipeline(stack, 'Pipeline', {
      synth: new ShellStep('Synth', {
        commands: ['npx cdk synth'],
        input: CodePipelineSource.s3(new Bucket(stack, 'Code'), 'code.zip'),
      }),
    });
    const stage = new Stage(root, 'Prod', { env });
    const inStage = stackIn(stage);
    lambda(inStage);
    pipeline.addStage(stage);
    lambda(stack);
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(modes(inStage)).toEqual({ Fn: 'unset' });
    expect(quietly(() => warnings(stack))).toContainEqual(
      expect.stringMatching(
        /^LambdaTracing\.of\(app\): the stage 'Prod' is already synthesized.*Call LambdaTracing before that/,
      ),
    );
  });
});
