import {
  ACTIVE,
  alias,
  deviations,
  functionWith,
  IN_STACK,
  PASS_THROUGH,
  PUBLISHED,
  samFunction,
  TIED,
  version,
  type World,
} from './world';

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
];

test.each(CASES)('%s', (_, world, deviation) => {
  expect(deviations(world)).toEqual([deviation]);
});

test('several at once', () => {
  const world: World = {
    template: PUBLISHED,
    published: IN_STACK,
    latest: 'PassThrough',
    versions: { 1: 'PassThrough' },
    aliases: { live: ['1'] },
    decisions: [{ isAllowed: false, by: 'nothing' }, {}],
  };
  expect(deviations(world).map(([head]) => head.split(' ')[0])).toEqual(['mode', 'alias', 'permissions']);
});
