import { text } from '../../../lib/report/formats/text';
import { type Configuration, configurationText } from '../../../lib/report/configuration';
import { configuredSystem, functionNamed, OTHER_RULE, reportOf, smallSystem } from '../small-system';

const PLAIN = { color: false, quiet: false };

test('writes findings by template, errors and the modes of functions', () => {
  expect(text(smallSystem(), PLAIN)).toBe(`\
template.yaml
  template.yaml:17  error  LambdaXRay-Example  Orders
    It feeds 'Orders/Consumer'.
    See: Orders/Consumer (template.yaml:7)
    Fix: Correct it.

  template.yaml:10  warning  LambdaXRay-Example  Orders/Consumer (Consumer)
    Its role may not.
    Fix: Correct it.

reports/template.yaml
  reports/template.yaml:4  info  LambdaXRay-Other  Nightly
    It is wrong.
    Fix: Correct it.

Not read
  broken.yaml:3:5: A map is not closed.

Tracing      Functions
Active       1
PassThrough  0
Unset        1
Unknown      1

1 error, 1 warning, 1 info, 1 acknowledged in 2 templates. 1 part of the input could not be read.
`);
});

test('writes only the summary if there are no findings', () => {
  expect(text(reportOf({ 'template.yaml': functionNamed('Fn') }), PLAIN)).toBe(`\
Tracing      Functions
Active       0
PassThrough  0
Unset        1
Unknown      0

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
  expect(text(report, { ...PLAIN, width: 40 })).toContain(`\
    The function is Active, but its role
    is not allowed to write.
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
