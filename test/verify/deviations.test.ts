import { alias, functionWith, samFunction, verified, version, type World } from './world';

/** The deviations: what is wrong, what mends it, and the commands. */
function deviations(world: World): string[][] {
  return verified(world).flatMap(({ deviations: found }) =>
    found.map(({ kind, about, message, fix, commands }) => [
      [kind, ...(about === undefined ? [] : [about])].join(' '),
      message,
      fix,
      ...commands,
    ]),
  );
}

const ACTIVE = { Fn: functionWith('Active') };
const PASS_THROUGH = { Fn: functionWith('PassThrough') };
const PUBLISHED = { ...ACTIVE, Version: version(), Live: alias('Version') };
const TIED = {
  ...ACTIVE,
  Version: version({ Description: 'X-Ray tracing: Active' }),
  Live: alias('Version'),
};
const IN_STACK = { Version: '1', Live: 'live' };

describe('nothing deviates', () => {
  test.each<[string, World]>([
    ['as the template says', {}],
    [
      'a mode that is left out is PassThrough',
      { template: { Fn: functionWith(undefined) }, latest: 'PassThrough' },
    ],
    ['SAM leaves it out too', { template: { Fn: samFunction('Disabled') }, latest: 'PassThrough' }],
    [
      'a mode that only deployment tells',
      { template: { Fn: functionWith({ Ref: 'Mode' }) }, latest: 'PassThrough' },
    ],
    [
      'a mode that the parameters of the stack decide',
      { template: { Fn: functionWith({ Ref: 'Mode' }) }, given: { Mode: 'Active' } },
    ],
    [
      'a mode that a condition decides, on a parameter of the stack',
      {
        template: { Fn: functionWith({ 'Fn::If': ['IsActive', 'Active', 'PassThrough'] }) },
        given: { Mode: 'PassThrough' },
        latest: 'PassThrough',
        versions: { 1: 'PassThrough' },
        aliases: { live: ['1'] },
      },
    ],
    ['no mode of Lambda', { template: { Fn: functionWith('active') }, latest: 'PassThrough' }],
    [
      'an alias on what is not published, which is told of the function',
      { template: PASS_THROUGH, latest: 'PassThrough', aliases: { dev: ['$LATEST'] } },
    ],
    [
      'an old version that nobody is on',
      { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['2'] } },
    ],
    [
      'a split between versions of one mode',
      { versions: { 1: 'Active', 2: 'Active' }, aliases: { live: ['1', '2'] } },
    ],
    [
      'a role that may not write, and need not',
      { template: PASS_THROUGH, latest: 'PassThrough', decisions: [{ isAllowed: false, by: 'nothing' }] },
    ],
    ['what could not be read', { latest: 'PassThrough', unread: ['versions', 'aliases', 'role'] }],
    ['a function that the stack lacks', { deployed: {}, latest: 'PassThrough' }],
  ])('%s', (_, world) => {
    expect(deviations(world)).toEqual([]);
  });
});

const SET_ACTIVE =
  'aws lambda update-function-configuration --function-name fn-1A2B --tracing-config Mode=Active --region eu-west-1';

const BY_PARAMETER = { Fn: functionWith({ Ref: 'Mode' }), Version: version(), Live: alias('Version') };

const CASES: readonly [string, World, string[]][] = [
  [
    'a function that is gone',
    { latest: null },
    [
      'missing',
      "The function 'Fn' isn't there, though the stack 'Orders' has it: it was deleted outside of the stack.",
      'CloudFormation does not make it again by itself: deploy the stack without the function, and then with it.',
    ],
  ],
  [
    'a mode that was changed by hand',
    { latest: 'PassThrough' },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, and Active in the template, which is deployed: it was changed outside of the stack.",
      'Set it back. A deployment does not, as long as the template stays as it is.',
      SET_ACTIVE,
    ],
  ],
  [
    'with a profile to mend it by',
    { latest: 'PassThrough', profile: "Bob's" },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, and Active in the template, which is deployed: it was changed outside of the stack.",
      'Set it back. A deployment does not, as long as the template stays as it is.',
      `${SET_ACTIVE} --profile 'Bob'\\''s'`,
    ],
  ],
  [
    'a mode that the template leaves out',
    { template: { Fn: functionWith(undefined) }, latest: 'Active' },
    [
      'mode',
      "The tracing mode of 'Fn' is Active, and PassThrough in the template, which is deployed: it was changed outside of the stack.",
      'Set it back. A deployment does not, as long as the template stays as it is.',
      SET_ACTIVE.replace('Active', 'PassThrough'),
    ],
  ],
  [
    'a mode that is not deployed yet',
    { latest: 'PassThrough', deployed: PASS_THROUGH },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, and Active in the template, which isn't deployed yet.",
      "Deploy the stack 'Orders'.",
    ],
  ],
  [
    'a mode, where nobody knows what is deployed',
    { latest: 'PassThrough', deployed: null },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, and Active in the template.",
      "Deploy the stack 'Orders', or if it is deployed already, set the mode back.",
      SET_ACTIVE,
    ],
  ],
  [
    'an alias on a version that nothing ties to the mode',
    { template: PUBLISHED, published: IN_STACK, versions: { 1: 'PassThrough' }, aliases: { live: ['1'] } },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 1, which keeps PassThrough, and the template says Active.",
      "Publish 'Fn' by currentVersion, or give 'Version' a Description that states the mode (CDK's tieVersions does so), and deploy.",
    ],
  ],
  [
    'an alias on a version that is tied, and was published in another mode all the same',
    { template: TIED, published: IN_STACK, versions: { 1: 'PassThrough' }, aliases: { live: ['1'] } },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 1, which keeps PassThrough, and the template says Active.",
      "The version was published while 'Fn' had that mode. Have it published anew: with CDK call invalidateVersionBasedOn on 'Fn', elsewhere change the Description, and deploy.",
    ],
  ],
  [
    'an alias on a version that is tied, with characters that CloudFormation does not hand out',
    {
      template: { ...TIED, Version: version({ Description: 'Größe, X-Ray tracing: Active' }) },
      deployed: { ...TIED, Version: version({ Description: 'Gr??e, X-Ray tracing: Active' }) },
      published: IN_STACK,
      versions: { 1: 'PassThrough' },
      aliases: { live: ['1'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 1, which keeps PassThrough, and the template says Active.",
      "The version was published while 'Fn' had that mode. Have it published anew: with CDK call invalidateVersionBasedOn on 'Fn', elsewhere change the Description, and deploy.",
    ],
  ],
  [
    'an alias that was moved by hand',
    {
      template: TIED,
      published: IN_STACK,
      versions: { 1: 'Active', 2: 'PassThrough' },
      aliases: { live: ['2'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 2, which keeps PassThrough, and the template says Active.",
      'Version 1, which the stack has published, has the right mode: move the alias back to it.',
      'aws lambda update-alias --function-name fn-1A2B --name live --function-version 1 --region eu-west-1',
    ],
  ],
  [
    'an alias that a deployment will move',
    {
      template: TIED,
      deployed: {
        ...PASS_THROUGH,
        Version: version({ Description: 'X-Ray tracing: PassThrough' }),
        Live: alias('Version'),
      },
      published: IN_STACK,
      latest: 'Active',
      versions: { 1: 'PassThrough' },
      aliases: { live: ['1'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 1, which keeps PassThrough, and the template says Active.",
      "Deploy the stack 'Orders': it publishes a version anew.",
    ],
  ],
  [
    'an alias on a version with another mode than the parameters of the stack decide',
    {
      template: BY_PARAMETER,
      given: { Mode: 'Active' },
      published: IN_STACK,
      versions: { 1: 'PassThrough' },
      aliases: { live: ['1'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 1, which keeps PassThrough, and the template says Active.",
      "Publish 'Fn' by currentVersion, or give 'Version' a Description that states the mode (CDK's tieVersions does so), and deploy.",
    ],
  ],
  [
    'a mode that was changed by hand, and that the parameters of the stack decide',
    { template: BY_PARAMETER, given: { Mode: 'Active' }, latest: 'PassThrough' },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, and Active in the template, which is deployed: it was changed outside of the stack.",
      'Set it back. A deployment does not, as long as the template stays as it is.',
      SET_ACTIVE,
    ],
  ],
  [
    'an alias on a version with another mode than is in force, where only deployment tells what is right',
    {
      template: {
        Fn: functionWith({ 'Fn::If': ['IsProd', 'Active', 'PassThrough'] }),
        Version: version(),
        Live: alias('Version'),
      },
      published: IN_STACK,
      latest: 'PassThrough',
      versions: { 1: 'Active' },
      aliases: { live: ['1'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 1, which keeps Active, and $LATEST is PassThrough.",
      "Publish 'Fn' by currentVersion, or give 'Version' a Description that states the mode (CDK's tieVersions does so), and deploy.",
    ],
  ],
  [
    'a version with another mode than is in force, where only deployment tells what is right',
    {
      template: { Fn: functionWith({ Ref: 'Mode' }), Version: version() },
      published: { Version: '1' },
      versions: { 1: 'PassThrough' },
    },
    [
      'version 1',
      "The version 'Version' of 'Fn', which is number 1, keeps PassThrough, and $LATEST is Active.",
      "Publish 'Fn' by currentVersion, or give 'Version' a Description that states the mode (CDK's tieVersions does so), and deploy.",
    ],
  ],
  [
    'an alias on a version that a deployment will replace, where nobody knows what is deployed',
    {
      template: TIED,
      deployed: null,
      published: { VersionBefore: '1', Live: 'live' },
      versions: { 1: 'PassThrough' },
      aliases: { live: ['1'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 1, which keeps PassThrough, and the template says Active.",
      "Deploy the stack 'Orders': it publishes a version anew.",
    ],
  ],
  [
    'an alias that is pinned',
    {
      template: { ...ACTIVE, Live: alias('7') },
      published: { Live: 'live' },
      versions: { 7: 'PassThrough' },
      aliases: { live: ['7'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 7, which keeps PassThrough, and the template says Active.",
      "Publish a version with the mode Active, and have 'Live' refer to it in place of version 7.",
    ],
  ],
  [
    "SAM's alias",
    {
      template: { Fn: samFunction('Active') },
      published: { FnVersion0123456789: '3', FnAliaslive: 'live' },
      versions: { 3: 'PassThrough' },
      aliases: { live: ['3'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 3, which keeps PassThrough, and the template says Active.",
      "Set AutoPublishAliasAllProperties of 'Fn' to true, and deploy: SAM then publishes a version.",
    ],
  ],
  [
    "SAM's alias, where the mode decides, and was another when it published",
    {
      template: { Fn: samFunction('Active', { AutoPublishAliasAllProperties: true }) },
      published: { FnVersion0123456789: '3', FnAliaslive: 'live' },
      versions: { 3: 'PassThrough' },
      aliases: { live: ['3'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 3, which keeps PassThrough, and the template says Active.",
      "SAM published the version while 'Fn' had that mode. Have it publish anew: change the VersionDescription, and deploy.",
    ],
  ],
  [
    "SAM's alias, where the code alone decides",
    {
      template: { Fn: samFunction('Active', { AutoPublishCodeSha256: '0'.repeat(64) }) },
      published: { FnVersion0123456789: '3', FnAliaslive: 'live' },
      versions: { 3: 'PassThrough' },
      aliases: { live: ['3'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 3, which keeps PassThrough, and the template says Active.",
      "Give 'Fn' a VersionDescription that states the mode, and deploy.",
    ],
  ],
  [
    "SAM's alias, moved by hand",
    {
      template: { Fn: samFunction('Active') },
      published: { FnVersion0123456789: '3', FnAliaslive: 'live' },
      versions: { 3: 'Active', 4: 'PassThrough' },
      aliases: { live: ['4'] },
    },
    [
      'alias live',
      "The alias 'live' of 'Fn' is on version 4, which keeps PassThrough, and the template says Active.",
      'Version 3, which the stack has published, has the right mode: move the alias back to it.',
      'aws lambda update-alias --function-name fn-1A2B --name live --function-version 3 --region eu-west-1',
    ],
  ],
  [
    'an alias that no stack has',
    { versions: { 1: 'PassThrough' }, aliases: { hand: ['1'] } },
    [
      'alias hand',
      "The alias 'hand' of 'Fn' is on version 1, which keeps PassThrough, and the template says Active.",
      'None of the stacks that were read has this alias: once the mode of the function is right, publish a version and move the alias to it, which then runs the code of $LATEST too.',
      'aws lambda update-alias --function-name fn-1A2B --name hand --region eu-west-1 --function-version ' +
        '"$(aws lambda publish-version --function-name fn-1A2B --query Version --output text --region eu-west-1)"',
    ],
  ],
  [
    'a version of the stack that no alias is on',
    {
      template: { ...ACTIVE, Version: version() },
      published: { Version: '1' },
      versions: { 1: 'PassThrough' },
    },
    [
      'version 1',
      "The version 'Version' of 'Fn', which is number 1, keeps PassThrough, and the template says Active.",
      "Publish 'Fn' by currentVersion, or give 'Version' a Description that states the mode (CDK's tieVersions does so), and deploy.",
    ],
  ],
  [
    'traffic that is split between modes',
    { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['1', '2'] } },
    [
      'split live',
      "The alias 'live' of 'Fn' splits its traffic between version 1, which is PassThrough, and version 2, which is Active: one of them records no traces.",
      'End the shift of traffic, or publish both versions with the same mode. The command gives all requests to version 2, and so to its code: where a deployment is shifting them, let that end.',
      "aws lambda update-alias --function-name fn-1A2B --name live --function-version 2 --routing-config 'AdditionalVersionWeights={}' --region eu-west-1",
    ],
  ],
  [
    'traffic that is split, where only deployment tells what is right',
    {
      template: { Fn: functionWith({ Ref: 'Mode' }) },
      versions: { 1: 'PassThrough', 2: 'Active' },
      aliases: { live: ['1', '2'] },
    },
    [
      'split live',
      "The alias 'live' of 'Fn' splits its traffic between version 1, which is PassThrough, and version 2, which is Active: one of them records no traces.",
      'End the shift of traffic, or publish both versions with the same mode.',
    ],
  ],
];

test.each(CASES)('%s', (_, world, deviation) => {
  expect(deviations(world)).toEqual([deviation]);
});

describe('traffic that is split between modes', () => {
  const byCodeDeploy =
    "CodeDeploy shifts the traffic of 'live': let the deployment end, if one is under way, or stop it. Otherwise publish both versions with the same mode.";
  const sam = (preference: object) => ({ Fn: samFunction('Active', { DeploymentPreference: preference }) });

  test.each<[string, World['template'], string]>([
    [
      'by the template',
      { ...PUBLISHED, Live: alias('Version', { RoutingConfig: { AdditionalVersionWeights: [] } }) },
      "Take the RoutingConfig out of 'Live', or publish both versions with the same mode, and deploy.",
    ],
    [
      'by CodeDeploy',
      { ...PUBLISHED, Live: { ...alias('Version'), UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} } } },
      byCodeDeploy,
    ],
    ['by CodeDeploy, which SAM asks', sam({ Type: 'Linear10PercentEvery1Minute' }), byCodeDeploy],
  ])('%s is not put in its way', (_, template, fix) => {
    const world = { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['1', '2'] } } as const;
    const [[, , ...mending]] = deviations({
      ...world,
      template,
      published: { Live: 'live', FnAliaslive: 'live' },
    });
    expect(mending).toEqual([fix]);
  });
});

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

test('several at once', () => {
  const world: World = {
    template: PUBLISHED,
    published: IN_STACK,
    latest: 'PassThrough',
    versions: { 1: 'PassThrough' },
    aliases: { live: ['1'] },
    decisions: [DENIED, DENIED],
  };
  expect(deviations(world).map(([head]) => head.split(' ')[0])).toEqual(['mode', 'alias', 'permissions']);
});
