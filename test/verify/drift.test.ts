import {
  ACTIVE,
  alias,
  driftOf,
  functionWith,
  IN_STACK,
  PASS_THROUGH,
  PUBLISHED,
  samFunction,
  STATES_MODE,
  version,
  type Scenario,
} from './scenario';

describe('reports no difference for', () => {
  test.each<[string, Scenario]>([
    ['a function that matches the template', {}],
    [
      'a mode that defaults to PassThrough',
      { template: { Fn: functionWith(undefined) }, latest: 'PassThrough' },
    ],
    [
      'a SAM function with tracing disabled',
      { template: { Fn: samFunction('Disabled') }, latest: 'PassThrough' },
    ],
    [
      'a mode known only at deployment',
      { template: { Fn: functionWith({ Ref: 'Mode' }) }, latest: 'PassThrough' },
    ],
    [
      'a mode set by a parameter of the stack',
      { template: { Fn: functionWith({ Ref: 'Mode' }) }, parameterValues: { Mode: 'Active' } },
    ],
    [
      'a mode set by a condition on a parameter of the stack',
      {
        template: { Fn: functionWith({ 'Fn::If': ['IsActive', 'Active', 'PassThrough'] }) },
        parameterValues: { Mode: 'PassThrough' },
        latest: 'PassThrough',
        versions: { 1: 'PassThrough' },
        aliases: { live: ['1'] },
      },
    ],
    ['an invalid mode in the template', { template: { Fn: functionWith('active') }, latest: 'PassThrough' }],
    [
      'an alias on $LATEST, whose mode is reported for the function',
      { template: PASS_THROUGH, latest: 'PassThrough', aliases: { dev: ['$LATEST'] } },
    ],
    [
      'an old version without an alias',
      { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['2'] } },
    ],
    [
      'a split between versions of the same mode',
      { versions: { 1: 'Active', 2: 'Active' }, aliases: { live: ['1', '2'] } },
    ],
    [
      'a role without permissions of a PassThrough function',
      {
        template: PASS_THROUGH,
        latest: 'PassThrough',
        decisions: [{ isAllowed: false, deniedBy: 'implicit-deny' }],
      },
    ],
    ['parts that could not be read', { latest: 'PassThrough', notRead: ['versions', 'aliases', 'role'] }],
    ['a function that the stack does not contain', { deployed: {}, latest: 'PassThrough' }],
  ])('%s', (_, scenario) => {
    expect(driftOf(scenario)).toEqual([]);
  });
});

const SET_ACTIVE =
  'aws lambda update-function-configuration --function-name fn-1A2B --tracing-config Mode=Active --region eu-west-1';

const BY_PARAMETER = { Fn: functionWith({ Ref: 'Mode' }), Version: version(), Live: alias('Version') };

const CASES: readonly [string, Scenario, string[]][] = [
  [
    'a deleted function',
    { latest: null },
    [
      'missing',
      "Function 'Fn' does not exist, although the stack 'Orders' contains it. It was deleted outside of the stack.",
      'CloudFormation does not recreate the function by itself. Remove it from the template and deploy, then add it again and deploy.',
    ],
  ],
  [
    'a mode that was changed outside of the stack',
    { latest: 'PassThrough' },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, but Active in the template. The template is deployed, so the mode was changed outside of the stack.",
      'Set the mode back. Deploying the unchanged template does not restore it.',
      SET_ACTIVE,
    ],
  ],
  [
    'a mode, with a profile for the command',
    { latest: 'PassThrough', profile: "Bob's" },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, but Active in the template. The template is deployed, so the mode was changed outside of the stack.",
      'Set the mode back. Deploying the unchanged template does not restore it.',
      `${SET_ACTIVE} --profile 'Bob'\\''s'`,
    ],
  ],
  [
    'a mode that the template does not set',
    { template: { Fn: functionWith(undefined) }, latest: 'Active' },
    [
      'mode',
      "The tracing mode of 'Fn' is Active, but PassThrough in the template. The template is deployed, so the mode was changed outside of the stack.",
      'Set the mode back. Deploying the unchanged template does not restore it.',
      SET_ACTIVE.replace('Active', 'PassThrough'),
    ],
  ],
  [
    'a mode that is not deployed yet',
    { latest: 'PassThrough', deployed: PASS_THROUGH },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, but Active in the template. This change is not deployed yet.",
      "Deploy the stack 'Orders'.",
    ],
  ],
  [
    'a mode, with an unknown deployed template',
    { latest: 'PassThrough', deployed: null },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, but Active in the template.",
      "Deploy the stack 'Orders'. If it is already deployed, set the mode back.",
      SET_ACTIVE,
    ],
  ],
  [
    'an alias on a version that is not republished when the mode changes',
    { template: PUBLISHED, published: IN_STACK, versions: { 1: 'PassThrough' }, aliases: { live: ['1'] } },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 1, which is PassThrough, but the mode in the template is Active.",
      "State the tracing mode in the Description of 'Version' (in CDK, use currentVersion of 'Fn' or set tieVersions) and deploy.",
    ],
  ],
  [
    'an alias on a version that states a different mode than it was published in',
    { template: STATES_MODE, published: IN_STACK, versions: { 1: 'PassThrough' }, aliases: { live: ['1'] } },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 1, which is PassThrough, but the mode in the template is Active.",
      "The version was published while 'Fn' was in that mode. To publish a new version, change its Description (in CDK, call invalidateVersionBasedOn on 'Fn') and deploy.",
    ],
  ],
  [
    'an alias on a version that states the mode, with characters that CloudFormation does not return',
    {
      template: { ...STATES_MODE, Version: version({ Description: 'Größe, X-Ray tracing: Active' }) },
      deployed: { ...STATES_MODE, Version: version({ Description: 'Gr??e, X-Ray tracing: Active' }) },
      published: IN_STACK,
      versions: { 1: 'PassThrough' },
      aliases: { live: ['1'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 1, which is PassThrough, but the mode in the template is Active.",
      "The version was published while 'Fn' was in that mode. To publish a new version, change its Description (in CDK, call invalidateVersionBasedOn on 'Fn') and deploy.",
    ],
  ],
  [
    'an alias that was moved outside of the stack',
    {
      template: STATES_MODE,
      published: IN_STACK,
      versions: { 1: 'Active', 2: 'PassThrough' },
      aliases: { live: ['2'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 2, which is PassThrough, but the mode in the template is Active.",
      'Move the alias back to version 1. The stack published this version, and it has the expected mode.',
      'aws lambda update-alias --function-name fn-1A2B --name live --function-version 1 --region eu-west-1',
    ],
  ],
  [
    'an alias that a deployment moves',
    {
      template: STATES_MODE,
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
      "Alias 'live' of 'Fn' points to version 1, which is PassThrough, but the mode in the template is Active.",
      "Deploy the stack 'Orders'. The deployment publishes a new version.",
    ],
  ],
  [
    'an alias on a version with a different mode than the parameters of the stack set',
    {
      template: BY_PARAMETER,
      parameterValues: { Mode: 'Active' },
      published: IN_STACK,
      versions: { 1: 'PassThrough' },
      aliases: { live: ['1'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 1, which is PassThrough, but the mode in the template is Active.",
      "State the tracing mode in the Description of 'Version' (in CDK, use currentVersion of 'Fn' or set tieVersions) and deploy.",
    ],
  ],
  [
    'a mode that the parameters of the stack set, changed outside of the stack',
    { template: BY_PARAMETER, parameterValues: { Mode: 'Active' }, latest: 'PassThrough' },
    [
      'mode',
      "The tracing mode of 'Fn' is PassThrough, but Active in the template. The template is deployed, so the mode was changed outside of the stack.",
      'Set the mode back. Deploying the unchanged template does not restore it.',
      SET_ACTIVE,
    ],
  ],
  [
    'an alias on a version with a different mode than $LATEST, with a mode known only at deployment',
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
      "Alias 'live' of 'Fn' points to version 1, which is Active, but the mode of $LATEST is PassThrough.",
      "State the tracing mode in the Description of 'Version' (in CDK, use currentVersion of 'Fn' or set tieVersions) and deploy.",
    ],
  ],
  [
    'a version with a different mode than $LATEST, with a mode known only at deployment',
    {
      template: { Fn: functionWith({ Ref: 'Mode' }), Version: version() },
      published: { Version: '1' },
      versions: { 1: 'PassThrough' },
    },
    [
      'version 1',
      "Version 'Version' of 'Fn' (number 1) is PassThrough, but the mode of $LATEST is Active.",
      "State the tracing mode in the Description of 'Version' (in CDK, use currentVersion of 'Fn' or set tieVersions) and deploy.",
    ],
  ],
  [
    'an alias on a version that a deployment replaces, with an unknown deployed template',
    {
      template: STATES_MODE,
      deployed: null,
      published: { VersionBefore: '1', Live: 'live' },
      versions: { 1: 'PassThrough' },
      aliases: { live: ['1'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 1, which is PassThrough, but the mode in the template is Active.",
      "Deploy the stack 'Orders'. The deployment publishes a new version.",
    ],
  ],
  [
    'an alias pinned to a version number',
    {
      template: { ...ACTIVE, Live: alias('7') },
      published: { Live: 'live' },
      versions: { 7: 'PassThrough' },
      aliases: { live: ['7'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 7, which is PassThrough, but the mode in the template is Active.",
      "Publish a version in the mode Active, and set FunctionVersion of 'Live' to it instead of 7.",
    ],
  ],
  [
    "SAM's alias, published when the code changes",
    {
      template: { Fn: samFunction('Active') },
      published: { FnVersion0123456789: '3', FnAliaslive: 'live' },
      versions: { 3: 'PassThrough' },
      aliases: { live: ['3'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 3, which is PassThrough, but the mode in the template is Active.",
      "Set AutoPublishAliasAllProperties of 'Fn' to true and deploy. SAM then publishes a new version.",
    ],
  ],
  [
    "SAM's alias, published when any property changes",
    {
      template: { Fn: samFunction('Active', { AutoPublishAliasAllProperties: true }) },
      published: { FnVersion0123456789: '3', FnAliaslive: 'live' },
      versions: { 3: 'PassThrough' },
      aliases: { live: ['3'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 3, which is PassThrough, but the mode in the template is Active.",
      "SAM published the version while 'Fn' was in that mode. To publish a new version, change VersionDescription and deploy.",
    ],
  ],
  [
    "SAM's alias, published when AutoPublishCodeSha256 changes",
    {
      template: { Fn: samFunction('Active', { AutoPublishCodeSha256: '0'.repeat(64) }) },
      published: { FnVersion0123456789: '3', FnAliaslive: 'live' },
      versions: { 3: 'PassThrough' },
      aliases: { live: ['3'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 3, which is PassThrough, but the mode in the template is Active.",
      "State the tracing mode in VersionDescription of 'Fn' and deploy.",
    ],
  ],
  [
    "SAM's alias, moved outside of the stack",
    {
      template: { Fn: samFunction('Active') },
      published: { FnVersion0123456789: '3', FnAliaslive: 'live' },
      versions: { 3: 'Active', 4: 'PassThrough' },
      aliases: { live: ['4'] },
    },
    [
      'alias live',
      "Alias 'live' of 'Fn' points to version 4, which is PassThrough, but the mode in the template is Active.",
      'Move the alias back to version 3. The stack published this version, and it has the expected mode.',
      'aws lambda update-alias --function-name fn-1A2B --name live --function-version 3 --region eu-west-1',
    ],
  ],
  [
    'an alias outside of all stacks',
    { versions: { 1: 'PassThrough' }, aliases: { hand: ['1'] } },
    [
      'alias hand',
      "Alias 'hand' of 'Fn' points to version 1, which is PassThrough, but the mode in the template is Active.",
      'None of the stacks that were read contains this alias. Correct the mode of the function first. Then publish a version and move the alias to it. The alias then also runs the code of $LATEST.',
      'aws lambda update-alias --function-name fn-1A2B --name hand --region eu-west-1 --function-version ' +
        '"$(aws lambda publish-version --function-name fn-1A2B --query Version --output text --region eu-west-1)"',
    ],
  ],
  [
    'a version in the stack without an alias',
    {
      template: { ...ACTIVE, Version: version() },
      published: { Version: '1' },
      versions: { 1: 'PassThrough' },
    },
    [
      'version 1',
      "Version 'Version' of 'Fn' (number 1) is PassThrough, but the mode in the template is Active.",
      "State the tracing mode in the Description of 'Version' (in CDK, use currentVersion of 'Fn' or set tieVersions) and deploy.",
    ],
  ],
];

test.each(CASES)('reports %s', (_, scenario, expected) => {
  expect(driftOf(scenario)).toEqual([expected]);
});

test('reports several differences of a function', () => {
  const scenario: Scenario = {
    template: PUBLISHED,
    published: IN_STACK,
    latest: 'PassThrough',
    versions: { 1: 'PassThrough' },
    aliases: { live: ['1'] },
    decisions: [{ isAllowed: false, deniedBy: 'implicit-deny' }, {}],
  };
  expect(driftOf(scenario).map(([head]) => head.split(' ')[0])).toEqual(['mode', 'alias', 'permissions']);
});
