import {
  type App,
  CfnOutput,
  CfnResource,
  ResolutionTypeHint,
  type Stack,
  Stage,
  Token,
  Validations,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { LambdaXRayChecks, RuleSeverity } from '../../lib/nag/lambda-xray-checks';
import { app, lambda, stackIn, synthesize } from './app';

interface FunctionInTemplate {
  readonly Properties: { readonly TracingConfig?: { readonly Mode?: string } };
}

/** Returns the modes of the functions in a template of a synthesized app, by the start of the logical ID. */
function modes(stack: Stack): Record<string, string | undefined> {
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function') as Record<
    string,
    FunctionInTemplate
  >;
  return Object.fromEntries(
    Object.entries(functions).map(([id, { Properties }]) => [
      id.replace(/CustomResourceProvider.*|[\dA-F]{8}$/, ''),
      Properties.TracingConfig?.Mode,
    ]),
  );
}

function inRegion(scope: Construct, id: string, region: string): Stack {
  return stackIn(scope, id, { env: { account: '111122223333', region }, crossRegionReferences: true });
}

/** Creates stacks with a reference across regions, for which CDK creates a function in each during synthesis. */
function crossRegionStacks(scope: Construct): { producer: Stack; consumer: Stack } {
  const producer = inRegion(scope, 'Producer', 'us-east-1');
  const consumer = inRegion(scope, 'Consumer', 'eu-west-1');
  new CfnOutput(consumer, 'Name', { value: new Bucket(producer, 'Bucket').bucketName });
  return { producer, consumer };
}

/** Adds text that contains a list, for which CDK creates a function during synthesis. */
function listInText(stack: Stack): void {
  const zone = new CfnResource(stack, 'Zone', { type: 'AWS::Route53::HostedZone' });
  const servers = Token.asList(zone.getAtt('NameServers', ResolutionTypeHint.STRING_LIST));
  new CfnOutput(stack, 'Servers', { value: stack.toJsonString({ servers }) });
}

describe('functions that CDK creates during synthesis', () => {
  test.each<[string, (root: App) => Construct]>([
    ['an app', (root) => root],
    ['a stage', (root) => new Stage(root, 'Prod')],
  ])('for references across regions are traced in %s', (_, scopeOf) => {
    const root = app();
    const { producer, consumer } = crossRegionStacks(scopeOf(root));
    lambda(consumer);
    LambdaTracing.of(root).active();
    root.synth();
    expect(modes(producer)).toEqual({ CustomCrossRegionExportWriter: 'Active' });
    expect(modes(consumer)).toEqual({ Fn: 'Active', CustomCrossRegionExportReader: 'Active' });
    Template.fromStack(producer).hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.arrayWith([
        {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AWSXRayDaemonWriteAccess']],
        },
      ]),
    });
  });

  test('for lists in text are traced', () => {
    const root = app();
    const stack = stackIn(root);
    listInText(stack);
    LambdaTracing.of(stack).active();
    root.synth();
    expect(modes(stack)).toEqual({ AWSCDKCfnUtilsProvider: 'Active' });
  });

  test('follow the scope that is closest to them, and its exclusions', () => {
    const root = app();
    const { producer, consumer } = crossRegionStacks(root);
    LambdaTracing.of(root).active({ excludePaths: ['Consumer/**'] });
    LambdaTracing.of(producer).passThrough();
    root.synth();
    expect(modes(producer)).toEqual({ CustomCrossRegionExportWriter: 'PassThrough' });
    expect(modes(consumer)).toEqual({ CustomCrossRegionExportReader: undefined });
  });

  test('are Active when the pack checks them', () => {
    const root = app();
    const { consumer } = crossRegionStacks(root);
    listInText(consumer);
    LambdaTracing.of(root).active();
    Validations.of(root).addPlugins(
      new LambdaXRayChecks(root, { severities: { ActiveTracing: RuleSeverity.ERROR } }),
    );
    const { passes, output } = synthesize(root);
    expect(output).not.toContain('ActiveTracing');
    expect(passes).toBe(true);
  });

  test('keep their mode when the app is synthesized again', () => {
    const root = app();
    const { producer } = crossRegionStacks(root);
    LambdaTracing.of(root).active();
    const [first, second] = [root.synth(), root.synth({ force: true })].map(
      (assembly) => assembly.getStackArtifact(producer.artifactId).template as object,
    );
    expect(modes(producer)).toEqual({ CustomCrossRegionExportWriter: 'Active' });
    expect(second).toEqual(first);
  });
});
