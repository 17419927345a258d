import {
  ACTIVE,
  alias,
  driftOf,
  functionWith,
  PASS_THROUGH,
  samFunction,
  version,
  type Scenario,
} from '../scenario';

const NOT_ALLOWED = (role = 'fn-role', actions = 'xray:PutTraceSegments and xray:PutTelemetryRecords') =>
  `Function 'Fn' is Active, but its role '${role}' does not allow ${actions}, so its traces are lost. `;
const DENIED = { isAllowed: false, deniedBy: 'implicit-deny' } as const;
const GRANT =
  'aws iam attach-role-policy --role-name fn-role --policy-arn arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
const WITHOUT_POLICY = { Type: 'AWS::IAM::Role', Properties: {} };

describe('reports missing permissions', () => {
  test.each<[string, Scenario, string, string[]]>([
    [
      'removed outside of the stack',
      { decisions: [DENIED, DENIED] },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      [
        'The template allows it, so the permission was removed outside of the stack. Attach the AWS managed policy AWSXRayDaemonWriteAccess.',
        GRANT,
      ],
    ],
    [
      'for one of the actions',
      { decisions: [{}, DENIED] },
      `${NOT_ALLOWED('fn-role', 'xray:PutTelemetryRecords')}None of the policies of the role allows this.`,
      [
        'The template allows it, so the permission was removed outside of the stack. Attach the AWS managed policy AWSXRayDaemonWriteAccess.',
        GRANT,
      ],
    ],
    [
      'that are missing in the template too',
      { template: { ...ACTIVE, Role: WITHOUT_POLICY }, decisions: [DENIED, DENIED] },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      [
        "The template does not allow it either. Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of 'Fn' in the template, or allow xray:PutTraceSegments and xray:PutTelemetryRecords on *, and deploy.",
      ],
    ],
    [
      'that are not deployed yet',
      { template: ACTIVE, deployed: { ...ACTIVE, Role: WITHOUT_POLICY }, decisions: [DENIED, DENIED] },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      ["Deploy the stack 'Orders'. Its template allows it."],
    ],
    [
      'of a role outside of the templates',
      {
        template: { Fn: functionWith('Active', { Role: ROLE_ELSEWHERE() }) },
        decisions: [DENIED, DENIED],
      },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      ['Attach the AWS managed policy AWSXRayDaemonWriteAccess.', GRANT],
    ],
    [
      'of a role that was set outside of the stack',
      { role: 'orders-role', decisions: [DENIED, DENIED] },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      [
        "The role of 'Fn' in the stack is 'orders-role'. It was changed outside of the stack. Set the role back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/orders-role --region eu-west-1',
      ],
    ],
    [
      'of a role that was set outside of the stack, instead of one with a path',
      {
        template: { ...ACTIVE, Role: { ...WITHOUT_POLICY, Properties: { Path: '/orders/' } } },
        role: 'orders-role',
        decisions: [{ isAllowed: false, deniedBy: 'boundary' }],
      },
      `${NOT_ALLOWED('fn-role', 'xray:PutTraceSegments')}The permissions boundary of the role does not allow this.`,
      [
        "The role of 'Fn' in the stack is 'orders-role'. It was changed outside of the stack. Set the role back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/orders/orders-role --region eu-west-1',
      ],
    ],
    [
      'of a role that was set outside of the stack, instead of one whose path is known only at deployment',
      {
        template: { ...ACTIVE, Role: { ...WITHOUT_POLICY, Properties: { Path: { Ref: 'Path' } } } },
        role: 'orders-role',
        decisions: [DENIED, DENIED],
      },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      [
        "The role of 'Fn' in the stack is 'orders-role'. It was changed outside of the stack. Set the role back.",
      ],
    ],
    [
      'of a role that was set outside of the stack, instead of an existing one',
      {
        template: { Fn: functionWith('Active', { Role: 'arn:aws:iam::111122223333:role/teams/orders' }) },
        decisions: [DENIED, DENIED],
      },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      [
        "The role of 'Fn' in the stack is 'orders'. It was changed outside of the stack. Set the role back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/teams/orders --region eu-west-1',
      ],
    ],
    [
      "of a role that was set outside of the stack, instead of SAM's",
      { template: { Fn: samFunction('Active') }, role: 'orders-role', decisions: [DENIED, DENIED] },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      [
        "The role of 'Fn' in the stack is 'orders-role'. It was changed outside of the stack. Set the role back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/orders-role --region eu-west-1',
      ],
    ],
    [
      'of a role that a deployment replaces',
      {
        template: { Fn: functionWith('Active', { Role: 'arn:aws:iam::111122223333:role/teams/orders' }) },
        deployed: ACTIVE,
        decisions: [DENIED, DENIED],
      },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      ["Deploy the stack 'Orders', which gives 'Fn' the role 'orders'."],
    ],
    [
      'of a different role than in the template, with an unknown deployed template',
      { deployed: null, role: 'orders-role', decisions: [DENIED, DENIED] },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      [
        "The role of 'Fn' in the template is 'orders-role'. Deploy the stack 'Orders'. If it is already deployed, set the role back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/orders-role --region eu-west-1',
      ],
    ],
    [
      'of a role that can be a different one than in the template',
      { role: null, decisions: [DENIED, DENIED] },
      `${NOT_ALLOWED()}None of the policies of the role allows this.`,
      [
        "None of the stacks that were read contains the role that the template gives 'Fn'. Check whether it is 'fn-role', and attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of the template.",
      ],
    ],
    [
      'denied by a policy',
      { decisions: [{ isAllowed: false, deniedBy: 'explicit-deny', policies: ['NoTraces'] }, {}] },
      `${NOT_ALLOWED('fn-role', 'xray:PutTraceSegments')}This is denied by 'NoTraces'.`,
      ["Remove the Deny statement from 'NoTraces'."],
    ],
    [
      'denied by an unknown policy',
      { decisions: [{ isAllowed: false, deniedBy: 'explicit-deny' }, {}] },
      `${NOT_ALLOWED('fn-role', 'xray:PutTraceSegments')}A policy denies this.`,
      ["Remove the Deny statement from the policies of 'fn-role'."],
    ],
    [
      'denied by the permissions boundary',
      { decisions: [{ isAllowed: false, deniedBy: 'boundary' }, DENIED] },
      `${NOT_ALLOWED()}The permissions boundary of the role does not allow this.`,
      [
        "Allow xray:PutTraceSegments and xray:PutTelemetryRecords on * in the permissions boundary of 'fn-role', or set a different boundary.",
      ],
    ],
    [
      'denied by the permissions boundary, and possibly by the organization',
      {
        decisions: [
          { isAllowed: false, deniedBy: 'boundary' },
          { isAllowed: false, deniedBy: 'organization' },
        ],
      },
      `${NOT_ALLOWED('fn-role', 'xray:PutTraceSegments')}The permissions boundary of the role does not allow this.`,
      [
        "Allow xray:PutTraceSegments on * in the permissions boundary of 'fn-role', or set a different boundary.",
      ],
    ],
    [
      'that a condition of a policy can grant',
      {
        decisions: [
          { ...DENIED, dependsOn: ['aws:SourceVpc'] },
          { ...DENIED, dependsOn: ['aws:SourceVpc', 'aws:SourceIp'] },
        ],
      },
      `${NOT_ALLOWED()}None of the policies of the role allows this. A condition on aws:SourceVpc, aws:SourceIp can change this result.`,
      [
        'The template allows it, so the permission was removed outside of the stack. Attach the AWS managed policy AWSXRayDaemonWriteAccess.',
        GRANT,
      ],
    ],
    [
      'denied by a policy with a condition',
      { decisions: [{ isAllowed: false, deniedBy: 'explicit-deny', dependsOn: ['aws:SourceVpc'] }, {}] },
      `${NOT_ALLOWED('fn-role', 'xray:PutTraceSegments')}A policy denies this. A condition on aws:SourceVpc can change this result.`,
      ["Remove the Deny statement from the policies of 'fn-role'."],
    ],
    [
      'of a deleted role',
      { decisions: null },
      "The role 'fn-role' of 'Fn' does not exist, so the function cannot run.",
      ["Create a role with this name, or deploy 'Fn' with a different role."],
    ],
  ])('%s', (_, scenario, message, fix) => {
    const role = 'permissions arn:aws:iam::111122223333:role/service-role/fn-role';
    expect(driftOf(scenario)).toEqual([[role, message, ...fix]]);
  });

  function ROLE_ELSEWHERE() {
    return { 'Fn::ImportValue': 'Role' };
  }

  test('in a partition whose commands need a region', () => {
    const arn = 'arn:aws-cn:iam::111122223333:role/fn-role';
    const [[, , , command]] = driftOf({ arn, decisions: [DENIED, DENIED] });
    expect(command).toBe(
      'aws iam attach-role-policy --role-name fn-role --policy-arn arn:aws-cn:iam::aws:policy/AWSXRayDaemonWriteAccess --region eu-west-1',
    );
  });

  test('of a function that is Active only in the template', () => {
    const [, [, message]] = driftOf({ latest: 'PassThrough', decisions: [DENIED, DENIED] });
    expect(message).toMatch(
      /^Function 'Fn' is Active in the template, but .*, so its traces would be lost\. /,
    );
  });

  test('of a version that is still Active', () => {
    const template = { ...PASS_THROUGH, Version: version(), Live: alias('Version') };
    const versions = { 1: 'Active' } as const;
    const scenario: Scenario = { template, latest: 'PassThrough', versions, aliases: { live: ['1'] } };
    expect(driftOf({ ...scenario, decisions: [DENIED, DENIED] }).map(([head]) => head.split(' ')[0])).toEqual(
      ['alias', 'permissions'],
    );
  });
});
