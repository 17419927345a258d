import { STATE_MACHINE_PERMISSIONS } from '../../lib/rules/state-machine-permissions';
import { type Resources, ruleTester, stack } from './templates';

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
    ['SAM without tracing', sam({ Role: ROLE_ARN }, { Role: role() })],
    [
      'tracing and the policy under the same condition',
      conditional(
        machine({ ManagedPolicyArns: [inProd(DAEMON, { Ref: 'AWS::NoValue' })] }, inProd(true, false)),
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
