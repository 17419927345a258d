import {
  App,
  Aspects,
  Aws,
  CfnCondition,
  CfnParameter,
  CfnResource,
  Fn,
  Lazy,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  CfnRole,
  LazyRole,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, CfnFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConstruct } from 'constructs';
import { LambdaTracing, TracedFunction, TracedNodejsFunction, TracingPermissions } from '../../lib';
import { app, CLUSTER_ARN, CODE, lambda, stackIn } from '../apps/app';
import { make } from '../apps/default-entry/maker';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const L1_CODE = { code: { zipFile: 'x' }, handler: 'index.handler', runtime: 'nodejs22.x' };

function only(template: Template, type: string): Record<string, unknown> {
  const [resource] = Object.values(template.findResources(type)) as { Properties: Record<string, unknown> }[];
  return resource.Properties;
}

function included(stack: Stack, template: object): CfnInclude {
  const file = join(mkdtempSync(join(tmpdir(), 'include-')), 'template.json');
  writeFileSync(file, JSON.stringify(template));
  return new CfnInclude(stack, 'Included', { templateFile: file });
}

describe('a mode that depends on a condition is set, and stands', () => {
  const CONDITIONAL = { 'Fn::If': ['C', { Mode: 'PassThrough' }, { Mode: 'Active' }] };
  const FUNCTIONS: [string, (stack: Stack) => unknown][] = [
    [
      'in an L1',
      (stack) =>
        new CfnFunction(stack, 'Fn', {
          ...L1_CODE,
          role: 'arn:aws:iam::111122223333:role/r',
          tracingConfig: Fn.conditionIf('C', { Mode: 'PassThrough' }, { Mode: 'Active' }),
        }),
    ],
    [
      'in a bare resource',
      (stack) =>
        new CfnResource(stack, 'Fn', {
          type: 'AWS::Lambda::Function',
          properties: { TracingConfig: CONDITIONAL },
        }),
    ],
    [
      'by a raw override',
      (stack) =>
        (lambda(stack).node.defaultChild as CfnFunction).addPropertyOverride('TracingConfig', CONDITIONAL),
    ],
    [
      'in an include',
      (stack) =>
        included(stack, {
          Conditions: { C: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
          Resources: {
            Fn: {
              Type: 'AWS::Lambda::Function',
              Properties: { Code: { ZipFile: 'x' }, Role: 'r', TracingConfig: CONDITIONAL },
            },
          },
        }),
    ],
  ];
  const build = (make: (stack: Stack) => unknown, override: boolean) => {
    const stack = stackIn(app());
    new CfnCondition(stack, 'C', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    make(stack);
    LambdaTracing.of(stack).active({ override });
    return only(Template.fromStack(stack), 'AWS::Lambda::Function').TracingConfig;
  };

  test.each(FUNCTIONS.slice(0, 3))('%s', (_, make) => {
    expect(build(make, false)).toEqual(CONDITIONAL);
    expect(build(make, true)).toEqual({ Mode: 'Active' });
  });

  test('in an include', () => {
    const stack = stackIn(app());
    FUNCTIONS[3][1](stack);
    LambdaTracing.of(stack).active();
    expect(only(Template.fromStack(stack), 'AWS::Lambda::Function').TracingConfig).toEqual(CONDITIONAL);
  });
});

test('a mode in the globals of an included SAM template is set, and stands', () => {
  const stack = stackIn(app());
  included(stack, {
    Transform: 'AWS::Serverless-2016-10-31',
    Globals: { Function: { Tracing: 'PassThrough' } },
    Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties: { Handler: 'x' } } },
  });
  LambdaTracing.of(stack).active();
  expect(only(Template.fromStack(stack), 'AWS::Serverless::Function')).toEqual({ Handler: 'x' });
});

describe('the policies of an L1 role', () => {
  const traced = (
    props: Partial<ConstructorParameters<typeof CfnRole>[2]>,
    permissions?: TracingPermissions,
  ) => {
    const stack = stackIn(app());
    new CfnParameter(stack, 'Arns', { type: 'CommaDelimitedList' });
    const role = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, ...props });
    new CfnFunction(stack, 'Fn', { ...L1_CODE, role: role.attrArn });
    LambdaTracing.of(stack).active({ tracingPermissions: permissions });
    return { template: Template.fromStack(stack), stack };
  };

  test('that only deployment tells are kept, and the statement is added', () => {
    const { template } = traced({ managedPolicyArns: Fn.split(',', Fn.importValue('Arns')) });
    expect(only(template, 'AWS::IAM::Role')).toMatchObject({
      ManagedPolicyArns: { 'Fn::Split': [',', { 'Fn::ImportValue': 'Arns' }] },
      Policies: [{ PolicyName: 'WriteToXRay' }],
    });
  });

  test('that only deployment tells, of both kinds, are kept, with a warning', () => {
    const policies = Fn.conditionIf('C', [], Aws.NO_VALUE);
    const { template, stack } = traced({
      managedPolicyArns: Fn.split(',', Fn.importValue('Arns')),
      policies,
    });
    expect(only(template, 'AWS::IAM::Role').Policies).toEqual({
      'Fn::If': ['C', [], { Ref: 'AWS::NoValue' }],
    });
    Annotations.fromStack(stack).hasWarning('/Stack/Fn', Match.stringLikeRegexp('AWSXRayDaemonWriteAccess'));
  });

  test.each([undefined, TracingPermissions.LEAST_PRIVILEGE])(
    'in another stack are still imported (%s)',
    (permissions) => {
      const root = app();
      const shared = stackIn(root, 'Shared');
      const policy = new ManagedPolicy(shared, 'Policy', {
        statements: [new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })],
      });
      const stack = stackIn(root);
      const role = new CfnRole(stack, 'Role', {
        assumeRolePolicyDocument: {},
        managedPolicyArns: [policy.managedPolicyArn],
      });
      new CfnFunction(stack, 'Fn', { ...L1_CODE, role: role.attrArn });
      LambdaTracing.of(root).active({ tracingPermissions: permissions });
      root.synth();
      expect(JSON.stringify(only(Template.fromStack(stack), 'AWS::IAM::Role'))).toMatch(
        /"ManagedPolicyArns":\[\{"Fn::(ImportValue|GetStackOutput)"/,
      );
    },
  );

  test('can be added to afterwards', () => {
    const stack = stackIn(app());
    const role = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
    new CfnFunction(stack, 'Fn', { ...L1_CODE, role: role.attrArn }).with(new LambdaTracing());
    role.managedPolicyArns = [...(role.managedPolicyArns ?? []), 'arn:aws:iam::aws:policy/Other'];
    const { ManagedPolicyArns: arns } = only(Template.fromStack(stack), 'AWS::IAM::Role');
    expect(arns).toHaveLength(2);
  });

  test('by Fn::Sub, and either of two by Fn::If', () => {
    const stack = stackIn(app());
    for (const id of ['A', 'B']) new CfnRole(stack, id, { assumeRolePolicyDocument: {} });
    const fn = (id: string, role: object) =>
      new CfnResource(stack, id, { type: 'AWS::Lambda::Function', properties: { Role: role } });
    fn('Sub', { 'Fn::Sub': '${A.Arn}' });
    fn('If', { 'Fn::If': ['C', { 'Fn::GetAtt': ['A', 'Arn'] }, { 'Fn::GetAtt': ['B', 'Arn'] }] });
    LambdaTracing.of(stack).active();
    for (const role of Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))) {
      expect(JSON.stringify(role).split('AWSXRayDaemonWriteAccess')).toHaveLength(2);
    }
  });
});

test('a role that replaces the one of an L2 is the one that gets the policy', () => {
  const stack = stackIn(app());
  const fn = lambda(stack);
  const other = new Role(stack, 'Other', { assumedBy: LAMBDA });
  (fn.node.defaultChild as CfnFunction).role = other.roleArn;
  LambdaTracing.of(stack).active();
  const roles = Template.fromStack(stack).findResources('AWS::IAM::Role');
  const granted = Object.entries(roles).filter(([, role]) => JSON.stringify(role).includes('XRayDaemon'));
  expect(granted.map(([id]) => id)).toEqual([expect.stringMatching(/^Other/)]);
});

test.each([
  [9, 10],
  [10, 10],
])('a lazy role with %s managed policies ends with %s', (before, after) => {
  const stack = stackIn(app());
  const managedPolicies = Array.from({ length: before }, (_, i) =>
    ManagedPolicy.fromAwsManagedPolicyName(`P${i}`),
  );
  const role = new LazyRole(stack, 'Role', { assumedBy: LAMBDA, managedPolicies });
  new TracedFunction(stack, 'Fn', { ...CODE, role });
  expect(only(Template.fromStack(stack), 'AWS::IAM::Role').ManagedPolicyArns).toHaveLength(after);
});

describe('lazy values are asked for when the template is written', () => {
  const ways: [string, (stack: Stack) => TracedFunction | void][] = [
    ['TracedFunction', () => undefined],
    ['the mixin', (stack) => void lambda(stack, 'Other').with(new LambdaTracing())],
  ];

  test.each(ways)('with %s', (_, use) => {
    const stack = stackIn(app());
    let value = 'early';
    const late = Lazy.string({ produce: () => value });
    new TracedFunction(stack, 'Fn', { ...CODE, environment: { VALUE: late } });
    new CfnEventSourceMapping(stack, 'Mapping', { functionName: late, eventSourceArn: late });
    use(stack);
    value = 'late';
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { VALUE: 'late' } },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: 'late',
      EventSourceArn: 'late',
    });
  });

  test('one that is not ready yet harms nothing', () => {
    const stack = stackIn(app());
    let ready = false;
    const late = Lazy.string({
      produce: () => {
        if (!ready) throw new Error('Not ready.');
        return 'ready';
      },
    });
    new TracedFunction(stack, 'Fn', { ...CODE, environment: { VALUE: late } });
    new CfnEventSourceMapping(stack, 'Mapping', { functionName: late });
    lambda(stack, 'Other').with(new LambdaTracing());
    ready = true;
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('statements can still be added to', () => {
    const stack = stackIn(app());
    const statement = new PolicyStatement({ actions: ['s3:GetObject'] });
    const role = new Role(stack, 'Role', { assumedBy: LAMBDA });
    role.addToPolicy(statement);
    new TracedFunction(stack, 'Fn', { ...CODE, role }).with(new LambdaTracing({ override: true }));
    expect(() => statement.addResources('*')).not.toThrow();
  });
});

describe('the entry of a TracedNodejsFunction', () => {
  const unbundled = () => new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack');

  test('is by default the file beside the one that makes it', () => {
    expect(make(unbundled(), 'intake')).toBeInstanceOf(TracedNodejsFunction);
  });

  test('that is missing is said in the words of CDK', () => {
    expect(() => make(unbundled(), 'gone')).toThrow(/Cannot find handler file/);
  });
});

describe('scopes within scopes', () => {
  const mode = (apply: (root: App, stack: Stack) => void) => {
    const root = app();
    const stack = stackIn(root);
    lambda(stack);
    apply(root, stack);
    return Template.fromStack(stack);
  };
  const tracing = (template: Template) => only(template, 'AWS::Lambda::Function').TracingConfig;

  test('the closest decides, whichever was called first', () => {
    const inner = (_: App, stack: Stack) => LambdaTracing.of(stack).passThrough();
    const outer = (root: App) => LambdaTracing.of(root).active();
    expect(tracing(mode((root, stack) => (inner(root, stack), outer(root))))).toEqual({
      Mode: 'PassThrough',
    });
    expect(tracing(mode((root, stack) => (outer(root), inner(root, stack))))).toEqual({
      Mode: 'PassThrough',
    });
  });

  test('the last call on one scope decides', () => {
    const template = mode((root) => {
      LambdaTracing.of(root).active();
      LambdaTracing.of(root).passThrough();
    });
    expect(tracing(template)).toEqual({ Mode: 'PassThrough' });
  });

  test('what the closest leaves out, the one around it covers', () => {
    const template = mode((root, stack) => {
      LambdaTracing.of(root).active();
      LambdaTracing.of(stack).passThrough({ exclude: [stack.node.findChild('Fn')] });
    });
    expect(tracing(template)).toEqual({ Mode: 'Active' });
  });

  test('a role is given the permissions that the closest asks for, and no others', () => {
    const template = mode((root, stack) => {
      LambdaTracing.of(root).active();
      LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.LEAST_PRIVILEGE });
    });
    expect(JSON.stringify(only(template, 'AWS::IAM::Role'))).not.toContain('XRayDaemon');
    template.resourceCountIs('AWS::IAM::Policy', 1);
  });
});

describe('stages', () => {
  test('that are synthesized by themselves, as a pipeline does', () => {
    const root = app();
    LambdaTracing.of(root).active();
    const stage = new Stage(root, 'Prod');
    const stack = stackIn(stage);
    lambda(stack);
    stage.synth();
    expect(only(Template.fromStack(stack), 'AWS::Lambda::Function').TracingConfig).toEqual({
      Mode: 'Active',
    });
    expect(() => root.synth()).not.toThrow();
  });

  test('that are synthesized already are named', () => {
    const root = app();
    const stage = new Stage(root, 'Prod');
    lambda(stackIn(stage));
    stage.synth();
    expect(() => LambdaTracing.of(root).active()).toThrow(
      /LambdaTracing\.of\(app\): the stage 'Prod' is synthesized already.*before that/,
    );
  });
});

describe('a name that is written out', () => {
  const kafka = (stack: Stack, functionName: string) =>
    new CfnEventSourceMapping(stack, 'Kafka', { functionName, eventSourceArn: CLUSTER_ARN });
  const env = (region: string) => ({ env: { account: '111122223333', region } });

  test.each(['orders', 'arn:aws:lambda:eu-west-1:111122223333:function:orders'])(
    'means no function of another region: %s',
    (name) => {
      const root = app();
      const here = stackIn(root, 'Here', env('us-east-1'));
      new TracedFunction(here, 'Fn', { ...CODE, functionName: 'orders' });
      kafka(stackIn(root, 'There', env('eu-west-1')), name);
      expect(() => root.synth()).not.toThrow();
    },
  );

  test('means the function of its own region among several', () => {
    const root = app();
    for (const region of ['eu-west-1', 'us-east-1']) {
      lambda(stackIn(root, `Fn-${region}`, env(region)), 'Fn', { functionName: 'orders' });
    }
    kafka(stackIn(root, 'Events', env('eu-west-1')), 'orders');
    LambdaTracing.of(root).active();
    const mode = (id: string) =>
      only(Template.fromStack(root.node.findChild(id) as Stack), 'AWS::Lambda::Function').TracingConfig;
    expect([mode('Fn-eu-west-1'), mode('Fn-us-east-1')]).toEqual([
      { Mode: 'PassThrough' },
      { Mode: 'Active' },
    ]);
  });

  test('of an imported function is followed', () => {
    const root = app();
    const fn = new TracedFunction(stackIn(root, 'Functions'), 'Fn', { ...CODE, functionName: 'orders' });
    const events = stackIn(root, 'Events');
    const { functionName } = TracedFunction.fromFunctionName(events, 'Imported', 'orders');
    kafka(events, functionName);
    expect(() => root.synth()).toThrow(`'${fn.node.path}' has active tracing`);
  });

  test('that is the export of another stack is followed', () => {
    const root = app();
    const functions = stackIn(root, 'Functions');
    const fn = new TracedFunction(functions, 'Fn', CODE);
    functions.exportValue(fn.functionName, { name: 'Orders' });
    kafka(stackIn(root, 'Events'), Fn.importValue('Orders'));
    expect(() => root.synth()).toThrow(/'Functions\/Fn' has active tracing/);
  });
});

describe('options', () => {
  test.each<[string, object, RegExp]>([
    [
      'a priority that is none',
      { priority: NaN },
      /^LambdaTracing\.of\('Stack'\): priority must be a whole number/,
    ],
    ['a priority that is a token', { priority: Lazy.number({ produce: () => 1 }) }, /priority must be/],
    ['a path that is a token', { excludePaths: [Aws.REGION] }, /excludePaths must be known at synthesis/],
    ['a path that is no list', { excludePaths: 'Stack/Fn' }, /excludePaths must be a list/],
    ['a construct that is no list', { exclude: new App() }, /exclude must be a list/],
  ])('%s', (_, options, message) => {
    const stack = stackIn(app());
    lambda(stack);
    expect(() => LambdaTracing.of(stack).active(options)).toThrow(message);
  });
});

test('aspects of users see the same constructs as before', () => {
  const paths = (trace: boolean) => {
    const stack = stackIn(app());
    lambda(stack);
    if (trace) LambdaTracing.of(stack).active();
    const seen: string[] = [];
    Aspects.of(stack).add({ visit: (node: IConstruct) => void seen.push(node.node.path) });
    Template.fromStack(stack);
    return seen;
  };
  expect(paths(true)).toEqual(paths(false));
});

test('a policy document of an L1 role is left as it is', () => {
  const stack = stackIn(app());
  const policyDocument = new PolicyDocument({
    statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })],
  });
  const role = new CfnRole(stack, 'Role', {
    assumeRolePolicyDocument: {},
    policies: [{ policyName: 'Read', policyDocument }],
  });
  new CfnFunction(stack, 'Fn', { ...L1_CODE, role: role.attrArn, tracingConfig: { mode: Tracing.ACTIVE } });
  LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.LEAST_PRIVILEGE });
  expect(only(Template.fromStack(stack), 'AWS::IAM::Role').Policies).toMatchObject([
    { PolicyName: 'Read' },
    { PolicyName: 'WriteToXRay' },
  ]);
});
