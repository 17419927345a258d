import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { readRoles } from '../../lib/deployed/read-functions';
import { awsError, denied, inAccount, PRINCIPAL, withNobody } from './account';

withNobody();
afterAll(() => iam.restore());

const iam = mockClient(IAMClient);
beforeEach(() => iam.reset());

const ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
const ROLE = 'arn:aws:iam::111122223333:role/service-role/fn';

function read(...roles: readonly (readonly [string, string])[]) {
  const named = roles.map(([arn, region]) => ({ arn, region }));
  return inAccount((account) => readRoles(named, account, () => undefined));
}

test('simulates the permissions of each role and region once', async () => {
  iam.on(SimulatePrincipalPolicyCommand).resolves({ EvaluationResults: [] });
  await read([ROLE, 'eu-west-1'], [ROLE, 'eu-west-1'], [ROLE, 'us-east-1']);
  expect(iam.commandCalls(SimulatePrincipalPolicyCommand).map(({ args }) => args[0].input)).toEqual(
    ['eu-west-1', 'us-east-1'].map((region) => ({
      PolicySourceArn: ROLE,
      ActionNames: ACTIONS,
      ContextEntries: [
        { ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string', ContextKeyValues: [region] },
        { ContextKeyName: 'aws:PrincipalArn', ContextKeyType: 'string', ContextKeyValues: [ROLE] },
        {
          ContextKeyName: 'aws:PrincipalAccount',
          ContextKeyType: 'string',
          ContextKeyValues: ['111122223333'],
        },
        { ContextKeyName: 'aws:PrincipalType', ContextKeyType: 'string', ContextKeyValues: ['AssumedRole'] },
        { ContextKeyName: 'aws:SecureTransport', ContextKeyType: 'boolean', ContextKeyValues: ['true'] },
        {
          ContextKeyName: 'aws:PrincipalIsAWSService',
          ContextKeyType: 'boolean',
          ContextKeyValues: ['false'],
        },
        { ContextKeyName: 'aws:ViaAWSService', ContextKeyType: 'boolean', ContextKeyValues: ['false'] },
      ],
    })),
  );
});

test('reads the decisions of all pages', async () => {
  iam
    .on(SimulatePrincipalPolicyCommand, { Marker: undefined })
    .resolves({
      EvaluationResults: [
        { EvalActionName: 'a', EvalDecision: 'allowed', MatchedStatements: [{ SourcePolicyId: 'Granting' }] },
        { EvalActionName: 'b', EvalDecision: 'implicitDeny', MissingContextValues: ['aws:SourceVpc'] },
      ],
      IsTruncated: true,
      Marker: 'more',
    })
    .on(SimulatePrincipalPolicyCommand, { Marker: 'more' })
    .resolves({
      EvaluationResults: [
        {
          EvalActionName: 'c',
          EvalDecision: 'explicitDeny',
          MatchedStatements: [{ SourcePolicyId: 'Denying' }],
        },
        {
          EvalActionName: 'd',
          EvalDecision: 'implicitDeny',
          PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
        },
        {
          EvalActionName: 'e',
          EvalDecision: 'explicitDeny',
          OrganizationsDecisionDetail: { AllowedByOrganizations: false },
          PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true },
        },
        {
          EvalActionName: 'f',
          EvalDecision: 'explicitDeny',
          OrganizationsDecisionDetail: { AllowedByOrganizations: false },
          PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
        },
      ],
    });
  const { roles, failures } = await read([ROLE, 'eu-west-1']);
  expect(failures).toEqual([]);
  expect(roles).toEqual([
    {
      arn: ROLE,
      region: 'eu-west-1',
      exists: true,
      decisions: [
        { action: 'a', isAllowed: true, policies: [], dependsOn: [] },
        {
          action: 'b',
          isAllowed: false,
          deniedBy: 'implicit-deny',
          policies: [],
          dependsOn: ['aws:SourceVpc'],
        },
        { action: 'c', isAllowed: false, deniedBy: 'explicit-deny', policies: ['Denying'], dependsOn: [] },
        { action: 'd', isAllowed: false, deniedBy: 'boundary', policies: [], dependsOn: [] },
        { action: 'e', isAllowed: false, deniedBy: 'organization', policies: [], dependsOn: [] },
        { action: 'f', isAllowed: false, deniedBy: 'boundary', policies: [], dependsOn: [] },
      ],
    },
  ]);
});

test.each<[string[], string[]]>([
  [
    ['aws:SourceVpc', 'AWS:SourceIp'],
    ['aws:SourceVpc', 'AWS:SourceIp'],
  ],
  [['lambda:SourceFunctionArn'], ['lambda:SourceFunctionArn']],
  [['s3:prefix', 'kms:ViaService', 'lambda:FunctionArn', 'xray:none'], []],
  [['aws:username', 'aws:TagKeys', 'aws:RequestTag/team', 'aws:ResourceTag/team'], []],
  [['aws:PrincipalTag/team', 's3:prefix'], ['aws:PrincipalTag/team']],
])('selects the missing condition keys that requests to X-Ray can have: %j', async (missing, dependsOn) => {
  const result = {
    EvalActionName: 'a',
    EvalDecision: 'implicitDeny',
    MissingContextValues: missing,
  } as const;
  iam.on(SimulatePrincipalPolicyCommand).resolves({ EvaluationResults: [result] });
  const { roles } = await read([ROLE, 'eu-west-1']);
  expect(roles[0].decisions[0].dependsOn).toEqual(dependsOn);
});

test('reports a missing role', async () => {
  iam.on(SimulatePrincipalPolicyCommand).rejects(awsError('NoSuchEntityException', 'Role fn not found'));
  expect(await read([ROLE, 'eu-west-1'])).toEqual({
    roles: [{ arn: ROLE, region: 'eu-west-1', exists: false, decisions: [] }],
    failures: [],
  });
});

test('reports roles without access', async () => {
  iam.on(SimulatePrincipalPolicyCommand).rejects(denied('iam:SimulatePrincipalPolicy'));
  const other = 'arn:aws:iam::111122223333:role/other';
  expect(await read([ROLE, 'eu-west-1'], [other, 'eu-west-1'])).toEqual({
    roles: [],
    failures: [
      `Can't read the permissions of 2 roles in eu-west-1 ('fn', 'other'): Access denied. Allow iam:SimulatePrincipalPolicy for ${PRINCIPAL}.`,
    ],
  });
});
