import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnEventSourceMapping, type CfnFunction, Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { activeLambda, app, CLUSTER_ARN, lambda, stackIn } from '../apps/app';
import { modes, role } from './traced-stacks';

const WITHOUT_CHANGE = 'cdk-lambda-xray:versionWithoutChange';
const NOT_TIED = 'cdk-lambda-xray:versionNotTied';

describe('passThrough() on a published function without a mode', () => {
  const notes = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findInfo('*', Match.stringLikeRegexp(WITHOUT_CHANGE))
      .map(({ entry }) => entry.data);
  const NOTE = (version: string): unknown =>
    expect.stringMatching(
      new RegExp(`^'Stack/Fn' keeps Lambda's default tracing mode.*make '${version}' publish a new version`),
    );
  const sam = (stack: Stack, properties: Record<string, unknown>) => {
    const fn = new CfnServerlessFunction(stack, 'Fn', { inlineCode: 'x', handler: 'x', runtime: 'x' });
    for (const [name, value] of Object.entries(properties)) fn.addPropertyOverride(name, value);
    return fn;
  };

  test.each<[string, boolean, (stack: Stack) => unknown, string]>([
    ['currentVersion', false, (stack) => lambda(stack).currentVersion, 'Stack/Fn/CurrentVersion'],
    ['an alias', false, (stack) => lambda(stack).addAlias('live'), 'Stack/Fn/CurrentVersion'],
    [
      'a tied version',
      true,
      (stack) => new Version(stack, 'Version', { lambda: lambda(stack) }),
      'Stack/Version/Resource',
    ],
    [
      'SAM and all properties',
      false,
      (stack) => sam(stack, { AutoPublishAlias: 'live', AutoPublishAliasAllProperties: true }),
      'Stack/Fn',
    ],
    ['SAM, tied', true, (stack) => sam(stack, { AutoPublishAlias: 'live' }), 'Stack/Fn'],
  ])('changes nothing, with a note: %s', (_, tieVersions, build, version) => {
    const make = (isOff: boolean) => {
      const stack = stackIn(app());
      build(stack);
      if (isOff) LambdaTracing.of(stack).passThrough({ tieVersions });
      return stack;
    };
    const off = make(true);
    expect(Template.fromStack(off).toJSON()).toEqual(Template.fromStack(make(false)).toJSON());
    expect(notes(off)).toEqual([NOTE(version)]);
  });

  test.each<[string, (stack: Stack) => unknown, string]>([
    [
      'a version with a long description',
      (stack) => new Version(stack, 'Version', { lambda: lambda(stack), description: 'x'.repeat(250) }),
      'Stack/Version',
    ],
    [
      'SAM with a long description',
      (stack) =>
        sam(stack, {
          AutoPublishAlias: 'live',
          AutoPublishCodeSha256: 'a',
          VersionDescription: 'x'.repeat(250),
        }),
      'Stack/Fn',
    ],
    [
      'SAM without all properties',
      (stack) => sam(stack, { AutoPublishAlias: 'live', AutoPublishAliasAllProperties: false }),
      'Stack/Fn',
    ],
  ])('writes the mode if the mode publishes no version, with one warning: %s', (_, build, path) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).passThrough({ tieVersions: true });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(
      Annotations.fromStack(stack).findWarning(`/${path}`, Match.stringLikeRegexp(NOT_TIED)),
    ).toHaveLength(1);
    expect(notes(stack)).toEqual([]);
  });

  test('changes nothing if one of two versions can be tied, with a message on each', () => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    new Version(stack, 'Long', { lambda: fn, description: 'x'.repeat(250) });
    new Version(stack, 'Version', { lambda: fn });
    LambdaTracing.of(stack).passThrough({ tieVersions: true });
    expect(modes(stack)).toEqual({ Fn: 'unset' });
    expect(notes(stack)).toEqual([NOTE('Stack/Version/Resource')]);
    expect(
      Annotations.fromStack(stack).findWarning('/Stack/Long', Match.stringLikeRegexp(NOT_TIED)),
    ).toHaveLength(1);
  });

  test('has no note if it is acknowledged', () => {
    const stack = stackIn(app());
    void lambda(stack).currentVersion;
    Validations.of(stack).acknowledge({ id: WITHOUT_CHANGE, reason: 'The default is intended.' });
    LambdaTracing.of(stack).passThrough();
    expect(notes(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    [
      'a version that does not depend on the mode',
      (stack) => new Version(stack, 'V', { lambda: lambda(stack) }),
    ],
    [
      'an alias of such a version',
      (stack) =>
        new Alias(stack, 'Live', {
          aliasName: 'live',
          version: new Version(stack, 'V', { lambda: lambda(stack) }),
        }),
    ],
    ['SAM and its code', (stack) => sam(stack, { AutoPublishAlias: 'live' })],
    [
      'SAM and the hash of its code',
      (stack) =>
        sam(stack, {
          AutoPublishAlias: 'live',
          AutoPublishAliasAllProperties: true,
          AutoPublishCodeSha256: 'a',
        }),
    ],
  ])('sets the mode: %s', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).passThrough();
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(notes(stack)).toEqual([]);
  });

  test('with overwrite sets the mode of a function that is Active, which is a change', () => {
    const stack = stackIn(app());
    activeLambda(stack).addAlias('live');
    LambdaTracing.of(stack).passThrough({ overwrite: true });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(notes(stack)).toEqual([]);
  });

  test('tieVersions leaves the versions of a function alone that active() does not change, with a note', () => {
    const stack = stackIn(app());
    const fn = lambda(stack, 'Fn', { role: role(stack).withoutPolicyUpdates() });
    new Version(stack, 'Version', { lambda: fn, description: 'Release 7' });
    LambdaTracing.of(stack).active({ tieVersions: true });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Version', { Description: 'Release 7' });
    expect(notes(stack)).toEqual([NOTE('Stack/Version/Resource')]);
  });
});

describe('compared with the previous templates, LambdaTracing publishes no version without a change', () => {
  const literalRole = (stack: Stack) =>
    Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/orders', { mutable: false });
  const APPS: [string, (stack: Stack) => unknown][] = [
    ['currentVersion', (stack) => lambda(stack).currentVersion],
    ['a version of its own', (stack) => new Version(stack, 'V', { lambda: lambda(stack) })],
    [
      'an event source that X-Ray does not support',
      (stack) => {
        const fn = lambda(stack);
        fn.addAlias('live');
        new CfnEventSourceMapping(stack, 'Kafka', {
          functionName: fn.functionName,
          eventSourceArn: CLUSTER_ARN,
        });
      },
    ],
    ['a role that is not known', (stack) => lambda(stack, 'Fn', { role: literalRole(stack) }).currentVersion],
    [
      'SAM and all properties',
      (stack) =>
        new CfnServerlessFunction(stack, 'Fn', {
          inlineCode: 'x',
          handler: 'x',
          runtime: 'nodejs22.x',
          autoPublishAlias: 'live',
        }).addPropertyOverride('AutoPublishAliasAllProperties', true),
    ],
  ];
  const CALLS: [string, (root: App) => unknown][] = [
    ['passThrough()', (root) => LambdaTracing.of(root).passThrough()],
    ['passThrough(), tying versions', (root) => LambdaTracing.of(root).passThrough({ tieVersions: true })],
    ['active()', (root) => LambdaTracing.of(root).active()],
    ['active(), tying versions', (root) => LambdaTracing.of(root).active({ tieVersions: true })],
  ];

  describe.each(CALLS)('%s', (_, trace) => {
    test.each(APPS)('%s', (_name, build) => {
      const make = () => {
        const root = app();
        build(stackIn(root));
        return root;
      };
      const before = make().synth().directory;
      const root = make();
      trace(root);
      const rules = new LambdaXRayChecks(root, { baseline: before })
        .validateScope(root)
        .violations.map(({ ruleName }) => ruleName);
      expect(rules).not.toContain('LambdaXRay-UnchangedVersion');
      expect(rules).not.toContain('LambdaXRay-UnsupportedEventSource');
    });
  });

  test('the rule reports an explicit PassThrough', () => {
    const make = (tracing?: Tracing) => {
      const root = app();
      const fn = lambda(stackIn(root));
      if (tracing) (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: tracing };
      void fn.currentVersion;
      return root;
    };
    const root = make(Tracing.PASS_THROUGH);
    const { violations } = new LambdaXRayChecks(root, { baseline: make().synth().directory }).validateScope(
      root,
    );
    expect(violations.map(({ ruleName }) => ruleName)).toContain('LambdaXRay-UnchangedVersion');
  });
});
