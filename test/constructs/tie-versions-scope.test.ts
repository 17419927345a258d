import { type Stack, Stage, Validations } from 'aws-cdk-lib';
import { Distribution, experimental, LambdaEdgeEventType } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { SingletonFunction, Version } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { ACTIVE, descriptions, NOT_TIED, version, warnings } from './tied-versions';

describe('selects functions', () => {
  test('ties a singleton, except its current version', () => {
    const stack = stackIn(app());
    const singleton = new SingletonFunction(stack, 'Singleton', { ...CODE, uuid: 'ab' });
    void singleton.currentVersion;
    new Version(stack, 'Version', { lambda: singleton });
    LambdaTracing.of(singleton).active({ tieVersions: true });
    expect(descriptions(stack)).toEqual([undefined, ACTIVE]);
  });

  test('skips Lambda@Edge functions', () => {
    const env = { account: '111122223333', region: 'us-east-1' };
    const stack = stackIn(app(), 'Stack', { env });
    const edge = new experimental.EdgeFunction(stack, 'Edge', CODE);
    const associated = version(lambda(stack));
    new Distribution(stack, 'Site', {
      defaultBehavior: {
        origin: new HttpOrigin('example.com'),
        edgeLambdas: [
          { functionVersion: edge.currentVersion, eventType: LambdaEdgeEventType.VIEWER_REQUEST },
          { functionVersion: associated, eventType: LambdaEdgeEventType.VIEWER_RESPONSE },
        ],
      },
    });
    lambda(stack, 'Plain');
    LambdaTracing.of(stack).active({ tieVersions: true });
    expect(descriptions(stack)).toEqual([undefined, undefined]);
  });

  test('skips excluded functions', () => {
    const stack = stackIn(app());
    version(lambda(stack));
    LambdaTracing.of(stack).active({ tieVersions: true, exclude: [stack.node.findChild('Fn')] });
    expect(descriptions(stack)).toEqual([undefined]);
  });

  test('skips functions of another scope whose versions are in this scope', () => {
    const root = app();
    const [here, there] = [stackIn(root, 'Here'), stackIn(root, 'There')];
    version(lambda(there), undefined, here);
    lambda(here);
    LambdaTracing.of(here).active({ tieVersions: true });
    root.synth();
    expect(descriptions(here)).toEqual([undefined]);
  });

  test.each([true, false])('applies the call on the closest scope (%s)', (inner) => {
    const root = app();
    const stack = stackIn(root);
    version(lambda(stack));
    LambdaTracing.of(stack).active({ tieVersions: inner });
    LambdaTracing.of(root).active({ tieVersions: !inner });
    expect(descriptions(stack)).toEqual([inner ? ACTIVE : undefined]);
  });

  test.each<[string, (root: IConstruct, build: (scope: IConstruct) => void) => void]>([
    ['TracedFunction', (root, build) => build(new Stage(root, 'Prod'))],
    [
      'LambdaTracing, before the stage',
      (root, build) => {
        LambdaTracing.of(root).active({ tieVersions: true });
        build(new Stage(root, 'Prod'));
      },
    ],
    [
      'LambdaTracing, after the stage',
      (root, build) => {
        build(new Stage(root, 'Prod'));
        LambdaTracing.of(root).active({ tieVersions: true });
      },
    ],
  ])('ties functions in a stage: %s', (name, trace) => {
    const root = app();
    trace(root, (scope) => {
      const fn =
        name === 'TracedFunction'
          ? new TracedFunction(stackIn(scope), 'Fn', { ...CODE, tieVersions: true })
          : lambda(stackIn(scope));
      version(fn, undefined, stackIn(scope, 'Other'));
    });
    root.synth();
    expect(descriptions(root.node.findChild('Prod').node.findChild('Other') as Stack)).toEqual([ACTIVE]);
  });

  test('lets users acknowledge a warning', () => {
    const stack = stackIn(app());
    const long = version(new TracedFunction(stack, 'Fn', { ...CODE, tieVersions: true }), 'x'.repeat(256));
    Validations.of(long).acknowledge({ id: NOT_TIED, reason: 'Known.' });
    expect(descriptions(stack)).toEqual(['x'.repeat(256)]);
    expect(warnings(stack)).toEqual([]);
  });
});
