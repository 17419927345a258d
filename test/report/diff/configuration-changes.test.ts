import { configurationChangeText } from '../../../lib/report/diff/configuration-changes';
import { diffJson } from '../../../lib/report/diff/json';
import { diffMarkdown } from '../../../lib/report/diff/markdown';
import { diffText } from '../../../lib/report/diff/text';
import { changeOf } from './small-change';

/** Two functions with a warning of ActiveTracing each. */
const FUNCTIONS = Object.fromEntries(
  ['A', 'B'].map((id) => [
    id,
    { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'PassThrough' } } },
  ]),
);

type Settings = NonNullable<Parameters<typeof changeOf>[2]>['settings'];

const ACTIVE_TRACING = 'LambdaXRay-ActiveTracing';
const rule = (
  severity: 'off' | 'info' | 'warning' | 'error',
  failOn?: 'warning' | 'info' | 'never',
): Settings => ({
  severities: { [ACTIVE_TRACING]: severity },
  failOn,
});

function changes(previous: Settings, settings: Settings) {
  return changeOf(FUNCTIONS, FUNCTIONS, { previous, settings }).configurationChanges;
}

describe('reports', () => {
  test.each<[string, Settings, Settings, string]>([
    [
      'a rule that is turned off and would fail',
      { failOn: 'warning' },
      rule('off', 'warning'),
      `The change turns off ${ACTIVE_TRACING} (warning), which reports 2 findings. Acknowledge single findings instead, or accept the change with --rule ${ACTIVE_TRACING}=off.`,
    ],
    [
      'a rule that is turned off and would not fail',
      {},
      rule('off'),
      `The change turns off ${ACTIVE_TRACING} (warning), which reports 2 findings.`,
    ],
    [
      'a configured rule that is turned off',
      rule('error'),
      rule('off'),
      `The change turns off ${ACTIVE_TRACING} (error), which reports 2 findings. Acknowledge single findings instead, or accept the change with --rule ${ACTIVE_TRACING}=off.`,
    ],
    [
      'a rule without findings that is turned off',
      {},
      { severities: { 'LambdaXRay-VersionLock': 'off' } },
      'The change turns off LambdaXRay-VersionLock (error), which reports no findings.',
    ],
    [
      'a lowered severity',
      rule('error'),
      rule('warning'),
      `The change lowers ${ACTIVE_TRACING}, which reports 2 findings, from error to warning. Acknowledge single findings instead, or accept the change with --rule ${ACTIVE_TRACING}=warning.`,
    ],
    [
      'a lowered severity that still fails',
      rule('error', 'warning'),
      rule('warning', 'warning'),
      `The change lowers ${ACTIVE_TRACING}, which reports 2 findings, from error to warning.`,
    ],
    [
      'a removed severity',
      rule('error'),
      {},
      `The change lowers ${ACTIVE_TRACING}, which reports 2 findings, from error to warning. Acknowledge single findings instead, or accept the change with --rule ${ACTIVE_TRACING}=warning.`,
    ],
    [
      'a looser threshold',
      { failOn: 'warning' },
      { failOn: 'never' },
      'The change loosens failOn from warning to never, so 2 findings would no longer fail. Restore it, or accept the change with --fail-on never.',
    ],
    [
      'a looser threshold that no finding reaches',
      {},
      { failOn: 'never' },
      'The change loosens failOn from error to never.',
    ],
  ])('%s', (_, previous, settings, expected) => {
    expect(changes(previous, settings).map(configurationChangeText)).toEqual([expected]);
    expect(changes(previous, settings)[0].fails).toBe(expected.includes('accept'));
  });

  test('both a rule and the threshold, and each finding once', () => {
    expect(changes({ failOn: 'warning' }, rule('off', 'never'))).toEqual([
      { ruleId: ACTIVE_TRACING, before: 'warning', after: 'off', findings: 2, fails: true },
      { before: 'warning', after: 'never', findings: 0, fails: false },
    ]);
  });

  describe('a cause that another rule reports with the new configuration', () => {
    const UNSET = { Fn: { Type: 'AWS::Lambda::Function' } };
    const severities = (active: 'off' | 'warning' | 'error', explicit: 'off' | 'info' | 'error') => ({
      severities: { [ACTIVE_TRACING]: active, 'LambdaXRay-ExplicitMode': explicit },
    });

    test.each<[string, Settings, Settings, object[]]>([
      [
        'which fails, too',
        severities('error', 'error'),
        severities('off', 'error'),
        [{ ruleId: ACTIVE_TRACING, findings: 1, fails: false }],
      ],
      [
        'which does not fail',
        severities('error', 'info'),
        severities('off', 'info'),
        [{ ruleId: ACTIVE_TRACING, findings: 1, fails: true }],
      ],
      [
        'with the severity of the other rule',
        severities('warning', 'error'),
        severities('warning', 'info'),
        [{ ruleId: 'LambdaXRay-ExplicitMode', findings: 1, fails: true }],
      ],
    ])('%s', (_, previous, settings, expected) => {
      expect(changeOf(UNSET, UNSET, { previous, settings }).configurationChanges).toMatchObject(expected);
    });
  });

  test('only the findings that are not acknowledged', () => {
    const acknowledgements = [{ ruleId: ACTIVE_TRACING, reason: 'Nobody looks.', logicalId: 'A' }];
    expect(changes(rule('error'), { ...rule('off'), acknowledgements })).toMatchObject([{ findings: 1 }]);
  });
});

describe('does not report', () => {
  test.each<[string, Settings, Settings]>([
    ['the same configuration', rule('off', 'never'), rule('off', 'never')],
    ['a rule that is turned on', rule('off'), {}],
    ['a raised severity', rule('info'), rule('error')],
    ['a default that is written down', {}, rule('warning')],
    ['a stricter threshold', { failOn: 'never' }, { failOn: 'info' }],
  ])('%s', (_, previous, settings) => {
    expect(changes(previous, settings)).toEqual([]);
  });

  test('anything if the configuration of the baseline is not known', () => {
    expect(changeOf(FUNCTIONS, FUNCTIONS, { settings: rule('off') }).configurationChanges).toEqual([]);
  });
});

test('an acknowledgement that the configuration adds is a change', () => {
  const acknowledgements = [{ ruleId: ACTIVE_TRACING, reason: 'Nobody looks.', logicalId: 'A' }];
  const { findings } = changeOf(FUNCTIONS, FUNCTIONS, { previous: {}, settings: { acknowledgements } });
  expect(findings).toMatchObject({
    new: [],
    resolved: [{ logicalId: 'A', acknowledged: { reason: 'Nobody looks.' } }],
  });
});

test('a finding whose acknowledgement the configuration removes is new', () => {
  const acknowledgements = [{ ruleId: ACTIVE_TRACING, reason: 'Nobody looks.', logicalId: 'A' }];
  const { findings } = changeOf(FUNCTIONS, FUNCTIONS, { previous: { acknowledgements }, settings: {} });
  expect(findings).toMatchObject({ new: [{ logicalId: 'A' }], resolved: [] });
});

describe('formats', () => {
  const diff = changeOf(FUNCTIONS, FUNCTIONS, {
    previous: { failOn: 'warning' },
    settings: rule('off', 'never'),
  });

  test('text', () => {
    expect(diffText(diff, { color: false, quiet: false, width: 100 })).toBe(`\
Loosened checks
  The change turns off LambdaXRay-ActiveTracing (warning), which reports 2 findings. Acknowledge
  single findings instead, or accept the change with --rule LambdaXRay-ActiveTracing=off.
  The change loosens failOn from warning to never.

Rules turned off: LambdaXRay-ActiveTracing. Fails on no findings.

No new findings, 2 loosened checks. 2 functions unchanged.
`);
  });

  test('Markdown', () => {
    const written = diffMarkdown(diff);
    expect(written).toMatch(/^### ❌ AWS X-Ray tracing: no new findings, 2 loosened checks$/m);
    expect(written).toContain(
      '| ❌&nbsp;error | The change turns off LambdaXRay-ActiveTracing (warning), which reports 2 findings.',
    );
    expect(written).toContain('| ⚠️&nbsp;warning | The change loosens failOn from warning to never. |\n');
  });

  test('JSON', () => {
    expect(JSON.parse(diffJson(diff))).toMatchObject({
      configuration: { failOn: 'never', rules: [{ ruleId: ACTIVE_TRACING, severity: 'off' }] },
      configurationChanges: [
        { ruleId: ACTIVE_TRACING, before: 'warning', after: 'off', findings: 2, fails: true },
        { before: 'warning', after: 'never', findings: 0, fails: false },
      ],
    });
  });
});
