import {
  ACTIVE,
  alias,
  driftOf,
  functionWith,
  IN_STACK,
  PASS_THROUGH,
  PUBLISHED,
  samFunction,
  type Scenario,
  version,
} from './scenario';

/** Situations in an account, each with what a user should read: the start of each message, and the fix. */
const DENIED = { isAllowed: false, deniedBy: 'implicit-deny' } as const;
const LACKING: Pick<Scenario, 'decisions'> = { decisions: [DENIED, DENIED] };
const NUMBERED = (number: string) => ({ ...ACTIVE, Live: alias(number) });
const TWO: Pick<Scenario, 'versions' | 'published'> = {
  versions: { 1: 'PassThrough', 2: 'Active' },
  published: { Live: 'live' },
};
const MOVE = (to: string) =>
  `aws lambda update-alias --function-name fn-1A2B --name live --function-version ${to} --region eu-west-1`;
const CODE_DEPLOY = /^CodeDeploy shifts the traffic/;
const TURNED_OFF =
  "The template sets 'Fn' to PassThrough, which needs no permission. Correct the mode, and leave the role as it is.";

const SPLIT: Scenario = { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['1', '2'] } };
const shifted = (Enabled: unknown): Scenario => ({
  ...SPLIT,
  template: { Fn: samFunction('Active', { DeploymentPreference: { Type: 'AllAtOnce', Enabled } }) },
  published: { FnAliaslive: 'live' },
});

type Fix = string | RegExp;

test.each<[situation: string, Scenario, fixes: [about: string, ...Fix[]][]]>([
  [
    'an alias that was moved from a version number to an older one',
    { ...TWO, template: NUMBERED('2'), aliases: { live: ['1'] } },
    [
      [
        'alias live',
        'The alias was moved outside of the stack. Move it back to version 2, which has the expected mode.',
        MOVE('2'),
      ],
    ],
  ],
  [
    'an alias that a deployment moves to a version number',
    { ...TWO, template: NUMBERED('2'), deployed: NUMBERED('1'), aliases: { live: ['1'] } },
    [
      [
        'alias live',
        "Deploy the stack 'Orders'. It moves the alias to version 2, which has the expected mode.",
      ],
    ],
  ],
  [
    'an alias on another number than in the template, with an unknown deployed template',
    { ...TWO, template: NUMBERED('2'), deployed: null, aliases: { live: ['1'] } },
    [
      [
        'alias live',
        "Deploy the stack 'Orders'. If it is already deployed, move the alias back to version 2, which has the expected mode.",
        MOVE('2'),
      ],
    ],
  ],
  [
    'an alias on $LATEST that was moved to a version',
    { ...TWO, template: NUMBERED('$LATEST'), aliases: { live: ['1'] } },
    [
      [
        'alias live',
        'The alias was moved outside of the stack. Move it back to $LATEST, which has the expected mode.',
        MOVE("'$LATEST'"),
      ],
    ],
  ],
  [
    'an alias on a version number that is in the wrong mode',
    { ...TWO, template: NUMBERED('1'), aliases: { live: ['1'] } },
    [
      [
        'alias live',
        "Publish a version in the mode Active, and set FunctionVersion of 'Live' to it instead of 1.",
      ],
    ],
  ],
  [
    'an alias on a version number that does not exist anymore',
    { ...TWO, template: NUMBERED('7'), aliases: { live: ['1'] } },
    [
      [
        'alias live',
        "Publish a version in the mode Active, and set FunctionVersion of 'Live' to it instead of 7.",
      ],
    ],
  ],
  [
    'a function that was turned on outside of the stack, without the permission',
    { template: PASS_THROUGH, ...LACKING },
    [
      ['mode', /^Set the mode back/, /Mode=PassThrough/],
      ['permissions', TURNED_OFF],
    ],
  ],
  [
    'a function that a deployment turns off, without the permission',
    { template: PASS_THROUGH, deployed: ACTIVE, ...LACKING },
    [
      ['mode', "Deploy the stack 'Orders'."],
      ['permissions', TURNED_OFF],
    ],
  ],
  [
    'an Active version of a function that is turned off, without the permission',
    {
      template: { ...PASS_THROUGH, Version: version(), Live: alias('Version') },
      published: IN_STACK,
      latest: 'PassThrough',
      versions: { 1: 'Active' },
      aliases: { live: ['1'] },
      ...LACKING,
    },
    [
      ['alias live', /^State the tracing mode in the Description of 'Version'/],
      ['permissions', TURNED_OFF],
    ],
  ],
  [
    'a permission that the template allows, with an unknown deployed template',
    { deployed: null, ...LACKING },
    [
      [
        'permissions',
        "The template allows it. Deploy the stack 'Orders'. If it is already deployed, the permission was removed outside of the stack. Attach the AWS managed policy AWSXRayDaemonWriteAccess.",
        /^aws iam attach-role-policy/,
      ],
    ],
  ],
  ['a traffic shift by SAM', shifted(undefined), [['split live', CODE_DEPLOY]]],
  ['a traffic shift by SAM that is on', shifted('true'), [['split live', CODE_DEPLOY]]],
  [
    'a split with a deployment preference of SAM that is off',
    shifted(false),
    [['split live', /^End the/, /update-alias/]],
  ],
  [
    'a split with a preference that is off as text',
    shifted('false'),
    [['split live', /^End the/, /update-alias/]],
  ],
  [
    'a split with a preference that is off in Python',
    shifted('False'),
    [['split live', /^End the/, /update-alias/]],
  ],
  [
    'a split of an alias whose template has no value for its weights',
    {
      ...SPLIT,
      template: { ...PUBLISHED, Live: alias('Version', { RoutingConfig: { Ref: 'AWS::NoValue' } }) },
      published: IN_STACK,
    },
    [['split live', /^End the traffic shift/, /update-alias/]],
  ],
])('%s', (_, scenario, expected) => {
  const found = driftOf(scenario).map(([about, , ...fixes]) => [about.replace(/ arn:.*/, ''), ...fixes]);
  const matching = (fix: Fix): unknown => (typeof fix === 'string' ? fix : expect.stringMatching(fix));
  expect(found).toEqual(expected.map(([about, ...fixes]) => [about, ...fixes.map(matching)]));
});

test.each<[situation: string, Scenario]>([
  [
    'an alias on $LATEST as in the template',
    { template: NUMBERED('$LATEST'), aliases: { live: ['$LATEST'] } },
  ],
  [
    'an alias on a version number in the right mode',
    { ...TWO, template: NUMBERED('2'), aliases: { live: ['2'] } },
  ],
  [
    'an alias that was moved to another version in the right mode',
    { versions: { 1: 'Active', 2: 'Active' }, template: NUMBERED('2'), aliases: { live: ['1'] } },
  ],
  [
    'a weight on an additional version in the same mode',
    {
      ...TWO,
      template: NUMBERED('2'),
      versions: { 2: 'Active', 3: 'Active' },
      aliases: { live: ['2', '3'] },
    },
  ],
  ['an alias on versions that were deleted meanwhile', { aliases: { live: ['7', '8'] } }],
  [
    'a mode that is left out by AWS::NoValue',
    { template: { Fn: functionWith({ Ref: 'AWS::NoValue' }) }, latest: 'PassThrough' },
  ],
  [
    'a PassThrough function with a deleted role',
    { template: PASS_THROUGH, latest: 'PassThrough', decisions: null },
  ],
  [
    'an Active version that no alias points to, of a role without the permission',
    { template: PASS_THROUGH, latest: 'PassThrough', versions: { 1: 'Active' }, ...LACKING },
  ],
  [
    'a SAM function with tracing disabled and an old version',
    { template: { Fn: samFunction('Disabled') }, latest: 'PassThrough', versions: { 1: 'Active' } },
  ],
  ['a denial by the organization alone', { decisions: [{ isAllowed: false, deniedBy: 'organization' }, {}] }],
])('reports nothing for %s', (_, scenario) => {
  expect(driftOf(scenario)).toEqual([]);
});

describe('a role that only published versions have', () => {
  const oldArn = 'arn:aws:iam::111122223333:role/old-role';
  const about = `permissions ${oldArn}`;

  test('is reported for these versions if it was deleted', () => {
    const versions = { 1: 'Active', 2: 'PassThrough', 3: 'Active' } as const;
    const [reported, ...others] = driftOf({
      versions,
      aliases: { live: ['1'], next: ['3'] },
      oldArn,
      oldDecisions: null,
    });
    expect(reported).toEqual([
      about,
      "The role 'old-role' of published versions of 'Fn' does not exist, so these versions cannot run: 1, 3. Versions keep their role.",
      "Create a role with this name, or publish a version of 'Fn' with its current role and move the aliases to it.",
    ]);
    expect(others).toEqual([]);
  });

  test('does not make the role of $LATEST one of an Active function', () => {
    const drift = driftOf({
      latest: 'PassThrough',
      versions: { 1: 'Active' },
      aliases: { live: ['1'] },
      oldArn,
      ...LACKING,
    });
    expect(drift.map(([, message]) => message)).toEqual([
      expect.stringMatching(/^The tracing mode of 'Fn' is PassThrough/),
      expect.stringMatching(
        /^Function 'Fn' is Active in the template, but its role 'fn-role' .* would be lost/,
      ),
    ]);
  });

  test('makes the function Active in the message about that role', () => {
    const [[found, message]] = driftOf({
      versions: { 1: 'Active' },
      aliases: { live: ['1'] },
      oldArn,
      oldDecisions: [DENIED, DENIED],
    });
    expect([found, message]).toEqual([
      about,
      expect.stringMatching(/^Function 'Fn' is Active, but its role 'old-role' .* are lost/),
    ]);
  });

  test.each<[string, Scenario]>([
    ['can write', {}],
    ['was deleted, and no alias points to the versions', { aliases: {}, oldDecisions: null }],
  ])('is not reported if it %s', (_, more) => {
    const found = driftOf({ versions: { 1: 'Active' }, aliases: { live: ['1'] }, oldArn, ...more });
    expect(found).toEqual([]);
  });
});
