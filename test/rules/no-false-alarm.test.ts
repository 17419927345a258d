import { checkModel, type CheckConfig } from '../../lib/checker/check';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, mapping, type Resources, stack } from './templates';

const XRAY = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
const KAFKA = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
const NOTHING = { Ref: 'AWS::NoValue' };
const ROLE_ARN = { 'Fn::GetAtt': ['Role', 'Arn'] };

/** Returns the errors, each with its rule and logical ID. */
function errors(...sources: TemplateSource[]): string[] {
  return checkModel(buildTracingModel(sources))
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, logicalId }) => `${rule.id.replace('LambdaXRay-', '')} ${logicalId}`);
}

function role(properties: object, more: object = {}): object {
  return { Type: 'AWS::IAM::Role', Properties: properties, ...more };
}

function policyIf(condition: string): object {
  return role({ ManagedPolicyArns: [{ 'Fn::If': [condition, XRAY, NOTHING] }] });
}

function param(values: object): object {
  return { Type: 'String', ...values };
}

const isEnv = (env: string) => ({ 'Fn::Equals': [{ Ref: 'Env' }, env] });
const MODES = ['Active', 'PassThrough'];

describe('reports no error for conditions and parameters that match:', () => {
  test.each<[string, Resources, object]>([
    [
      'a mode by a parameter, a policy where it is Active',
      { Fn: lambda({ Ref: 'Mode' }, { Role: ROLE_ARN }), Role: policyIf('IsTraced') },
      {
        Parameters: { Mode: param({ AllowedValues: MODES }) },
        Conditions: { IsTraced: { 'Fn::Equals': [{ Ref: 'Mode' }, 'Active'] } },
      },
    ],
    [
      'the same, where only the default is known',
      { Fn: lambda({ Ref: 'Mode' }, { Role: ROLE_ARN }), Role: policyIf('IsTraced') },
      {
        Parameters: { Mode: param({ Default: 'Active' }) },
        Conditions: { IsTraced: { 'Fn::Equals': ['Active', { Ref: 'Mode' }] } },
      },
    ],
    [
      'an empty value that is left out',
      {
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: { TracingConfig: { 'Fn::If': ['HasMode', { Mode: { Ref: 'Mode' } }, NOTHING] } },
        },
      },
      {
        Parameters: { Mode: param({ AllowedValues: ['', ...MODES] }) },
        Conditions: { HasMode: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Mode' }, ''] }] } },
      },
    ],
    [
      'a mode from a mapping, a policy by the same parameter',
      {
        Fn: lambda({ 'Fn::FindInMap': ['Modes', { Ref: 'Env' }, 'Mode'] }, { Role: ROLE_ARN }),
        Role: policyIf('IsProd'),
      },
      {
        Parameters: { Env: param({ AllowedValues: ['dev', 'prod'] }) },
        Mappings: { Modes: { dev: { Mode: 'PassThrough' }, prod: { Mode: 'Active' } } },
        Conditions: { IsProd: isEnv('prod') },
      },
    ],
    [
      'Active in one environment, Kafka in another',
      {
        Fn: lambda({ 'Fn::If': ['IsProd', 'Active', 'PassThrough'] }),
        M: mapping({ EventSourceArn: KAFKA }, undefined, { Condition: 'IsDev' }),
      },
      { Parameters: { Env: param({}) }, Conditions: { IsProd: isEnv('prod'), IsDev: isEnv('dev') } },
    ],
    [
      'a function under both of two conditions, its policy under one',
      {
        Fn: { ...lambda('Active', { Role: ROLE_ARN }), Condition: 'Both' },
        Role: policyIf('IsProd'),
      },
      {
        Conditions: {
          IsProd: isEnv('prod'),
          IsEu: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
          Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsEu' }] },
        },
      },
    ],
    [
      'a policy under either of two conditions, the function under one',
      { Fn: { ...lambda('Active', { Role: ROLE_ARN }), Condition: 'IsProd' }, Role: policyIf('Either') },
      {
        Conditions: {
          IsProd: isEnv('prod'),
          IsTest: isEnv('test'),
          Either: { 'Fn::Or': [{ Condition: 'IsTest' }, { Condition: 'IsProd' }] },
        },
      },
    ],
    [
      'a distribution under the condition that makes it PassThrough',
      {
        Fn: lambda({ 'Fn::If': ['IsProd', 'PassThrough', 'Active'] }),
        Site: {
          Type: 'AWS::CloudFront::Distribution',
          Condition: 'IsProd',
          Properties: {
            DistributionConfig: {
              DefaultCacheBehavior: {
                LambdaFunctionAssociations: [{ LambdaFunctionARN: { 'Fn::Sub': '${Fn.Arn}:1' } }],
              },
            },
          },
        },
      },
      { Conditions: { IsProd: isEnv('prod') } },
    ],
  ])('%s', (_, resources, sections) => {
    expect(errors(stack('t', resources, { sections }))).toEqual([]);
  });

  test('reports an error for conditions that do not match', () => {
    const resources = { Fn: lambda({ Ref: 'Mode' }, { Role: ROLE_ARN }), Role: policyIf('IsProd') };
    const sections = {
      Parameters: { Mode: param({ AllowedValues: MODES }), Env: param({}) },
      Conditions: { IsProd: isEnv('prod') },
    };
    expect(errors(stack('t', resources, { sections }))).toEqual(['WritePermissions Fn']);
  });
});

describe('reports no error for unknown values:', () => {
  test.each<[string, Resources, object?]>([
    [
      'a boundary that may be left out',
      {
        Fn: lambda('Active', { Role: ROLE_ARN }),
        Role: role({
          ManagedPolicyArns: [XRAY],
          PermissionsBoundary: { 'Fn::If': ['HasBoundary', { Ref: 'Boundary' }, NOTHING] },
        }),
      },
    ],
    ['a dynamic reference as mode', { Fn: lambda('{{resolve:ssm:/app/tracing}}') }],
    [
      'a dynamic reference as action',
      {
        Fn: lambda('Active', { Role: ROLE_ARN }),
        Role: role({
          Policies: [
            {
              PolicyDocument: { Statement: { Effect: 'Allow', Resource: '*', Action: '{{resolve:ssm:/a}}' } },
            },
          ],
        }),
      },
    ],
    [
      'a role that a macro includes',
      {
        Fn: lambda('Active', { Role: ROLE_ARN }),
        Role: role({ 'Fn::Transform': { Name: 'AWS::Include' } }),
      },
    ],
    [
      'a denial that a parameter may widen',
      {
        Fn: lambda('Active', { Role: ROLE_ARN }),
        Role: role({
          ManagedPolicyArns: [XRAY],
          Policies: [
            { PolicyDocument: { Statement: { Effect: 'Deny', Resource: '*', Action: { Ref: 'A' } } } },
          ],
        }),
      },
      { Parameters: { A: param({ AllowedValues: ['xray:*', 's3:*'] }) } },
    ],
    [
      'a reserved variable that is left out',
      { Fn: lambda('Active', { Environment: { Variables: { _X_AMZN_TRACE_ID: NOTHING } } }) },
    ],
  ])('%s', (_, resources, sections = {}) => {
    expect(errors(stack('t', resources, { sections }))).toEqual([]);
  });
});

describe('a nested stack', () => {
  const nested = (given: object, parameters: object, resources: Resources) => [
    stack('parent', { N: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: given } } }),
    stack('nested', resources, {
      nestedIn: { id: 'parent', logicalId: 'N' },
      sections: { Parameters: parameters },
    }),
  ];

  test('gets a list as one string', () => {
    const resources = {
      Fn: lambda('Active', { Role: ROLE_ARN }),
      Role: role({ ManagedPolicyArns: { Ref: 'Policies' } }),
    };
    const parameters = { Policies: { Type: 'CommaDelimitedList' } };
    expect(
      errors(...nested({ Policies: `arn:aws:iam::aws:policy/X, ${XRAY}` }, parameters, resources)),
    ).toEqual([]);
    expect(errors(...nested({ Policies: 'arn:aws:iam::aws:policy/X' }, parameters, resources))).toHaveLength(
      1,
    );
  });

  test('gets the name of an SSM parameter, not its value', () => {
    const parameters = { Mode: { Type: 'AWS::SSM::Parameter::Value<String>' } };
    expect(errors(...nested({ Mode: '/app/mode' }, parameters, { Fn: lambda({ Ref: 'Mode' }) }))).toEqual([]);
  });
});

describe('a name that two stacks use', () => {
  const exporting = (id: string, properties: object, more: Partial<TemplateSource> = {}) =>
    stack(
      id,
      { Role: role(properties) },
      {
        ...more,
        sections: { Outputs: { R: { Value: ROLE_ARN, Export: { Name: 'lambda-role' } } } },
      },
    );
  const importing = (id: string, more: Partial<TemplateSource> = {}) =>
    stack(id, { Fn: lambda('Active', { Role: { 'Fn::ImportValue': 'lambda-role' } }) }, more);

  test('resolves to the export in the same folder', () => {
    const granted = { ManagedPolicyArns: [XRAY] };
    const sources = [
      importing('prod/app.yaml'),
      exporting('prod/roles.yaml', granted),
      exporting('dev/roles.yaml', {}),
    ];
    expect(errors(...sources)).toEqual([]);
    expect(errors(...sources, importing('dev/app.yaml'))).toEqual(['WritePermissions Fn']);
  });

  test('resolves to the export in the same account, and is unknown without an account', () => {
    const [a, b] = [{ account: '111111111111' }, { account: '222222222222' }];
    const sources = [exporting('RolesA', { ManagedPolicyArns: [XRAY] }, a), exporting('RolesB', {}, b)];
    expect(errors(importing('App', a), ...sources)).toEqual([]);
    expect(errors(importing('App', b), ...sources)).toEqual(['WritePermissions Fn']);
    expect(errors(importing('App'), ...sources)).toEqual([]);
  });

  test('does not resolve to a role in another account', () => {
    const roles = stack('Roles', { Role: role({ RoleName: 'exec' }) }, { account: '111111111111' });
    const app = stack('App', { Fn: lambda('Active', { Role: 'arn:aws:iam::999999999999:role/exec' }) });
    expect(errors(roles, app)).toEqual([]);
  });
});

describe('an acknowledgement in a configuration', () => {
  const TEMPLATE = stack('services/reorders.yaml', { Fn: lambda('active') });
  const found = (settings: CheckConfig) =>
    checkModel(buildTracingModel([TEMPLATE]), settings).map(
      ({ rule, acknowledged }) => `${rule.id}${acknowledged ? ' acknowledged' : ''}`,
    );
  const acknowledge = (template: string) => ({
    acknowledgements: [{ ruleId: 'LambdaXRay-InvalidMode', reason: 'Known.', template }],
  });

  test.each([
    ['reorders.yaml', ['LambdaXRay-InvalidMode acknowledged']],
    ['services/reorders.yaml', ['LambdaXRay-InvalidMode acknowledged']],
    ['orders.yaml', ['LambdaXRay-InvalidMode']],
  ])('for template %s', (template, expected) => {
    expect(found(acknowledge(template))).toEqual(expected);
  });

  test('is not reported as unused if its rule is off', () => {
    const severities = { 'LambdaXRay-InvalidMode': 'off' } as const;
    expect(found({ ...acknowledge('reorders.yaml'), severities })).toEqual([]);
  });
});
