import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, type Resources, stack } from '../rules/templates';

const WRITES = {
  Statement: {
    Effect: 'Allow',
    Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    Resource: '*',
  },
};
/** A document that allows writing, with changes. */
function statement(change: object) {
  return { Statement: { ...WRITES.Statement, ...change } };
}

const DAEMON = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess' };
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/** A function with a role and the policies attached to it. */
function withRole(properties: object, more: Resources = {}): Resources {
  return {
    Fn: lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: { Type: 'AWS::IAM::Role', Properties: properties },
    ...more,
  };
}

test.each<[string, Resources, string[]]>([
  ['a managed policy of AWS', withRole({ ManagedPolicyArns: [BASIC, DAEMON] }), ['AWSXRayDaemonWriteAccess']],
  [
    'an inline policy',
    withRole({ Policies: [{ PolicyName: 'Traces', PolicyDocument: WRITES }] }),
    ['Traces'],
  ],
  [
    'a policy that is a resource',
    withRole(
      {},
      {
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: WRITES },
        },
      },
    ),
    ['Policy'],
  ],
  [
    'several',
    withRole({ ManagedPolicyArns: [DAEMON], Policies: [{ PolicyName: 'Traces', PolicyDocument: WRITES }] }),
    ['AWSXRayDaemonWriteAccess', 'Traces'],
  ],
  [
    'an inline policy without a name',
    withRole({ Policies: [{ PolicyDocument: WRITES }] }),
    ['inline policy of Role'],
  ],
  [
    'no policy that denies or concerns something else',
    withRole({
      ManagedPolicyArns: [DAEMON],
      Policies: [
        { PolicyName: 'Denies', PolicyDocument: statement({ Effect: 'Deny' }) },
        { PolicyName: 'Reads', PolicyDocument: statement({ Action: 's3:GetObject' }) },
      ],
    }),
    ['AWSXRayDaemonWriteAccess'],
  ],
  [
    'no policy that only possibly allows it',
    withRole({
      ManagedPolicyArns: [DAEMON],
      Policies: [{ PolicyName: 'MayWrite', PolicyDocument: statement({ Condition: { Bool: {} } }) }],
    }),
    ['AWSXRayDaemonWriteAccess'],
  ],
  ['none', withRole({ ManagedPolicyArns: [BASIC] }), []],
  [
    'the policy that SAM attaches',
    { Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Active' } } },
    ['AWSXrayWriteOnlyAccess'],
  ],
  [
    'a document in a SAM function',
    { Fn: { Type: 'AWS::Serverless::Function', Properties: { Policies: [WRITES] } } },
    ['Policies'],
  ],
])('names %s as allowing a function to write', (_, resources, policies) => {
  const [fn] = buildTracingModel([stack('t', resources)]).functions;
  expect(fn.writePermissions.map(({ value }) => value.policies)).toEqual([policies]);
});

test('names a policy in the case in which it applies', () => {
  const resources = withRole({
    ManagedPolicyArns: [{ 'Fn::If': ['Traced', DAEMON, BASIC] }],
    Policies: [{ PolicyName: 'Traces', PolicyDocument: WRITES }],
  });
  const sections = { Conditions: { Traced: { 'Fn::Equals': [{ Ref: 'T' }, 'yes'] } } };
  const [fn] = buildTracingModel([stack('t', resources, { sections })]).functions;
  expect(fn.writePermissions.map(({ value }) => value.policies)).toEqual([
    ['AWSXRayDaemonWriteAccess', 'Traces'],
    ['Traces'],
  ]);
});
