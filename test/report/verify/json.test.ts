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

test('contains the summary, notes and errors', () => {
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
      "The stack 'Orders' in eu-west-1 does not contain 'New' yet. Deploy the stack.",
      "The X-Ray permissions of 'Acceptance' in the stack 'Orders' could not be verified. The IAM policy simulator reports that service control policies do not allow the role 'acceptance' to write traces, but it does not evaluate all of their conditions. Check whether the function's traces arrive.",
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

test('contains the state of a function', () => {
  const { functions } = contract();
  expect(functions[1]).toEqual({
    template: 'template.yaml',
    logicalId: 'Acceptance',
    line: 10,
    account: '111122223333',
    stackUpdated: '2026-11-02T10:11:12.000Z',
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
    notCompared: [
      { what: 'permissions', reason: expect.stringMatching(/^The IAM policy simulator reports /) as unknown },
    ],
  });
});

describeSchema('verify-report', contract, {
  holdsFor: [
    ['a small account', contract],
    ['an empty account', () => contract(emptyAccount())],
    ['hostile names', () => contract(hostileAccount('\u0000<script>"\'\\ud800%'))],
  ],
  doesNotHoldFor: [
    ['a different schema version', (report) => (report.schemaVersion = 2)],
    ['an unknown property', (report) => (report.more = true)],
    ['an unknown property of a function', ({ functions }) => (functions[0].more = true)],
    ['a missing property', (report) => delete report.notes],
    ['an unknown mode', ({ functions }) => (functions[0].mode = 'Disabled')],
    ['an unknown kind of drift', ({ functions }) => (functions[0].drift = [{ kind: 'sampling' }])],
  ],
});
