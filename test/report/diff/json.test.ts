import { diffJson } from '../../../lib/report/diff/json';
import { describeSchema, schemaNamed } from '../describe-schema';
import { changeOf, diffOf, noChange, smallChange } from './small-change';

interface Contract {
  functions: Record<string, unknown>[];
  findings: Record<'new' | 'gone', Record<string, unknown>[]>;
  [key: string]: unknown;
}

function contract(diff = smallChange()): Contract {
  return JSON.parse(diffJson(diff)) as Contract;
}

test('writes the summary, functions, findings, errors and notes', () => {
  const { functions, findings, ...rest } = contract();
  expect(rest).toEqual({
    schemaVersion: 1,
    tool: { name: 'cdk-lambda-xray', version: '1.2.3' },
    configuration: { rules: [], failOn: 'error' },
    isCompared: true,
    summary: {
      templates: { before: 2, after: 2 },
      functions: { changed: 4, added: 1, removed: 1, republished: 1, unchanged: 0 },
      findings: {
        new: { error: 2, warning: 2, info: 0 },
        gone: { error: 0, warning: 2, info: 1 },
        acknowledged: 1,
      },
    },
    callers: [],
    configurationChanges: [],
    errors: [
      { side: 'before', template: 'main:broken.yaml', line: 3, column: 5, message: 'A map is not closed.' },
    ],
    notes: ['The stack Audit is not deployed yet.'],
  });
  expect(functions.map(({ change, logicalId }) => `${String(change)} ${String(logicalId)}`)).toEqual([
    'changed Intake',
    'changed Consumer',
    'republished Search',
    'added Archive',
    'removed Legacy',
    'changed Nightly',
    'changed Weekly',
  ]);
  expect(findings.new).toHaveLength(4);
  expect(findings.gone).toHaveLength(4);
});

test('writes the changes of a function', () => {
  const { functions } = contract();
  expect(functions[0]).toEqual({
    change: 'changed',
    template: 'orders.yaml',
    logicalId: 'Intake',
    constructPath: 'Orders/Intake/Resource',
    line: 2,
    type: 'AWS::Lambda::Function',
    before: { mode: 'Unset', possibleModes: ['Unset'], permissions: 'missing' },
    after: { mode: 'Active', possibleModes: ['Active'], permissions: 'granted' },
    permissionsGained: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    permissionsLost: [],
    versions: [
      {
        change: 'stuck',
        template: 'orders.yaml',
        logicalId: 'IntakeVersion',
        line: 6,
        kind: 'version',
        before: ['PassThrough'],
        after: ['PassThrough'],
        kept: [{ mode: 'PassThrough', instead: 'Active' }],
      },
    ],
    untracedEventSources: { added: [], removed: [] },
  });
  expect(functions[1]).toMatchObject({
    untracedEventSources: {
      added: [{ template: 'orders.yaml', logicalId: 'Orders', line: 12, kind: 'msk' }],
      removed: [],
    },
  });
});

const HOSTILE = '\u0000<script>"\'\\ud800%';

function fn(mode: string) {
  return { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: mode } } };
}

const ALIAS = {
  Type: 'AWS::Lambda::Alias',
  Properties: { FunctionName: { Ref: 'Fn' }, FunctionVersion: '7' },
};

describeSchema('diff-report', contract, {
  holdsFor: [
    ['a small change', contract],
    ['no change', () => contract(noChange())],
    ['no templates', () => contract(diffOf({}, {}, { errors: { before: [{ file: 'x', message: 'y' }] } }))],
    [
      'a loosened configuration',
      () => contract(changeOf({}, {}, { previous: { failOn: 'info' }, settings: { failOn: 'never' } })),
    ],
    ['hostile names', () => contract(changeOf({}, { [HOSTILE]: fn(HOSTILE) }))],
    [
      'an alias that is stuck',
      () => contract(changeOf({ Fn: fn('Active'), Live: ALIAS }, { Fn: fn('PassThrough'), Live: ALIAS })),
    ],
  ],
  doesNotHoldFor: [
    ['another version', (diff) => (diff.schemaVersion = 2)],
    ['something more', (diff) => (diff.more = true)],
    ['something more in a function', ({ functions }) => (functions[0].more = true)],
    ['something more in a finding', ({ findings }) => (findings.gone[0].more = true)],
    ['something less', (diff) => delete diff.errors],
    ['an unknown change', ({ functions }) => (functions[0].change = 'moved')],
    ['an unknown severity', ({ findings }) => (findings.new[0].severity = 'fatal')],
    ['an error of neither side', (diff) => (diff.errors = [{ template: 'x', message: 'y' }])],
  ],
});

test('the schema defines findings like the schema of check', () => {
  expect(schemaNamed('diff-report').$defs.finding).toEqual(schemaNamed('check-report').$defs.finding);
});
