import {
  ACTIVE,
  alias,
  deviations,
  functionWith,
  PASS_THROUGH,
  samFunction,
  version,
  type World,
} from '../world';

const LACKING = (role = 'fn-role', actions = 'xray:PutTraceSegments and xray:PutTelemetryRecords') =>
  `The function 'Fn' is Active, but its role '${role}' is not allowed ${actions}, since `;
const DENIED = { isAllowed: false, by: 'nothing' } as const;
const GRANT =
  'aws iam attach-role-policy --role-name fn-role --policy-arn arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
const WITHOUT_POLICY = { Type: 'AWS::IAM::Role', Properties: {} };

describe('permissions that are lacking', () => {
  test.each<[string, World, string, string[]]>([
    [
      'taken away by hand',
      { decisions: [DENIED, DENIED] },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      ['The template has it: it was taken away outside of the stack. Attach the AWS managed policy.', GRANT],
    ],
    [
      'one of them',
      { decisions: [{}, DENIED] },
      `${LACKING('fn-role', 'xray:PutTelemetryRecords')}none of its policies allows it: its traces are lost.`,
      ['The template has it: it was taken away outside of the stack. Attach the AWS managed policy.', GRANT],
    ],
    [
      'in the template too',
      { template: { ...ACTIVE, Role: WITHOUT_POLICY }, decisions: [DENIED, DENIED] },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      [
        "The template lacks it too: attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of 'Fn' there, or allow xray:PutTraceSegments and xray:PutTelemetryRecords on *, and deploy.",
      ],
    ],
    [
      'not deployed yet',
      { template: ACTIVE, deployed: { ...ACTIVE, Role: WITHOUT_POLICY }, decisions: [DENIED, DENIED] },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      ["Deploy the stack 'Orders', whose template has it."],
    ],
    [
      'of a role that is not in the templates',
      {
        template: { Fn: functionWith('Active', { Role: ROLE_ELSEWHERE() }) },
        decisions: [DENIED, DENIED],
      },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      ['Attach the AWS managed policy.', GRANT],
    ],
    [
      'of a role that was given outside of the stack',
      { role: 'orders-role', decisions: [DENIED, DENIED] },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      [
        "The role of 'Fn' is 'orders-role' in the stack: it was changed outside of it. Set it back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/orders-role --region eu-west-1',
      ],
    ],
    [
      'of a role that was given outside of the stack, in place of one with a path',
      {
        template: { ...ACTIVE, Role: { ...WITHOUT_POLICY, Properties: { Path: '/orders/' } } },
        role: 'orders-role',
        decisions: [{ isAllowed: false, by: 'boundary' }],
      },
      `${LACKING('fn-role', 'xray:PutTraceSegments')}its permissions boundary does not allow it: its traces are lost.`,
      [
        "The role of 'Fn' is 'orders-role' in the stack: it was changed outside of it. Set it back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/orders/orders-role --region eu-west-1',
      ],
    ],
    [
      'of a role that was given outside of the stack, in place of one whose path is not known',
      {
        template: { ...ACTIVE, Role: { ...WITHOUT_POLICY, Properties: { Path: { Ref: 'Path' } } } },
        role: 'orders-role',
        decisions: [DENIED, DENIED],
      },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      ["The role of 'Fn' is 'orders-role' in the stack: it was changed outside of it. Set it back."],
    ],
    [
      'of a role that was given outside of the stack, in place of one of the account',
      {
        template: { Fn: functionWith('Active', { Role: 'arn:aws:iam::111122223333:role/teams/orders' }) },
        decisions: [DENIED, DENIED],
      },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      [
        "The role of 'Fn' is 'orders' in the stack: it was changed outside of it. Set it back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/teams/orders --region eu-west-1',
      ],
    ],
    [
      "of a role that was given outside of the stack, in place of SAM's",
      { template: { Fn: samFunction('Active') }, role: 'orders-role', decisions: [DENIED, DENIED] },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      [
        "The role of 'Fn' is 'orders-role' in the stack: it was changed outside of it. Set it back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/orders-role --region eu-west-1',
      ],
    ],
    [
      'of a role that a deployment will replace',
      {
        template: { Fn: functionWith('Active', { Role: 'arn:aws:iam::111122223333:role/teams/orders' }) },
        deployed: ACTIVE,
        decisions: [DENIED, DENIED],
      },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      ["Deploy the stack 'Orders', which gives 'Fn' the role 'orders'."],
    ],
    [
      'of another role than in the template, where nobody knows what is deployed',
      { deployed: null, role: 'orders-role', decisions: [DENIED, DENIED] },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      [
        "The role of 'Fn' is 'orders-role' in the template: deploy the stack 'Orders', or if it is deployed already, set the role back.",
        'aws lambda update-function-configuration --function-name fn-1A2B --role arn:aws:iam::111122223333:role/orders-role --region eu-west-1',
      ],
    ],
    [
      'of a role that may be another than in the template',
      { role: null, decisions: [DENIED, DENIED] },
      `${LACKING()}none of its policies allows it: its traces are lost.`,
      [
        "The template gives 'Fn' a role that none of the stacks that were read has: see whether it is 'fn-role', and attach the AWS managed policy AWSXRayDaemonWriteAccess to that of the template.",
      ],
    ],
    [
      'by a policy',
      { decisions: [{ isAllowed: false, by: 'denial', policies: ['NoTraces'] }, {}] },
      `${LACKING('fn-role', 'xray:PutTraceSegments')}it is denied by 'NoTraces': its traces are lost.`,
      ["Take the denial out of 'NoTraces'."],
    ],
    [
      'by a policy that is not told',
      { decisions: [{ isAllowed: false, by: 'denial' }, {}] },
      `${LACKING('fn-role', 'xray:PutTraceSegments')}a policy denies it: its traces are lost.`,
      ["Take the denial out of the policies of 'fn-role'."],
    ],
    [
      'by the boundary',
      { decisions: [{ isAllowed: false, by: 'boundary' }, DENIED] },
      `${LACKING()}its permissions boundary does not allow it: its traces are lost.`,
      [
        "Allow xray:PutTraceSegments and xray:PutTelemetryRecords on * in the permissions boundary of 'fn-role', or give it another.",
      ],
    ],
    [
      'by the boundary, and maybe by the organization',
      {
        decisions: [
          { isAllowed: false, by: 'boundary' },
          { isAllowed: false, by: 'organization' },
        ],
      },
      `${LACKING('fn-role', 'xray:PutTraceSegments')}its permissions boundary does not allow it: its traces are lost.`,
      ["Allow xray:PutTraceSegments on * in the permissions boundary of 'fn-role', or give it another."],
    ],
    [
      'as long as no condition of another policy is about it',
      {
        decisions: [
          { ...DENIED, dependsOn: ['aws:SourceVpc'] },
          { ...DENIED, dependsOn: ['aws:SourceVpc', 'aws:SourceIp'] },
        ],
      },
      `${LACKING()}none of its policies allows it: its traces are lost, unless a condition on aws:SourceVpc, aws:SourceIp decides otherwise.`,
      ['The template has it: it was taken away outside of the stack. Attach the AWS managed policy.', GRANT],
    ],
    [
      'by a policy, as long as no condition lets it pass',
      { decisions: [{ isAllowed: false, by: 'denial', dependsOn: ['aws:SourceVpc'] }, {}] },
      `${LACKING('fn-role', 'xray:PutTraceSegments')}a policy denies it: its traces are lost, unless a condition on aws:SourceVpc decides otherwise.`,
      ["Take the denial out of the policies of 'fn-role'."],
    ],
    [
      'with the role',
      { decisions: null },
      "The role 'fn-role' of 'Fn' isn't there, so that the function can't run.",
      ["Make the role again, by its name, or deploy 'Fn' with another."],
    ],
  ])('%s', (_, world, message, mending) => {
    const role = 'permissions arn:aws:iam::111122223333:role/service-role/fn-role';
    expect(deviations(world)).toEqual([[role, message, ...mending]]);
  });

  function ROLE_ELSEWHERE() {
    return { 'Fn::ImportValue': 'Role' };
  }

  test('in another partition, of which the command names a region', () => {
    const arn = 'arn:aws-cn:iam::111122223333:role/fn-role';
    const [[, , , command]] = deviations({ arn, decisions: [DENIED, DENIED] });
    expect(command).toBe(
      'aws iam attach-role-policy --role-name fn-role --policy-arn arn:aws-cn:iam::aws:policy/AWSXRayDaemonWriteAccess --region eu-west-1',
    );
  });

  test('of a function that is Active once it is mended', () => {
    const [, [, message]] = deviations({ latest: 'PassThrough', decisions: [DENIED, DENIED] });
    expect(message).toMatch(/^The function 'Fn' is to be Active, but .*: its traces would be lost\.$/);
  });

  test('of a version that is Active still', () => {
    const template = { ...PASS_THROUGH, Version: version(), Live: alias('Version') };
    const versions = { 1: 'Active' } as const;
    const world: World = { template, latest: 'PassThrough', versions, aliases: { live: ['1'] } };
    expect(deviations({ ...world, decisions: [DENIED, DENIED] }).map(([head]) => head.split(' ')[0])).toEqual(
      ['alias', 'permissions'],
    );
  });
});
