import { STATE_MACHINE_PERMISSIONS } from '../../lib/rules/state-machine-permissions';
import { type Case, type Resources, ruleTester, stack } from './templates';

const WRITES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
const ALL = [...WRITES, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'];
const DAEMON = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
const READ_ONLY = 'arn:aws:iam::aws:policy/AWSXrayReadOnlyAccess';
const PROD = { Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } } };

const allow = (actions: unknown, change: object = {}) => ({
  Policies: [
    {
      PolicyName: 'p',
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*', ...change }] },
    },
  ],
});

const role = (properties: object = {}) => ({ Type: 'AWS::IAM::Role', Properties: properties });
const ROLE_ARN = { 'Fn::GetAtt': ['Role', 'Arn'] };

/** A state machine, and a role with properties. */
function machine(roleProperties: object, Enabled: unknown = true, more: object = {}): Resources {
  return {
    Flow: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { RoleArn: ROLE_ARN, TracingConfiguration: { Enabled } },
      ...more,
    },
    Role: role(roleProperties),
  };
}

function sam(properties: object, more: Resources = {}): Resources {
  return { Flow: { Type: 'AWS::Serverless::StateMachine', Properties: properties }, ...more };
}

const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const MACRO = { Transform: ['Company::Defaults', 'AWS::Serverless-2016-10-31'] };
const TRACED = {
  Parameters: { Traced: { Type: 'String', Default: 'true', AllowedValues: ['true', 'false'] } },
};

/** A policy document with a statement on all actions of X-Ray. */
const statement = (Effect: string) => ({ Statement: [{ Effect, Action: 'xray:*', Resource: '*' }] });

const inProd = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['Prod', then, otherwise] });
const conditional = (resources: Resources) => stack('t', resources, { sections: PROD });

ruleTester(STATE_MACHINE_PERMISSIONS, {
  valid: [
    ['the managed policy of the daemon', machine({ ManagedPolicyArns: [DAEMON] })],
    ['the four actions', machine(allow(ALL))],
    ['the actions by wildcards', machine(allow(['xray:Put*', 'XRAY:getsampling*']))],
    ['all other actions', machine(allow(undefined, { NotAction: 's3:*' }))],
    ['the actions in several policies', machine({ ManagedPolicyArns: [READ_ONLY], ...allow(WRITES) })],
    [
      'a policy that is a resource',
      {
        ...machine({}),
        P: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            Roles: [{ Ref: 'Role' }],
            PolicyDocument: { Statement: { Effect: 'Allow', Action: ALL, Resource: '*' } },
          },
        },
      },
    ],
    ['no tracing', machine({}, false)],
    ['tracing known only at deployment', machine({}, { Ref: 'Traced' })],
    ['a role outside of the templates', { Flow: machine({}).Flow }],
    ['a policy outside of the templates', machine({ ManagedPolicyArns: [{ Ref: 'PolicyArn' }] })],
    ['actions known only at deployment', machine(allow({ Ref: 'Actions' }))],
    ['actions under a condition of IAM', machine(allow(ALL, { Condition: { Bool: {} } }))],
    ['the role that SAM generates', sam({ Tracing: { Enabled: true } })],
    [
      'the role that SAM generates, with policies',
      sam({ Tracing: { Enabled: true }, Policies: ['AmazonS3FullAccess'], PermissionsBoundary: ADMIN }),
    ],
    ['SAM with a policy of its own', sam({ Tracing: { Enabled: 'true' }, Policies: [statement('Allow')] })],
    [
      'SAM with a managed policy by name',
      sam({ Tracing: { Enabled: 'true' }, Policies: 'AWSXRayDaemonWriteAccess' }),
    ],
    [
      'a policy that is a resource, for the role that SAM generates',
      sam(
        { Tracing: { Enabled: 'true' } },
        {
          P: {
            Type: 'AWS::IAM::Policy',
            Properties: { Roles: [{ Ref: 'FlowRole' }], PolicyDocument: statement('Allow') },
          },
        },
      ),
    ],
    ['a macro that can add a policy', stack('t', sam({ Tracing: { Enabled: 'true' } }), { sections: MACRO })],
    ['SAM without tracing', sam({ Role: ROLE_ARN }, { Role: role() })],
    [
      'tracing and the policy under the same condition',
      conditional(
        machine({ ManagedPolicyArns: [inProd(DAEMON, { Ref: 'AWS::NoValue' })] }, inProd(true, false)),
      ),
    ],
    [
      'tracing only in a combination that a rule forbids',
      stack(
        't',
        machine(
          { ManagedPolicyArns: [inProd(DAEMON, { Ref: 'AWS::NoValue' })] },
          { 'Fn::If': ['Traces', true, false] },
        ),
        {
          sections: {
            Parameters: {
              Stage: { Type: 'String', AllowedValues: ['prod', 'dev'] },
              Traces: { Type: 'String', AllowedValues: ['yes', 'no'] },
            },
            Conditions: { ...PROD.Conditions, Traces: { 'Fn::Equals': [{ Ref: 'Traces' }, 'yes'] } },
            Rules: {
              TracesInProd: {
                RuleCondition: { 'Fn::Equals': [{ Ref: 'Traces' }, 'yes'] },
                Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } }],
              },
            },
          },
        },
      ),
    ],
    [
      'a state machine that is never created',
      stack('t', machine({}, true, { Condition: 'Never' }), {
        sections: { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } },
      }),
    ],
    [
      'a role in another template',
      stack('flow', {
        Flow: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            RoleArn: { 'Fn::ImportValue': 'role' },
            TracingConfiguration: { Enabled: true },
          },
        },
      }),
      stack(
        'roles',
        { Role: role({ ManagedPolicyArns: [DAEMON] }) },
        {
          sections: { Outputs: { Role: { Value: ROLE_ARN, Export: { Name: 'role' } } } },
        },
      ),
    ],
  ],
  invalid: [
    ['Flow RoleArn', 'no policy', machine({})],
    ['Flow RoleArn', 'tracing as text', machine({}, 'true')],
    ['Flow RoleArn', 'only the actions that write', machine(allow(WRITES))],
    ['Flow RoleArn', 'only a part of the sampling actions', machine(allow(ALL.slice(0, 3)))],
    ['Flow RoleArn', 'a managed policy that only reads', machine({ ManagedPolicyArns: [READ_ONLY] })],
    [
      'Flow RoleArn',
      'actions on a narrower resource',
      machine(allow(ALL, { Resource: 'arn:aws:xray:*:*:*' })),
    ],
    [
      'Flow RoleArn',
      'a denial',
      machine({ ManagedPolicyArns: [DAEMON], ...allow('xray:GetSampling*', { Effect: 'Deny' }) }),
    ],
    [
      'Flow RoleArn',
      'a permissions boundary',
      machine({ ManagedPolicyArns: [DAEMON], PermissionsBoundary: READ_ONLY }),
    ],
    [
      'Flow Role',
      'SAM with a role of its own',
      sam({ Role: ROLE_ARN, Tracing: { Enabled: true } }, { Role: role() }),
    ],
    [
      'Flow Role',
      'SAM with tracing in Globals',
      stack('t', sam({ Role: ROLE_ARN }, { Role: role() }), {
        sections: { Globals: { StateMachine: { Tracing: { Enabled: true } } } },
      }),
    ],
    ...[{ Ref: 'Traced' }, 'true', inProd(true, true)].map((Enabled): [string, ...Case] => [
      'Flow Role',
      `SAM with tracing that is not a literal true: ${JSON.stringify(Enabled)}`,
      stack('t', sam({ Tracing: { Enabled } }), { sections: { ...PROD, ...TRACED } }),
    ]),
    [
      'Flow Role',
      'SAM with tracing under a condition',
      conditional(sam({ Tracing: inProd({ Enabled: true }, { Enabled: false }) })),
    ],
    [
      'Flow Role',
      'SAM with a denial in Policies',
      sam({ Tracing: { Enabled: true }, Policies: [statement('Deny')] }),
    ],
    [
      'Flow Role',
      'SAM with a permissions boundary',
      sam({
        Tracing: { Enabled: true },
        PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonS3FullAccess',
      }),
    ],
    [
      'Flow Role',
      'SAM with a denial in a policy that is a resource',
      sam(
        { Tracing: { Enabled: true } },
        {
          P: {
            Type: 'AWS::IAM::Policy',
            Properties: { Roles: [{ Ref: 'FlowRole' }], PolicyDocument: statement('Deny') },
          },
        },
      ),
    ],
    [
      'Flow RoleArn',
      'the policy in the other case',
      conditional(
        machine({ ManagedPolicyArns: [inProd({ Ref: 'AWS::NoValue' }, DAEMON)] }, inProd(true, false)),
      ),
    ],
    [
      'Flow RoleArn',
      'a role in another template',
      stack('flow', {
        Flow: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            RoleArn: { 'Fn::ImportValue': 'role' },
            TracingConfiguration: { Enabled: true },
          },
        },
      }),
      stack(
        'roles',
        { Role: role() },
        {
          sections: { Outputs: { Role: { Value: ROLE_ARN, Export: { Name: 'role' } } } },
        },
      ),
    ],
  ],
});
