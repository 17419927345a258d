import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, type Resources, stack, stacks } from '../rules/templates';

const BOTH = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
const XRAY = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const NOTHING = { Ref: 'AWS::NoValue' };
const MISSING = ['missing'];
const UNKNOWN = ['unknown'];
const GRANTED = ['granted'];

type Templates = readonly (TemplateSource | Resources)[];

/** Returns the permission of the first function in each case that the conditions make. */
function statesOf(...templates: Templates): string[] {
  const [fn] = buildTracingModel(stacks(templates)).functions;
  return fn.writePermissions.map(({ value }) => value.state);
}

function allow(Action: unknown, more: object = {}) {
  return { Effect: 'Allow', Action, Resource: '*', ...more };
}

const WRITES = { Statement: [allow(BOTH)] };

function role(properties: object) {
  return { Type: 'AWS::IAM::Role', Properties: properties };
}

/** A function with a role of these properties, and other resources. */
function withRole(properties: object, more: Resources = {}): Resources {
  return {
    Fn: lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: role(properties),
    ...more,
  };
}

function inline(...statements: unknown[]): Resources {
  return withRole({ Policies: [{ PolicyName: 'P', PolicyDocument: { Statement: statements } }] });
}

function managed(...arns: unknown[]): Resources {
  return withRole({ ManagedPolicyArns: arns });
}

function policy(type: string, properties: object) {
  return { Type: `AWS::IAM::${type}`, Properties: { PolicyDocument: WRITES, ...properties } };
}

const OWN = policy('ManagedPolicy', { ManagedPolicyName: 'own' });

const IF = (condition: string, then: unknown, otherwise: unknown = NOTHING) => ({
  'Fn::If': [condition, then, otherwise],
});

/** Adds the conditions C0, C1 and so on, each known only at deployment. */
function conditional(resources: Resources, count = 1): TemplateSource {
  const names = [...Array(count).keys()];
  return stack('t', resources, {
    sections: {
      Conditions: Object.fromEntries(
        names.map((i) => [`C${i}`, { 'Fn::Equals': [{ Ref: `P${i}` }, 'yes'] }]),
      ),
    },
  });
}

describe('a statement', () => {
  test.each<[string, unknown, string[]]>([
    ['that allows both', allow(BOTH), GRANTED],
    ['that is unreadable', { Ref: 'Statement' }, UNKNOWN],
    ['that is malformed', 'Allow', UNKNOWN],
    ['whose effect is unreadable', allow(BOTH, { Effect: { Ref: 'Effect' } }), UNKNOWN],
    ['whose effect is misspelt', allow(BOTH, { Effect: 'allow' }), MISSING],
    ['without an action', { Effect: 'Allow', Resource: '*' }, MISSING],
    ['without a resource', { Effect: 'Allow', Action: BOTH }, MISSING],
    ['under a condition', allow(BOTH, { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), UNKNOWN],
    ['under an empty condition, which always holds', allow(BOTH, { Condition: {} }), GRANTED],
    ['on other actions under a condition', allow('s3:*', { Condition: { Bool: {} } }), MISSING],
    ['on an action by a parameter', allow({ Ref: 'Action' }), UNKNOWN],
    ['on an action that ends in one', allow([{ 'Fn::Sub': 'XRay:Put${What}' }]), UNKNOWN],
    ['on an action of another service that does', allow([{ 'Fn::Sub': 's3:Put${What}' }]), MISSING],
    ['on the beginning of both', allow('xray:Put'), MISSING],
    ['on one of both', allow(BOTH[1]), MISSING],
    ['on one of both, and maybe the other', allow([BOTH[0], { Ref: 'Action' }]), UNKNOWN],
    [
      'on all but an action by a parameter',
      { Effect: 'Allow', NotAction: { Ref: 'A' }, Resource: '*' },
      UNKNOWN,
    ],
    ['on all but another', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }, GRANTED],
    ['on a resource by a parameter', allow(BOTH, { Resource: { Ref: 'Resource' } }), UNKNOWN],
    ['on a resource by its name', allow(BOTH, { Resource: { 'Fn::Sub': 'arn:aws:s3:::${B}' } }), MISSING],
  ])('%s', (_, statement, expected) => {
    expect(statesOf(inline(statement))).toEqual(expected);
  });

  test.each<[string, unknown, string[]]>([
    ['with an action that a condition adds', allow([IF('C0', 'xray:*')]), ['granted', 'missing']],
    [
      'whose effect is conditional',
      allow(BOTH, { Effect: IF('C0', 'Allow', 'Deny') }),
      ['granted', 'missing'],
    ],
    ['whose actions are conditional', allow(IF('C0', ['xray:*'], ['s3:*'])), ['granted', 'missing']],
    [
      'whose excluded actions are conditional',
      { Effect: 'Allow', NotAction: IF('C0', 'xray:*', 's3:*'), Resource: '*' },
      ['missing', 'granted'],
    ],
    [
      'whose kind of element is conditional',
      { Effect: 'Allow', Action: IF('C0', BOTH), NotAction: IF('C0', NOTHING, BOTH), Resource: '*' },
      ['granted', 'missing'],
    ],
    [
      'whose resource is conditional',
      allow(BOTH, { Resource: IF('C0', '*', 'arn:aws:s3:::b') }),
      ['granted', 'missing'],
    ],
    [
      'whose condition is conditional',
      allow(BOTH, { Condition: IF('C0', { Bool: { 'aws:SecureTransport': 'true' } }) }),
      ['unknown', 'granted'],
    ],
    [
      'with a conditional resource that does not matter',
      allow(BOTH, { Resource: ['*', IF('C0', 'a')] }),
      GRANTED,
    ],
    ['whose conditional actions are alike', allow(IF('C0', BOTH, ['xray:Put*'])), GRANTED],
    ['that a condition adds', IF('C0', allow(BOTH)), ['granted', 'missing']],
    ['that a condition removes', IF('C0', NOTHING, allow(BOTH)), ['missing', 'granted']],
    ['that exists in both cases', IF('C0', allow(BOTH), allow('*')), ['granted', 'granted']],
  ])('%s', (_, statement, expected) => {
    expect(statesOf(conditional(inline(statement)))).toEqual(expected);
  });
});

describe('a parameter in a statement', () => {
  const withDefault = (statement: object, declaration: object = {}) =>
    stack('t', inline(statement), {
      sections: { Parameters: { P: { Type: 'CommaDelimitedList', ...declaration } } },
    });
  const P = { Ref: 'P' };

  test.each<[string, TemplateSource, string[]]>([
    ['without a default', withDefault(allow(P)), UNKNOWN],
    ['whose default allows both', withDefault(allow(P), { Default: 'xray:*, s3:*' }), ['granted', 'unknown']],
    [
      'whose default allows one of both',
      withDefault(allow(P), { Default: `s3:*,${BOTH[0]}` }),
      ['missing', 'unknown'],
    ],
    ['whose default is empty', withDefault(allow(P), { Default: '' }), ['missing', 'unknown']],
    [
      'whose default excludes both',
      withDefault({ Effect: 'Allow', NotAction: P, Resource: '*' }, { Default: 'xray:*' }),
      ['missing', 'unknown'],
    ],
    [
      'of text',
      withDefault(allow(['s3:*', P]), { Type: 'String', Default: 'xray:*' }),
      ['granted', 'unknown'],
    ],
    [
      'that completes an action',
      withDefault(allow({ 'Fn::Sub': 'xray:${P}' }), { Type: 'String', Default: '*' }),
      ['granted', 'unknown'],
    ],
    [
      'with allowed values, of which one allows both',
      withDefault(allow(P), { Type: 'String', AllowedValues: ['xray:*', 's3:*'] }),
      UNKNOWN,
    ],
    ['for the resource', withDefault(allow(BOTH, { Resource: P }), { Default: '*' }), ['granted', 'unknown']],
    [
      'for a part of the actions that does not matter',
      withDefault(allow([...BOTH, P]), { Type: 'String', Default: 's3:*' }),
      ['granted', 'granted'],
    ],
    [
      'that a denial is about',
      withDefault({ ...allow(P), Effect: 'Deny' }, { Default: 'xray:*' }),
      ['missing', 'missing'],
    ],
  ])('%s', (_, template, expected) => {
    expect(statesOf(template)).toEqual(expected);
  });

  test('is unknown among too many', () => {
    const names = [...Array(7).keys()].map((i) => `P${i}`);
    const Parameters = Object.fromEntries(names.map((name) => [name, { Type: 'String', Default: 'xray:*' }]));
    const statement = allow(names.map((Ref) => ({ Ref })));
    expect(statesOf(stack('t', inline(statement), { sections: { Parameters } }))).toEqual(UNKNOWN);
  });
});

test('a statement with too many cases is unknown', () => {
  const actions = [...Array(65).keys()].reduce<unknown>(
    (otherwise, i) => IF(`C${i}`, 'xray:*', otherwise),
    's3:*',
  );
  expect(statesOf(conditional(inline(allow(actions)), 65))).toEqual(UNKNOWN);
});

test('an effect by a parameter has each of its allowed values', () => {
  const template = stack('t', inline(allow(BOTH, { Effect: { Ref: 'Effect' } })), {
    sections: { Parameters: { Effect: { Type: 'String', AllowedValues: ['Allow', 'Deny'] } } },
  });
  expect(statesOf(template)).toContain('missing');
});

describe('a denial', () => {
  const deny = (Action: unknown, more: object = {}) => ({ ...allow(Action, more), Effect: 'Deny' });
  const CONDITION = { Condition: { Bool: {} } };

  test.each<[string, unknown[], string[]]>([
    ['overrides an allowed action', [allow(BOTH), deny(BOTH[0])], MISSING],
    ['overrides it in any order', [deny(BOTH[0]), allow(BOTH)], MISSING],
    ['that possibly applies makes the result unknown', [allow(BOTH), deny('xray:*', CONDITION)], UNKNOWN],
    ['that possibly applies has no effect if no action is allowed', [deny('xray:*', CONDITION)], MISSING],
    [
      'that possibly applies has no effect if another applies',
      [allow(BOTH), deny('*', CONDITION), deny('*')],
      MISSING,
    ],
    ['overrides a possibly allowed action', [allow(BOTH, CONDITION), deny('xray:*')], MISSING],
    ['with an empty condition always applies', [allow(BOTH), deny('xray:*', { Condition: {} })], MISSING],
    ['of other actions has no effect', [allow(BOTH), deny('s3:*', CONDITION)], GRANTED],
  ])('%s', (_, statements, expected) => {
    expect(statesOf(inline(...statements))).toEqual(expected);
  });

  test('applies in its case', () => {
    expect(statesOf(conditional(inline(allow(BOTH), IF('C0', deny('*')))))).toEqual(['missing', 'granted']);
  });
});

describe('an inline policy', () => {
  test.each<[string, unknown, string[]]>([
    ['that is unreadable', { Ref: 'Policy' }, UNKNOWN],
    ['that is malformed', 'own', UNKNOWN],
    ['without a document', { PolicyName: 'P' }, MISSING],
    ['whose document is unreadable', { PolicyDocument: '{"Statement":[]}' }, UNKNOWN],
    ['whose document a macro makes', { PolicyDocument: { 'Fn::Transform': { Name: 'Policies' } } }, UNKNOWN],
    ['in an impossible case', IF('C0', { PolicyDocument: IF('C0', NOTHING, WRITES) }), MISSING],
    ['that a condition adds', IF('C0', { PolicyDocument: WRITES }), ['granted', 'missing']],
  ])('%s', (_, own, expected) => {
    expect(statesOf(conditional(withRole({ Policies: [own] })))).toEqual(expected);
  });
});

describe('a managed policy', () => {
  test.each<[string, Resources, string[]]>([
    ['of AWS that grants', managed(BASIC, XRAY), GRANTED],
    ['of AWS that does not', managed(BASIC), MISSING],
    [
      'of AWS that does so under a condition',
      managed('arn:aws:iam::aws:policy/CloudWatchLambdaApplicationSignalsExecutionRolePolicy'),
      UNKNOWN,
    ],
    ['by a parameter', managed({ Ref: 'Arn' }), UNKNOWN],
    ['outside the templates', managed('arn:aws:iam::1:policy/other'), UNKNOWN],
    ['in the templates', { ...managed({ Ref: 'Own' }), Own: OWN }, GRANTED],
    ['by its name', { ...managed('arn:aws:iam::1:policy/own'), Own: OWN }, GRANTED],
    ['by its name and path', { ...managed('arn:aws:iam::1:policy/teams/orders/own'), Own: OWN }, GRANTED],
    [
      'by its name in any account',
      { ...managed({ 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:policy/own' }), Own: OWN },
      GRANTED,
    ],
    ['by an ARN of something else', { ...managed('arn:aws:iam::1:group/teams/own'), Own: OWN }, UNKNOWN],
    [
      'of AWS, whose name another has here',
      {
        ...managed(BASIC),
        Own: policy('ManagedPolicy', { ManagedPolicyName: 'AWSLambdaBasicExecutionRole' }),
      },
      MISSING,
    ],
    [
      'whose name another resource has',
      { ...managed('arn:aws:iam::1:policy/own'), Own: { ...OWN, Type: 'Custom::Policy' } },
      UNKNOWN,
    ],
    [
      'of two of one name',
      { ...managed('arn:aws:iam::1:policy/own'), Own: OWN, Other: policy('ManagedPolicy', OWN.Properties) },
      UNKNOWN,
    ],
  ])('%s', (_, resources, expected) => {
    expect(statesOf(resources)).toEqual(expected);
  });

  test.each([
    ['1', GRANTED],
    ['2', MISSING],
    ['3', UNKNOWN],
  ])('by its name in account %s', (account, expected) => {
    const inAccount = (id: string, PolicyDocument: object) =>
      stack(
        id,
        { Own: policy('ManagedPolicy', { ManagedPolicyName: 'own', PolicyDocument }) },
        { account: id },
      );
    const using = stack('t', managed(`arn:aws:iam::${account}:policy/own`), { account });
    expect(statesOf(using, inAccount('1', WRITES), inAccount('2', { Statement: [] }))).toEqual(expected);
  });
});

describe('a policy that is a resource', () => {
  test.each<[string, Resources, string[]]>([
    ['for the role', withRole({}, { P: policy('Policy', { Roles: [{ Ref: 'Role' }] }) }), GRANTED],
    [
      'for another',
      withRole({}, { Other: role({}), P: policy('Policy', { Roles: [{ Ref: 'Other' }] }) }),
      MISSING,
    ],
    ['for some role', withRole({}, { P: policy('Policy', { Roles: [{ Ref: 'RoleName' }] }) }), UNKNOWN],
    ['for no role', withRole({}, { P: policy('Policy', { Groups: ['g'] }) }), MISSING],
  ])('%s', (_, resources, expected) => {
    expect(statesOf(resources)).toEqual(expected);
  });

  const NAMED = { RoleName: 'orders' };
  const BY_STAGE = { RoleName: { 'Fn::Sub': '${Stage}-orders' } };

  test.each<[string, object, unknown, string[]]>([
    ['an imported role, not a generated name', {}, 'imported-role', MISSING],
    ['an imported role, not another literal name', NAMED, 'imported-role', MISSING],
    ['an imported role, or one whose name is not known', { RoleName: { Ref: 'Name' } }, 'imported', UNKNOWN],
    ['a role of another stage, not of this one', BY_STAGE, { 'Fn::Sub': '${Stage}-billing' }, MISSING],
    ['a role of some stage', BY_STAGE, 'prod-orders', UNKNOWN],
    ['a role of no stage', BY_STAGE, 'prod-billing', MISSING],
    ['a name that CloudFormation generated for it', {}, 'shop-Role-1ABCDEFGHIJKL', UNKNOWN],
    ['a name that CloudFormation generated for another', {}, 'shop-Other-1ABCDEFGHIJKL', MISSING],
    ['a name that ends like no generated one', {}, { 'Fn::Sub': '${Stage}-lambda-role' }, MISSING],
    ['a name that a resource returns', {}, { 'Fn::GetAtt': ['Custom', 'RoleName'] }, UNKNOWN],
  ])('for %s', (_, properties, name, expected) => {
    const resources = withRole(properties, {
      P: policy('Policy', { Roles: [name] }),
      Custom: { Type: 'Custom::Role' },
    });
    const Parameters = { Stage: { Type: 'String' }, Name: { Type: 'String' } };
    expect(statesOf(stack('t', resources, { sections: { Parameters } }))).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ['of the stack that creates the role', 't', MISSING],
    ['of another stack', 'other', UNKNOWN],
  ])('for a role that is a parameter %s', (_, id, expected) => {
    const attaching = { P: policy('Policy', { Roles: [{ Ref: 'RoleName' }] }) };
    const sections = { Parameters: { RoleName: { Type: 'String' } } };
    const own = id === 't' ? attaching : {};
    expect(
      statesOf(
        stack('t', withRole({}, own), { sections }),
        stack('other', id === 'other' ? attaching : {}, { sections }),
      ),
    ).toEqual(expected);
  });

  test('that a condition creates', () => {
    const P = { ...policy('RolePolicy', { RoleName: { Ref: 'Role' } }), Condition: 'C0' };
    expect(statesOf(conditional(withRole({}, { P })))).toEqual(['granted', 'missing']);
  });

  test('that a condition creates, with a document in the other case', () => {
    const PolicyDocument = IF('C0', NOTHING, WRITES);
    const P = { ...policy('Policy', { Roles: [{ Ref: 'Role' }], PolicyDocument }), Condition: 'C0' };
    expect(statesOf(conditional(withRole({}, { P })))).toEqual(MISSING);
  });
});

describe('a role that is passed on', () => {
  const NAME = { Ref: 'Role' };
  const ARN = { 'Fn::GetAtt': ['Role', 'Arn'] };
  const DENIED = { Policies: [{ PolicyDocument: { Statement: { ...allow('*'), Effect: 'Deny' } } }] };
  const passed = (Type: string, Properties: object, more: object = {}, properties: object = {}) =>
    withRole(properties, { Other: { Type, Properties, ...more } });
  const toStack = (Parameters: unknown, more: object = {}) =>
    passed('AWS::CloudFormation::Stack', { Parameters }, more);

  test.each<[string, Templates, string[]]>([
    ['to a nested stack, by its name', [toStack({ Role: NAME })], UNKNOWN],
    ['to a nested stack, by its ARN', [toStack({ Role: ARN })], UNKNOWN],
    ['to a nested stack, in a list', [toStack({ Roles: { 'Fn::Join': [',', ['a', NAME]] } })], UNKNOWN],
    [
      'to a nested stack in one case',
      [conditional(toStack({ Role: IF('C0', NAME, 'a') }))],
      ['unknown', 'missing'],
    ],
    [
      'to a nested stack that a condition creates',
      [conditional(toStack({ Role: NAME }, { Condition: 'C0' }))],
      ['unknown', 'missing'],
    ],
    ['to an application', [passed('AWS::Serverless::Application', { Parameters: { Role: NAME } })], UNKNOWN],
    ['to a module', [passed('Org::Iam::Policies::MODULE', { Settings: { Roles: [[ARN]] } })], UNKNOWN],
    [
      'to a nested stack, with a denial',
      [passed('AWS::CloudFormation::Stack', { Parameters: { Role: NAME } }, {}, DENIED)],
      MISSING,
    ],
    ['nowhere', [toStack({ Role: 'other' })], MISSING],
    [
      'to a nested stack, only as the role that deploys',
      [passed('AWS::CloudFormation::Stack', { RoleARN: ARN })],
      MISSING,
    ],
    ['to another resource', [passed('AWS::Glue::Job', { Role: NAME, Parameters: { Role: NAME } })], MISSING],
    [
      'to a nested stack of the templates',
      [
        stack('parent', toStack({ Role: NAME })),
        stack('nested', {}, { nestedIn: { id: 'parent', logicalId: 'Other' } }),
      ],
      MISSING,
    ],
    [
      'to a nested stack of the templates that attaches a policy',
      [
        stack('parent', toStack({ Role: NAME })),
        stack(
          'nested',
          { P: policy('Policy', { Roles: [NAME] }) },
          {
            nestedIn: { id: 'parent', logicalId: 'Other' },
            sections: { Parameters: { Role: { Type: 'String' } } },
          },
        ),
      ],
      GRANTED,
    ],
  ])('%s', (_, templates, expected) => {
    expect(statesOf(...templates)).toEqual(expected);
  });
});

describe('a permissions boundary', () => {
  const bounded = (PermissionsBoundary: unknown, arns: unknown[] = [XRAY]) =>
    conditional(withRole({ ManagedPolicyArns: arns, PermissionsBoundary }, { Own: OWN }));

  test.each<[string, TemplateSource, string[]]>([
    ['that allows it', bounded(XRAY), GRANTED],
    ['that allows it, where no policy does', bounded(XRAY, [BASIC]), MISSING],
    ['that does not', bounded(BASIC), MISSING],
    ['in the templates', bounded({ Ref: 'Own' }), GRANTED],
    ['that is not', bounded({ Ref: 'Arn' }), UNKNOWN],
    ['that is not, where a policy may allow it', bounded({ Ref: 'Arn' }, [{ Ref: 'Arn' }]), UNKNOWN],
    ['that is not, where no policy does', bounded({ Ref: 'Arn' }, []), MISSING],
    ['that a condition adds', bounded(IF('C0', BASIC)), ['missing', 'granted']],
  ])('%s', (_, template, expected) => {
    expect(statesOf(template)).toEqual(expected);
  });

  test.each<[region: string | undefined, arn: unknown, expected: string[]]>([
    ['eu-west-1', 'arn:aws-cn:iam::aws:policy/PowerUserAccess', MISSING],
    ['eu-west-1', 'arn:aws-cn:iam::111122223333:policy/own', MISSING],
    ['cn-north-1', 'arn:aws-cn:iam::aws:policy/PowerUserAccess', GRANTED],
    ['cn-north-1', 'arn:aws:iam::aws:policy/PowerUserAccess', MISSING],
    [undefined, 'arn:aws-cn:iam::aws:policy/PowerUserAccess', GRANTED],
    ['eu-west-1', { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess' }, GRANTED],
    ['eu-west-1', { 'Fn::Sub': 'arn:${P}:iam::aws:policy/PowerUserAccess' }, GRANTED],
  ])('in %s of the partition of %j', (region, PermissionsBoundary, expected) => {
    const ManagedPolicyArns = [
      { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess' },
    ];
    const resources = withRole({ ManagedPolicyArns, PermissionsBoundary });
    expect(statesOf(stack('t', resources, { region }))).toEqual(expected);
  });
});

describe('conditions', () => {
  const NAMES = [...Array(6).keys()].map((i) => `C${i}`);

  test('up to six are combined', () => {
    const arns = NAMES.map((name) => IF(name, XRAY));
    const states = statesOf(conditional(managed(...arns), 6));
    expect(states.filter((state) => state === 'missing')).toEqual(MISSING);
    expect(states.filter((state) => state === 'granted')).toHaveLength(63);
  });

  test('more than six make dependent effects unknown', () => {
    const arns = [...NAMES, 'C6'].map((name) => IF(name, XRAY));
    expect(statesOf(conditional(managed(...arns), 7))).toEqual(UNKNOWN);
    expect(statesOf(conditional(managed(...arns, XRAY), 7))).toEqual(GRANTED);
  });

  test('unrelated to X-Ray are ignored', () => {
    const reads = [...NAMES, 'C6'].map((name) => IF(name, allow('s3:GetObject')));
    expect(statesOf(conditional(inline(...reads, IF('C7', allow(BOTH))), 8))).toEqual(['granted', 'missing']);
  });
});

describe('the role', () => {
  const named = (arn: unknown, more: Resources = {}, account?: string) =>
    stack('t', { Fn: lambda('Active', { Role: arn }), ...more }, { account });
  const orders = (account?: string, ManagedPolicyArns = [XRAY]) =>
    stack(`roles of ${account}`, { R: role({ RoleName: 'orders', ManagedPolicyArns }) }, { account });

  test.each<[string, Templates, string[]]>([
    [
      'of a custom resource',
      [named({ 'Fn::GetAtt': ['C', 'Arn'] }, { C: { Type: 'Custom::Role' } })],
      UNKNOWN,
    ],
    ['by its name', [named('arn:aws:iam::1:role/orders'), orders()], GRANTED],
    ['by its name, in a known account', [named('arn:aws:iam::1:role/orders', {}, '1'), orders('1')], GRANTED],
    [
      'by its name in an account',
      [named('arn:aws:iam::2:role/orders'), orders('1', []), orders('2')],
      GRANTED,
    ],
    [
      'by its name in its own account',
      [
        named({ 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/orders' }, {}, '2'),
        orders('1', []),
        orders('2'),
      ],
      GRANTED,
    ],
    ['by its name in another account', [named('arn:aws:iam::3:role/orders', {}, '1'), orders('1')], UNKNOWN],
    [
      'by a name that a policy names too',
      [
        named('arn:aws:iam::1:role/orders', {
          R: role({ RoleName: 'orders' }),
          P: policy('RolePolicy', { RoleName: 'orders' }),
        }),
      ],
      GRANTED,
    ],
    [
      'by the name alone, as policies give it',
      [
        stack('t', withRole({ RoleName: 'orders' }), { account: '1' }),
        stack('p', { P: policy('Policy', { Roles: ['orders'] }) }, { account: '1' }),
      ],
      GRANTED,
    ],
    [
      'by the name alone, in another account',
      [
        stack('t', withRole({ RoleName: 'orders' }), { account: '1' }),
        stack('p', { P: policy('Policy', { Roles: ['orders'] }) }, { account: '2' }),
      ],
      MISSING,
    ],
  ])('%s', (_, templates, expected) => {
    expect(statesOf(...templates)).toEqual(expected);
  });
});

describe('policies of a SAM function', () => {
  /** A function without a mode. SAM attaches no X-Ray policy to its role. */
  const sam = (Policies: unknown, more: Resources = {}): Resources => ({
    Fn: { Type: 'AWS::Serverless::Function', Properties: { Policies } },
    ...more,
  });

  test.each<[string, Resources, string[]]>([
    ['that are missing', sam(undefined), MISSING],
    ['by the name of an AWS managed policy', sam('AWSXRayDaemonWriteAccess'), GRANTED],
    ['by another name', sam(['AWSLambdaExecute']), MISSING],
    ['by an ARN', sam([BASIC, XRAY]), GRANTED],
    [
      'by an ARN that is put together',
      sam([{ 'Fn::Sub': XRAY.replace('aws', '${AWS::Partition}') }]),
      GRANTED,
    ],
    ['by a parameter', sam([{ Ref: 'Arn' }]), UNKNOWN],
    ['in the templates', sam([{ Ref: 'Own' }], { Own: OWN }), GRANTED],
    ['that are documents', sam([{ Version: '2012-10-17', ...WRITES }]), GRANTED],
    ['that are templates of SAM', sam([{ S3ReadPolicy: { BucketName: 'b' } }]), MISSING],
  ])('%s', (_, resources, expected) => {
    expect(statesOf(resources)).toEqual(expected);
  });
});

test('evaluates equal statements in all roles, and each role in its own cases', () => {
  const statements: Record<string, unknown> = {
    Certain: allow(BOTH),
    Conditional: { 'Fn::If': ['Prod', allow(BOTH), NOTHING] },
    Narrow: allow(BOTH, { Resource: 'arn:aws:xray:eu-west-1:111122223333:group/x' }),
    Foreign: allow(['sqs:SendMessage', 'logs:PutLogEvents']),
    Mixed: allow(['sqs:SendMessage', ...BOTH]),
    Again: allow(BOTH),
  };
  const resources = Object.entries(statements).flatMap(([name, Statement]): [string, Resources[string]][] => [
    [name, lambda('Active', { Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] } })],
    [`${name}Role`, role({ Policies: [{ PolicyName: 'p', PolicyDocument: { Statement } }] })],
  ]);
  const sections = {
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
  };
  const { functions } = buildTracingModel([stack('t', Object.fromEntries(resources), { sections })]);
  expect(
    functions.map(({ resource, writePermissions }) => [
      resource.logicalId,
      writePermissions.map(({ value }) => value.state),
    ]),
  ).toEqual([
    ['Certain', GRANTED],
    ['Conditional', [...GRANTED, ...MISSING]],
    ['Narrow', MISSING],
    ['Foreign', MISSING],
    ['Mixed', GRANTED],
    ['Again', GRANTED],
  ]);
});
