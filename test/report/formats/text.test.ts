import { text } from '../../../lib/report/formats/text';
import { type Configuration, configurationText } from '../../../lib/report/configuration';
import type { CheckedFinding } from '../../../lib/checker/check';
import { ACKNOWLEDGEMENT } from '../../../lib/rules/acknowledgement';
import {
  configuredSystem,
  type Files,
  type FindingsOf,
  functionNamed,
  OTHER_RULE,
  reportOf,
  smallSystem,
} from '../small-system';

const PLAIN = { color: false, quiet: false };

test.each([
  [
    'roles that the templates do not contain',
    { Active: 2, PassThrough: 1 },
    'the roles of 2 Active functions can',
  ],
  ['no such role', { PassThrough: 2 }, undefined],
])('names the number of Active functions with %s', (_, modes, expected) => {
  const functions = Object.entries(modes).flatMap(([Mode, number]) =>
    Array.from({ length: number }, (__, i) => [
      `${Mode}${i}`,
      {
        Type: 'AWS::Lambda::Function',
        Properties: { Role: { 'Fn::ImportValue': 'Role' }, TracingConfig: { Mode } },
      },
    ]),
  );
  const template = JSON.stringify({ Resources: Object.fromEntries(functions) as object });
  const written = text(
    reportOf({ 't.json': template }, () => []),
    PLAIN,
  );
  expect(/The templates do not show if (.*) write traces\./.exec(written)?.[1]).toBe(expected);
});

test('writes findings by file, errors, the modes of functions and how to go on', () => {
  expect(text(smallSystem(), PLAIN)).toBe(`\
template.yaml
  17:7  error    It feeds 'Orders/Consumer'.  Example
                 Fix: Correct it.
  10:5  warning  Its role may not.  Example
                 Fix: Correct it.

reports/template.yaml
  4:5  info     It is wrong.  Other
                Fix: Correct it.

Not read
  broken.yaml:3:5: A map is not closed.

3 functions: 1 Active, 1 not set, 1 known only at deployment.
The templates do not show if the role of 1 Active function can write traces. After the deployment, cdk-lambda-xray verify checks it.
1 error, 1 warning, 1 info, 1 acknowledged in 2 templates. 1 part of the input could not be read.
For the reason of a finding, run cdk-lambda-xray explain Example. To accept a finding, acknowledge it in .cdk-lambda-xray.yaml or on its construct.
`);
});

test('writes the details of findings on demand', () => {
  const other = { rule: OTHER_RULE } as CheckedFinding;
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [
    on('Fn', { related: [on('Fn').resource], sameCause: [other] }),
  ]);
  expect(text(report, { ...PLAIN, quiet: true, verbose: true })).toBe(`\
t.yaml
  1:15  error    It is wrong.  Example
                 Resource: Fn
                 See: Fn (t.yaml:1)
                 Same cause: Other
                 Fix: Correct it.
`);
});

describe('findings with the same fix', () => {
  const functions = (...names: string[]) =>
    JSON.stringify(
      { Resources: Object.fromEntries(names.map((name) => [name, { Type: 'AWS::Lambda::Function' }])) },
      undefined,
      1,
    );
  const shown = (files: Files, findingsOf: FindingsOf, verbose = false) =>
    text(reportOf(files, findingsOf), { ...PLAIN, quiet: true, verbose });
  const SIX = ['A', 'B', 'C', 'D', 'E', 'F'];
  const named: FindingsOf = (on) =>
    SIX.map((id) => on(id, { message: `'${id}' is wrong.`, fix: `Correct '${id}'.` }));

  test('share it without names, and the first five are shown', () => {
    expect(shown({ 't.json': functions(...SIX) }, named)).toBe(`\
t.json
  3:3   error    'A' is wrong.  Example
  6:3   error    'B' is wrong.  Example
  9:3   error    'C' is wrong.  Example
  12:3  error    'D' is wrong.  Example
  15:3  error    'E' is wrong.  Example
                 and 1 more: --verbose
                 Fix: Correct each.
`);
  });

  test('are all shown on demand, each with its fix', () => {
    const written = shown({ 't.json': functions(...SIX) }, named, true);
    for (const id of SIX) expect(written).toContain(`Fix: Correct '${id}'.`);
    expect(written).not.toContain('--verbose');
  });

  test('keep a fix that has no names', () => {
    const same: FindingsOf = (on) => ['A', 'B'].map((id) => on(id, { fix: "Correct 'Globals'." }));
    expect(shown({ 't.json': functions('A', 'B') }, same)).toMatch(/^ +Fix: Correct 'Globals'\.$/m);
  });

  test.each<[string, Partial<CheckedFinding>, number]>([
    ['rule', { rule: OTHER_RULE }, 1],
    ['severity', { severity: 'warning' }, 2],
    ['fix', { fix: 'Remove it.' }, 2],
  ])('are not folded with those of another %s', (_, more, fixes) => {
    const findingsOf: FindingsOf = (on) => SIX.map((id, i) => on(id, i < 3 ? {} : more));
    const written = shown({ 't.json': functions(...SIX) }, findingsOf);
    expect(written.match(/ is wrong\./g)).toHaveLength(6);
    expect(written.match(/Fix: /g)).toHaveLength(fixes);
  });

  test('show it once, below the findings of all rules that have it', () => {
    const inGlobals: Partial<CheckedFinding> = { fix: 'Set Globals.' };
    const findingsOf: FindingsOf = (on) => [
      on('A', inGlobals),
      on('B', { fix: "Correct 'B'." }),
      on('C', { ...inGlobals, rule: OTHER_RULE }),
      on('D', { ...inGlobals, severity: 'warning' }),
    ];
    expect(shown({ 't.json': functions('A', 'B', 'C', 'D') }, findingsOf)).toBe(`\
t.json
  3:3   error    It is wrong.  Example
  9:3   error    It is wrong.  Other
                 Fix: Set Globals.
  6:3   error    It is wrong.  Example
                 Fix: Correct 'B'.
  12:3  warning  It is wrong.  Example
                 Fix: Set Globals.
`);
  });

  test('that are errors or warnings are not folded with those of another template', () => {
    const files = { 'a.json': functions('A', 'B', 'C'), 'b.json': functions('D', 'E', 'F') };
    const written = shown(files, named);
    expect(written).not.toContain('--verbose');
    expect(written.match(/Fix: Correct each\./g)).toHaveLength(2);
  });

  test('are folded across templates if they are only info', () => {
    const files = {
      'a.json': functions('A', 'B', 'C', 'D'),
      'b.json': functions('E'),
      'c.json': functions('F'),
    };
    const findingsOf: FindingsOf = (on) => named(on).map((finding) => ({ ...finding, severity: 'info' }));
    expect(shown(files, findingsOf)).toBe(`\
a.json
  3:3   info     'A' is wrong.  Example
  6:3   info     'B' is wrong.  Example
  9:3   info     'C' is wrong.  Example
  12:3  info     'D' is wrong.  Example
                 Fix: Correct each.

b.json
  3:3  info     'E' is wrong.  Example
                and 1 more: --verbose
                Fix: Correct each.
`);
    expect(shown(files, findingsOf, true).match(/Fix: Correct '.'\./g)).toHaveLength(6);
    const few = { 'a.json': functions('A', 'B', 'C'), 'b.json': functions('D') };
    const four: FindingsOf = (on) =>
      named((id, more) => on(SIX.indexOf(id) < 4 ? id : 'A', more)).slice(0, 4);
    expect(shown(few, (on) => four(on).map((one) => ({ ...one, severity: 'info' })))).toMatch(
      /Fix: Correct each\.\n\nb\.json\n.*\n +Fix: Correct 'D'\.\n$/,
    );
  });
});

test.each([
  ['on the construct in a CDK app', undefined, true],
  ['only in the configuration if just an entry of it names a path', ACKNOWLEDGEMENT, false],
])('offers to acknowledge %s', (_, rule, onConstruct) => {
  const report = reportOf({ 't.json': functionNamed('Fn') }, (on) => [
    on('Fn', {
      resource: { ...on('Fn').resource, constructPath: 'Orders/Fn/Resource' },
      ...(rule && { rule }),
    }),
  ]);
  expect(text(report, PLAIN).includes('or on its construct')).toBe(onConstruct);
});

test('writes only the summary if there are no findings', () => {
  expect(text(reportOf({ 'template.yaml': functionNamed('Fn') }), PLAIN)).toBe(`\
1 function: 1 not set.
No findings in 1 template.
`);
});

test('says that nothing was checked if no template is readable', () => {
  const errors = [{ file: 'gone.yaml', message: 'No such file or directory.' }];
  expect(
    text(
      reportOf({}, () => [], errors),
      PLAIN,
    ),
  ).toBe(`\
Not read
  gone.yaml: No such file or directory.

Nothing was checked. 1 part of the input could not be read.
`);
});

test('says that there are no functions', () => {
  const topic = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}';
  expect(text(reportOf({ 't.json': topic }), PLAIN)).toBe(`\
The templates contain no Lambda functions.
No findings in 1 template.
`);
});

test('names the configuration if it differs from the defaults', () => {
  expect(text(configuredSystem(), { ...PLAIN, width: 90 })).toContain(`\
Configuration: .cdk-lambda-xray.yaml. Rules turned off: LambdaXRay-ActiveTracing. Changed
severities: LambdaXRay-VersionLock (info instead of error). Fails on no findings.

1 function: 1 not set.
1 error in 1 template.
`);
});

test.each<[string, Partial<Configuration>, boolean, string]>([
  ['nothing for a file with the defaults', { file: 'a.yaml' }, false, ''],
  ['the file if findings are acknowledged', { file: 'a.yaml' }, true, 'Configuration: a.yaml.'],
  ['nothing without a file if findings are acknowledged', {}, true, ''],
  ['options without a file', { failOn: 'warning' }, false, 'Fails on warnings and errors.'],
])('describes the configuration: %s', (_, configuration, isAcknowledged, expected) => {
  const all = { rules: [], failOn: 'error' as const, ...configuration };
  expect(configurationText(all, Number(isAcknowledged))).toBe(expected);
});

describe('quiet', () => {
  const quiet = { ...PLAIN, quiet: true };

  test('writes findings and errors', () => {
    const written = text(smallSystem(), quiet);
    expect(written).toMatch(/^template\.yaml\n/);
    expect(written).toMatch(/broken\.yaml:3:5: A map is not closed\.\n$/);
  });

  test('writes nothing if there are no findings', () => {
    expect(text(reportOf({ 'template.yaml': functionNamed('Fn') }), quiet)).toBe('');
  });
});

test('breaks lines between words', () => {
  const message = 'The function is Active, but its role is not allowed to write.';
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [on('Fn', { message })]);
  expect(text(report, { ...PLAIN, width: 50 })).toContain(`
  1:15  error    The function is Active, but its
                 role is not allowed to write.
                 Example
                 Fix: Correct it.
`);
  expect(text(report, { ...PLAIN, width: 60 })).toContain(`
  1:15  error    The function is Active, but its role is not
                 allowed to write.  Example
`);
});

test('writes colors if enabled', () => {
  const severities = ['error', 'warning', 'info'] as const;
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) =>
    severities.map((severity) => on('Fn', { severity, rule: OTHER_RULE })),
  );
  const written = text(report, { ...PLAIN, color: true });
  expect(written).toContain('\u001b[31merror\u001b[39m');
  expect(written).toContain('\u001b[33mwarning\u001b[39m');
  expect(written).toContain('\u001b[36minfo\u001b[39m');
  expect(text(report, PLAIN)).not.toContain('\u001b');
});

test('escapes names that affect the terminal', () => {
  const name = '\u001b[2J\u001b]0;owned\u0007\r\n::error::\u202eNF';
  const report = reportOf({ [`${name}.yaml`]: functionNamed(name) }, (on) => [
    on(name, { message: `The function '${name}' is wrong.`, fix: name }),
  ]);
  const written = text(report, PLAIN);
  // oxlint-disable-next-line no-control-regex
  expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(written).toContain("The function '\\u001b[2J\\u001b]0;owned\\u0007  ::error::\\u202eNF' is wrong.");
});

test.each([20, 40, 80])('starts no line of %i characters with a command', (width) => {
  const hidden = 'word '.repeat(10) + '::error::x '.repeat(20) + '::add-mask::y';
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [
    on('Fn', { message: hidden, fix: hidden }),
  ]);
  const written = text(report, { ...PLAIN, width });
  expect(written).not.toMatch(/^\s*::/m);
  expect(written).toContain('\\u003a:error::x');
});

test('writes more findings than a call can have arguments', () => {
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [on('Fn', {})]);
  const findings = Array.from({ length: 130_000 }, () => report.findings[0]);
  const lines = text({ ...report, findings }, { ...PLAIN, verbose: true }).split('\n');
  expect(lines.filter((line) => line.endsWith('Example')).length).toBe(findings.length);
});
