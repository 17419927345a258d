import type { TemplateSource } from '../../lib/cloudformation/template';
import { WRITE_PERMISSIONS } from '../../lib/rules/write-permissions';
import { type Case, lambda, type Resources, ruleTester, stack } from './templates';

const XRAY = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const BOTH = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

function allow(Action: unknown, more: object = {}) {
  return { Effect: 'Allow', Action, Resource: '*', ...more };
}

function document(...statements: object[]) {
  return { Version: '2012-10-17', Statement: statements };
}

/** An Active function with a role of these properties, and more resources. */
function withRole(role: object, more: Resources = {}, mode: unknown = 'Active'): Resources {
  return {
    Fn: lambda(mode, { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: { Type: 'AWS::IAM::Role', Properties: role },
    ...more,
  };
}

function inline(...statements: object[]): Resources {
  return withRole({ Policies: [{ PolicyName: 'P', PolicyDocument: document(...statements) }] });
}

function attached(Type: string, properties: object): Resources {
  return withRole(
    {},
    { Policy: { Type, Properties: { PolicyDocument: document(allow(BOTH)), ...properties } } },
  );
}

function sam(properties: object): Resources {
  return { Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Active', ...properties } } };
}

/** An Active function with the role that SAM generates for a function of these properties. */
function withRoleOf(properties: object): Resources {
  return {
    Fn: lambda('Active', { Role: { 'Fn::GetAtt': ['OwnerRole', 'Arn'] } }),
    Owner: { Type: 'AWS::Serverless::Function', Properties: properties },
  };
}

/** An Active function of a CDK app, with a role at a construct path. */
function inCdk(rolePath: string): Resources {
  const at = (path: string) => ({ Metadata: { 'aws:cdk:path': path } });
  return {
    Fn: {
      ...lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
      ...at('Orders/Fn/Resource'),
    },
    Role: { Type: 'AWS::IAM::Role', ...at(rolePath) },
  };
}

const NOTHING = { Ref: 'AWS::NoValue' };

const STAGES = {
  Parameters: { Stage: { Type: 'String', AllowedValues: ['prod', 'dev'] } },
  Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
};
const MODES = { Mappings: { Modes: { dev: { mode: 'Disabled' } } } };

/** The older policy, which exists in the partition `aws` only. */
const OLDER = 'AWSXrayWriteOnlyAccess';

const inPartition = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${name}` });

const granted: Case[] = [
  ['the managed policy', withRole({ ManagedPolicyArns: [BASIC, XRAY] })],
  [
    'the managed policy in any partition',
    withRole({
      ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess' }],
    }),
  ],
  ...[
    'AWSXrayWriteOnlyAccess',
    'AWSXrayFullAccess',
    'AdministratorAccess',
    'CloudWatchAgentServerPolicy',
  ].map((name): Case => [name, withRole({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] })]),
  [
    'the managed policy by a mapping of partitions',
    stack(
      't',
      withRole({
        ManagedPolicyArns: [{ 'Fn::FindInMap': ['Policies', { Ref: 'AWS::Partition' }, 'traces'] }],
      }),
      {
        sections: {
          Mappings: {
            Policies: { aws: { traces: XRAY }, 'aws-cn': { traces: XRAY.replace('aws', 'aws-cn') } },
          },
        },
      },
    ),
  ],
  ...['us-gov-west-1', 'cn-north-1', 'us-isob-east-1', 'eusc-de-east-1'].map((region): Case => [
    `the managed policy in the partition of ${region}`,
    stack('t', withRole({ ManagedPolicyArns: [inPartition('AWSXRayDaemonWriteAccess')] }), { region }),
  ]),
  [
    'the older managed policy in a region of its partition',
    stack('t', withRole({ ManagedPolicyArns: [inPartition(OLDER)] }), { region: 'eu-west-1' }),
  ],
  [
    'the policy for each partition, by a condition on it',
    stack(
      't',
      withRole({ ManagedPolicyArns: [{ 'Fn::If': ['IsGov', XRAY.replace('aws', 'aws-us-gov'), XRAY] }] }),
      {
        region: 'us-gov-west-1',
        sections: {
          Conditions: { IsGov: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-us-gov'] } },
        },
      },
    ),
  ],
  ['the policy that SAM attaches in another partition', stack('t', sam({}), { region: 'cn-north-1' })],
  ['both actions', inline(allow(BOTH))],
  ['both actions, in two statements', inline(allow(BOTH[0]), allow([BOTH[1]]))],
  ['one statement that is no list', withRole({ Policies: [{ PolicyDocument: { Statement: allow(BOTH) } }] })],
  ['a wildcard', inline(allow('xray:*'))],
  ['wildcards in the middle, in any case', inline(allow(['XRay:Put?raceSegments', 'xray:*telemetry*']))],
  ['everything', inline(allow('*'))],
  ['all but something else', inline({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })],
  ['all resources but one', inline({ Effect: 'Allow', Action: BOTH, NotResource: 'arn:aws:s3:::x' })],
  ['a policy', attached('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] })],
  ['a role policy', attached('AWS::IAM::RolePolicy', { RoleName: { Ref: 'Role' } })],
  [
    'a managed policy that attaches itself',
    attached('AWS::IAM::ManagedPolicy', { Roles: [{ Ref: 'Role' }] }),
  ],
  [
    'a managed policy that the role names',
    withRole(
      { ManagedPolicyArns: [{ Ref: 'Own' }] },
      { Own: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(allow(BOTH)) } } },
    ),
  ],
  [
    'a policy for the name of the role',
    withRole(
      { RoleName: 'orders' },
      {
        P: {
          Type: 'AWS::IAM::Policy',
          Properties: { Roles: ['orders'], PolicyDocument: document(allow(BOTH)) },
        },
      },
    ),
  ],
  ['a denial of something else', inline(allow(BOTH), { Effect: 'Deny', Action: 's3:*', Resource: '*' })],
  [
    'a denial on a resource, which write actions do not have',
    inline(allow(BOTH), { Effect: 'Deny', Action: '*', Resource: 'arn:aws:s3:::x' }),
  ],
  [
    'a boundary that allows it',
    withRole({ ManagedPolicyArns: [XRAY], PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess' }),
  ],
  ['the policy that SAM attaches', sam({})],
  ...[
    { 'Fn::If': ['IsProd', 'Active', NOTHING] },
    { 'Fn::If': ['IsProd', 'Disabled', 'Disabled'] },
    { 'Fn::FindInMap': ['Modes', 'dev', 'mode'] },
    NOTHING,
  ].map((Tracing): Case => [
    `the role that SAM generates for another function with the mode ${JSON.stringify(Tracing)}`,
    stack('t', withRoleOf({ Tracing }), { sections: { ...STAGES, ...MODES } }),
  ]),
  [
    'the policy that SAM attaches, with a policy template',
    sam({ Policies: [{ S3ReadPolicy: { BucketName: 'b' } }, 'AWSLambdaExecute'] }),
  ],
];

/** A nested stack whose role has the policies that its parent passes as one string. */
function withPassedPolicies(...arns: unknown[]): TemplateSource[] {
  return [
    stack('parent', {
      N: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: { Parameters: { Arns: { 'Fn::Join': [',', arns] } } },
      },
    }),
    stack('nested', withRole({ ManagedPolicyArns: { Ref: 'Arns' } }), {
      nestedIn: { id: 'parent', logicalId: 'N' },
      sections: { Parameters: { Arns: { Type: 'CommaDelimitedList' } } },
    }),
  ];
}

const awsPolicy = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${name}` });

const unknown: Case[] = [
  ['a role from a parameter', { Fn: lambda('Active', { Role: { Ref: 'RoleArn' } }) }],
  ['a role outside the templates', { Fn: lambda('Active', { Role: 'arn:aws:iam::1:role/r' }) }],
  ['a policy outside the templates', withRole({ ManagedPolicyArns: ['arn:aws:iam::1:policy/own'] })],
  ['policies from a parameter', withRole({ ManagedPolicyArns: { Ref: 'Arns' } })],
  [
    'a condition',
    inline(allow(BOTH, { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })),
  ],
  ['actions that are not known', inline(allow({ Ref: 'Actions' }))],
  [
    'actions from a parameter that allows one with write access',
    stack('t', inline(allow({ Ref: 'Actions' })), {
      sections: { Parameters: { Actions: { Type: 'String', AllowedValues: ['xray:*', 'logs:*'] } } },
    }),
  ],
  ['a document that is not known', withRole({ Policies: [{ PolicyDocument: { Ref: 'Document' } }] })],
  ['a policy for a role that is not known', attached('AWS::IAM::Policy', { Roles: [{ Ref: 'RoleName' }] })],
  [
    'a boundary outside the templates',
    withRole({ ManagedPolicyArns: [XRAY], PermissionsBoundary: { Ref: 'B' } }),
  ],
  [
    'a denial under a condition',
    inline(allow(BOTH), { Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: { x: 'y' } } }),
  ],
];

const S3_INCLUDE = { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/policies.yaml' } };

/** Sections that can add policies for any role of a template. */
const unknownMacros: [what: string, sections: object, resources: Resources][] = [
  ['a file in S3, among the resources', {}, { 'Fn::Transform': S3_INCLUDE }],
  ['one of several macros among the resources', {}, { 'Fn::Transform': [{ Name: 'OrgPolicies' }] }],
  ['a file in S3 for the template', { Transform: S3_INCLUDE }, {}],
  ['a macro for the template', { Transform: 'OrgPolicies' }, {}],
  ['one of several macros', { Transform: ['AWS::Serverless-2016-10-31', 'OrgPolicies'] }, {}],
  [
    'a loop over an unknown list',
    { Transform: 'AWS::LanguageExtensions' },
    {
      'Fn::ForEach::Policies': ['Name', { Ref: 'Names' }, { 'Policy${Name}': { Type: 'AWS::IAM::Policy' } }],
    },
  ],
];

const conditional = (role: object, mode: unknown) =>
  stack('t', withRole(role, {}, mode), {
    sections: { Conditions: { Traced: { 'Fn::Equals': [{ Ref: 'T' }, 'yes'] } } },
  });
const policyIfTraced = {
  ManagedPolicyArns: [{ 'Fn::If': ['Traced', XRAY, { Ref: 'AWS::NoValue' }] }],
};

ruleTester(WRITE_PERMISSIONS, {
  valid: [
    ...granted,
    ...unknown,
    [
      'a policy in a list from the parent stack',
      ...withPassedPolicies(BASIC, awsPolicy('AWSXRayDaemonWriteAccess')),
    ],
    ...unknownMacros.map(([what, sections, resources]): Case => [
      `policies that may come from ${what}`,
      stack('t', { ...withRole({ ManagedPolicyArns: [BASIC] }), ...resources }, { sections }),
    ]),
    [
      'policies that may come from a macro beside the properties',
      {
        ...withRole({}),
        Role: { Type: 'AWS::IAM::Role', Properties: {}, 'Fn::Transform': { Name: 'OrgPolicies' } },
      },
    ],
    [
      'an unknown policy in a list from the parent stack',
      ...withPassedPolicies(BASIC, { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:policy/own' }),
    ],
    ['an unknown list from the parent stack', ...withPassedPolicies(BASIC, { Ref: 'Others' })],
    [
      'a policy that only a case lacks which the Rules section excludes',
      stack('t', withRole({ ManagedPolicyArns: [{ 'Fn::If': ['IsProd', XRAY, BASIC] }] }), {
        sections: {
          ...STAGES,
          Rules: { OnlyProd: { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } }] } },
        },
      }),
    ],
    ['a function that is PassThrough', withRole({}, {}, 'PassThrough')],
    ['a function whose mode is not known', withRole({}, {}, { Ref: 'Mode' })],
    [
      'a policy under the condition that makes it Active',
      conditional(policyIfTraced, { 'Fn::If': ['Traced', 'Active', 'PassThrough'] }),
    ],
    [
      'a role from an export',
      { Fn: lambda('Active', { Role: { 'Fn::ImportValue': 'Role' } }) },
      stack(
        'roles',
        { R: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [XRAY] } } },
        {
          sections: { Outputs: { O: { Value: { 'Fn::GetAtt': ['R', 'Arn'] }, Export: { Name: 'Role' } } } },
        },
      ),
    ],
  ],
  invalid: [
    [
      'Fn Role',
      'a list from the parent stack without such a policy',
      ...withPassedPolicies(BASIC, awsPolicy('AmazonSQSFullAccess')),
    ],
    [
      'Fn Role',
      'a policy that is missing in a case which the Rules section allows',
      stack('t', withRole({ ManagedPolicyArns: [{ 'Fn::If': ['IsProd', XRAY, BASIC] }] }), {
        sections: {
          ...STAGES,
          Rules: { NotProd: { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] } }] } },
        },
      }),
    ],
    ['Fn Role', 'a role without policies', withRole({})],
    ...[
      'AWS::Serverless-2016-10-31',
      ['AWS::LanguageExtensions', 'AWS::SecretsManager-2024-09-16', 'AWS::CodeDeployBlueGreen'],
    ].map((Transform): [string, ...Case] => [
      'Fn Role',
      `a role in a template that only AWS transforms: ${[Transform].flat().join(', ')}`,
      stack('t', withRole({}), { sections: { Transform } }),
    ]),
    [
      'Fn Role',
      'a role in another template than the macro',
      stack('t', withRole({})),
      stack('other', { 'Fn::Transform': S3_INCLUDE }),
    ],
    ['Fn Role', 'a policy that does not grant', withRole({ ManagedPolicyArns: [BASIC] })],
    ...['aws-us-gov', 'aws-cn'].map((partition): [string, ...Case] => [
      'Fn Role',
      `the older managed policy in ${partition}, which does not have it`,
      withRole({ ManagedPolicyArns: [`arn:${partition}:iam::aws:policy/${OLDER}`] }),
    ]),
    [
      'Fn Role',
      'the older managed policy in the partition of the stack, which does not have it',
      stack('t', withRole({ ManagedPolicyArns: [inPartition(OLDER)] }), { region: 'us-gov-west-1' }),
    ],
    [
      'Fn Role',
      'a managed policy of another partition than the stack',
      stack('t', withRole({ ManagedPolicyArns: [XRAY] }), { region: 'cn-north-1' }),
    ],
    ['Fn Role', 'one action of two', inline(allow(BOTH[0]))],
    ['Fn Role', 'reading', inline(allow('xray:Get*'))],
    [
      'Fn Role',
      'a narrower resource, which write actions do not support',
      inline({ ...allow(BOTH), Resource: 'arn:aws:xray:::x' }),
    ],
    ['Fn Role', 'a denial', inline(allow(BOTH), { Effect: 'Deny', Action: 'xray:Put*', Resource: '*' })],
    ['Fn Role', 'AWSDenyAll', withRole({ ManagedPolicyArns: [XRAY, 'arn:aws:iam::aws:policy/AWSDenyAll'] })],
    ['Fn Role', 'all but these', inline({ Effect: 'Allow', NotAction: 'xray:*', Resource: '*' })],
    [
      'Fn Role',
      'a boundary that does not allow it',
      withRole({ ManagedPolicyArns: [XRAY], PermissionsBoundary: BASIC }),
    ],
    [
      'Fn Role',
      'a policy for another role',
      { ...attached('AWS::IAM::Policy', { Roles: [{ Ref: 'Other' }] }), Other: { Type: 'AWS::IAM::Role' } },
    ],
    [
      'Fn Role',
      'a role by its name',
      {
        Fn: lambda('Active', { Role: 'arn:aws:iam::1:role/path/orders' }),
        R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'orders' } },
      },
    ],
    [
      'Fn Role',
      'a mode that can be Active',
      conditional({}, { 'Fn::If': ['Traced', 'Active', 'PassThrough'] }),
    ],
    [
      'Fn Role',
      'a policy under the opposite condition',
      conditional(policyIfTraced, { 'Fn::If': ['Traced', 'PassThrough', 'Active'] }),
    ],
    [
      'Fn Role',
      'SAM, given a role without',
      { ...withRole({}), ...sam({ Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }) },
    ],
    ...[undefined, 'Disabled', { Ref: 'Mode' }].map((Tracing): [string, ...Case] => [
      'Fn Role',
      `the role that SAM generates for another function with the mode ${JSON.stringify(Tracing)}`,
      stack('t', withRoleOf({ Tracing }), {
        sections: { Parameters: { Mode: { Type: 'String', AllowedValues: ['Disabled', 'Active'] } } },
      }),
    ]),
    ['Fn Role', 'the role that CDK makes for the function', inCdk('Orders/Fn/ServiceRole/Resource')],
    ['Fn Role', 'another role in CDK', inCdk('Orders/Role/Resource')],
    [
      'Fn Role',
      'SAM, given a denial',
      sam({ Policies: [{ Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }] }),
    ],
  ],
});
