import { verifyJson } from '../../../lib/report/verify/json';
import { describeSchema } from '../describe-schema';
import { emptyAccount, hostileAccount, smallAccount } from './small-account';

interface Contract {
  functions: Record<string, unknown>[];
  [key: string]: unknown;
}

function contract(report = smallAccount()): Contract {
  return JSON.parse(verifyJson(report)) as Contract;
}

test('a small account', () => {
  const { functions, ...rest } = contract();
  expect(rest).toEqual({
    schemaVersion: 1,
    tool: { name: 'cdk-lambda-xray', version: '1.2.3' },
    summary: {
      templates: 1,
      stacks: 1,
      functions: 4,
      byMode: { Active: 1, PassThrough: 1, Missing: 1, Unknown: 1 },
      drift: { missing: 1, mode: 1, version: 0, alias: 0, split: 1, permissions: 0 },
      notCompared: 1,
    },
    notes: [
      "The stack 'Billing' is not deployed in eu-west-1 yet, so it was not verified.",
      "The stack 'Orders' in eu-west-1 doesn't have 'New' yet: deploy it.",
      "Whether 'Acceptance' of the stack 'Orders' may write to X-Ray could not be compared, since the simulator says of the role 'acceptance' that service control policies of the organization do not allow it, without all that they may go by: look at its traces.",
    ],
    errors: [
      {
        template: 'deployed',
        message: "Can't read the function 'audit-1A2B' in eu-west-1: Access denied.",
      },
    ],
  });
  expect(functions.map(({ logicalId, mode, permissions }) => [logicalId, mode, permissions])).toEqual([
    ['Intake', 'PassThrough', 'granted'],
    ['Acceptance', 'Active', 'unknown'],
    ['Report', 'Missing', undefined],
    ['Audit', 'Unknown', 'unknown'],
  ]);
});

test('a function', () => {
  const { functions } = contract();
  expect(functions[1]).toEqual({
    template: 'template.yaml',
    logicalId: 'Acceptance',
    line: 10,
    stack: 'Orders',
    region: 'eu-west-1',
    functionName: 'acceptance-1A2B',
    expectedMode: 'Active',
    mode: 'Active',
    versions: [
      { version: '1', mode: 'Active' },
      { version: '2', mode: 'PassThrough' },
    ],
    aliases: [
      { name: 'live', versions: [{ version: '1', mode: 'Active' }] },
      {
        name: 'next',
        versions: [
          { version: '1', mode: 'Active' },
          { version: '2', mode: 'PassThrough' },
        ],
      },
    ],
    permissions: 'unknown',
    drift: [
      {
        kind: 'split',
        about: 'next',
        message: expect.any(String) as unknown,
        fix: expect.any(String) as unknown,
        commands: [expect.stringMatching(/^aws lambda update-alias /) as unknown],
      },
    ],
    notCompared: [{ what: 'permissions', reason: expect.stringMatching(/^the simulator says /) as unknown }],
  });
});

describeSchema('verify-report', contract, {
  holdsFor: [
    ['a small account', contract],
    ['an empty account', () => contract(emptyAccount())],
    ['hostile names', () => contract(hostileAccount('\u0000<script>"\'\\ud800%'))],
  ],
  doesNotHoldFor: [
    ['another version', (report) => (report.schemaVersion = 2)],
    ['something more', (report) => (report.more = true)],
    ['something more in a function', ({ functions }) => (functions[0].more = true)],
    ['something less', (report) => delete report.notes],
    ['an unknown mode', ({ functions }) => (functions[0].mode = 'Disabled')],
    ['an unknown deviation', ({ functions }) => (functions[0].drift = [{ kind: 'sampling' }])],
  ],
});
