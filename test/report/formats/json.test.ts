import type { CheckedFinding } from '../../../lib/checker/check';
import { json } from '../../../lib/report/formats/json';
import { describeSchema } from '../describe-schema';
import {
  configuredSystem,
  type FindingsOf,
  functionNamed,
  OTHER_RULE,
  reportOf,
  smallSystem,
  smallSystemWithWarning,
} from '../small-system';

const HELP_URL =
  'https://github.com/cdk-lambda-xray/cdk-lambda-xray/blob/main/docs/rules/LambdaXRay-Example.md';

interface Contract {
  functions: Record<string, unknown>[];
  findings: Record<string, unknown>[];
  [key: string]: unknown;
}

function contract(report = smallSystem()): Contract {
  return JSON.parse(json(report)) as Contract;
}

test('writes the summary, functions, findings and errors', () => {
  expect(contract()).toEqual({
    schemaVersion: 1,
    tool: { name: 'cdk-lambda-xray', version: '1.2.3' },
    configuration: { rules: [], failOn: 'error' },
    summary: {
      templates: 2,
      functions: 3,
      byMode: { Active: 1, PassThrough: 0, Unset: 1, Unknown: 1 },
      findings: { error: 1, warning: 1, info: 1 },
      acknowledged: 1,
    },
    functions: [
      {
        template: 'template.yaml',
        logicalId: 'Intake',
        type: 'AWS::Lambda::Function',
        mode: 'Active',
        possibleModes: ['Active'],
        permissions: 'unknown',
        eventSources: [],
      },
      {
        template: 'template.yaml',
        logicalId: 'Consumer',
        constructPath: 'Orders/Consumer/Resource',
        type: 'AWS::Lambda::Function',
        mode: 'Unknown',
        possibleModes: ['Active', 'PassThrough'],
        permissions: 'unknown',
        eventSources: [{ template: 'template.yaml', logicalId: 'Orders', kind: 'msk', traceable: false }],
      },
      {
        template: 'reports/template.yaml',
        logicalId: 'Nightly',
        type: 'AWS::Serverless::Function',
        mode: 'Unset',
        possibleModes: ['Unset'],
        permissions: 'missing',
        eventSources: [
          { template: 'reports/template.yaml', logicalId: 'NightlyJobs', kind: 'sqs', traceable: true },
        ],
      },
    ],
    findings: [
      {
        ruleId: 'LambdaXRay-Example',
        severity: 'error',
        template: 'template.yaml',
        logicalId: 'Intake',
        property: 'TracingConfig.Mode',
        line: 6,
        message: 'It is wrong.',
        fix: 'Correct it.',
        helpUrl: HELP_URL,
        acknowledged: { reason: 'It is intended.' },
        related: [],
      },
      {
        ruleId: 'LambdaXRay-Example',
        severity: 'error',
        template: 'template.yaml',
        logicalId: 'Orders',
        property: 'EventSourceArn',
        line: 17,
        message: "It feeds 'Orders/Consumer'.",
        fix: 'Correct it.',
        helpUrl: HELP_URL,
        related: [
          {
            template: 'template.yaml',
            logicalId: 'Consumer',
            constructPath: 'Orders/Consumer/Resource',
            line: 7,
          },
        ],
      },
      {
        ruleId: 'LambdaXRay-Example',
        severity: 'warning',
        template: 'template.yaml',
        logicalId: 'Consumer',
        constructPath: 'Orders/Consumer/Resource',
        property: 'Role',
        line: 10,
        message: 'Its role may not.',
        fix: 'Correct it.',
        helpUrl: HELP_URL,
        related: [],
      },
      {
        ruleId: 'LambdaXRay-Other',
        severity: 'info',
        template: 'reports/template.yaml',
        logicalId: 'Nightly',
        property: 'Tracing',
        line: 4,
        message: 'It is wrong.',
        fix: 'Correct it.',
        helpUrl: HELP_URL.replace('Example', 'Other'),
        related: [],
      },
    ],
    errors: [{ template: 'broken.yaml', line: 3, column: 5, message: 'A map is not closed.' }],
    warnings: [],
    notes: [],
  });
});

test('writes the configuration', () => {
  expect(contract(configuredSystem()).configuration).toEqual({
    file: '.cdk-lambda-xray.yaml',
    rules: [
      { ruleId: 'LambdaXRay-ActiveTracing', severity: 'off', defaultSeverity: 'warning' },
      { ruleId: 'LambdaXRay-VersionLock', severity: 'info', defaultSeverity: 'error' },
    ],
    failOn: 'never',
  });
});

test('writes warnings', () => {
  expect(contract(smallSystemWithWarning()).warnings).toEqual([
    { template: 't.yaml', line: 4, column: 3, message: "Duplicate key 'A'." },
  ]);
});

/** A finding that stands for another one. */
const standing: FindingsOf = (on) => {
  const other: CheckedFinding = on('Fn', { rule: OTHER_RULE, severity: 'info' });
  return [on('Fn', { sameCause: [other] })];
};

test('writes the rules and severities of the findings that a finding stands for', () => {
  const { findings } = contract(reportOf({ 't.yaml': functionNamed('Fn') }, standing));
  expect(findings).toMatchObject([
    { ruleId: 'LambdaXRay-Example', sameCause: [{ ruleId: 'LambdaXRay-Other', severity: 'info' }] },
  ]);
});

test('writes the acknowledgement of a finding that another one stands for', () => {
  const { findings } = contract(
    reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [
      on('Fn', { sameCause: [on('Fn', { rule: OTHER_RULE, acknowledged: { reason: 'Accepted.' } })] }),
    ]),
  );
  expect(findings).toMatchObject([
    { sameCause: [{ ruleId: 'LambdaXRay-Other', acknowledged: { reason: 'Accepted.' } }] },
  ]);
});

describe('modes', () => {
  const functionOf = (mode: unknown) => {
    const properties = mode === undefined ? {} : { TracingConfig: { Mode: mode } };
    const template = { Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: properties } } };
    const { functions, summary } = contract(reportOf({ 't.json': JSON.stringify(template) }));
    const { byMode } = summary as { byMode: Record<string, number> };
    return { ...functions[0], counted: Object.keys(byMode).filter((name) => byMode[name] > 0) };
  };

  test.each<[string, unknown, string, string[]]>([
    ['Active', 'Active', 'Active', ['Active']],
    ['PassThrough', 'PassThrough', 'PassThrough', ['PassThrough']],
    ['left out', undefined, 'Unset', ['Unset']],
    ['known only at deployment', { Ref: 'Mode' }, 'Unknown', ['Unknown']],
    ['one of two', { 'Fn::If': ['C', 'PassThrough', 'Active'] }, 'Unknown', ['Active', 'PassThrough']],
    ['the same either way', { 'Fn::If': ['C', 'Active', 'Active'] }, 'Active', ['Active']],
    ['invalid', 'active', 'Unknown', ['active']],
    ['invalid, and spelled like a reported mode', 'Unset', 'Unknown', ['Unset']],
  ])('%s', (_, written, mode, possibleModes) => {
    expect(functionOf(written)).toMatchObject({ mode, possibleModes, counted: [mode] });
  });
});

const HOSTILE = '\u0000<script>"\'\\ud800%';

describeSchema('check-report', contract, {
  holdsFor: [
    ['a small system', contract],
    ['no templates', () => contract(reportOf({}))],
    ['a configuration', () => contract(configuredSystem())],
    [
      'an acknowledgement that expires',
      () =>
        contract(
          reportOf({ 't.yaml': functionNamed('Fn') }, (on) => {
            const { resource } = on('Fn');
            const location = { resource, position: { line: 2, column: 5 } };
            return [on('Fn', { acknowledged: { reason: 'So.', expires: '2027-01-31', location } })];
          }),
        ),
    ],
    ['one finding per cause', () => contract(reportOf({ 't.yaml': functionNamed('Fn') }, standing))],
    [
      'hostile names',
      () =>
        contract(
          reportOf({ [HOSTILE]: functionNamed(HOSTILE) }, (on) => [
            on(HOSTILE, { message: HOSTILE, property: `${HOSTILE}..` }),
          ]),
        ),
    ],
  ],
  doesNotHoldFor: [
    ['another version', (report) => (report.schemaVersion = 2)],
    ['something more', (report) => (report.more = true)],
    ['something more in a finding', ({ findings }) => (findings[0].more = true)],
    ['an unknown threshold', (report) => (report.configuration = { rules: [], failOn: 'off' })],
    ['something less', (report) => delete report.errors],
    ['an unknown severity', ({ findings }) => (findings[0].severity = 'fatal')],
    ['an unknown mode', ({ functions }) => (functions[0].mode = 'active')],
    ['a line before the first', ({ findings }) => (findings[0].line = 0)],
    ['an acknowledgement without a reason', ({ findings }) => (findings[0].acknowledged = {})],
    ['a cause without rules', ({ findings }) => (findings[0].sameCause = [])],
    [
      'a cause with an unknown severity',
      ({ findings }) => (findings[0].sameCause = [{ ruleId: 'LambdaXRay-Other', severity: 'fatal' }]),
    ],
  ],
});
