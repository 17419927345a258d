import { github } from '../../../lib/report/formats/github';
import {
  configuredSystem,
  functionNamed,
  reportOf,
  smallSystem,
  smallSystemWithWarning,
} from '../small-system';

test('writes an annotation for each finding and error', () => {
  expect(github(smallSystem(), { quiet: false })).toBe(`\
::error file=broken.yaml,line=3,col=5,title=Not read::A map is not closed.
::error file=template.yaml,line=17,col=7,title=LambdaXRay-Example::It feeds 'Orders/Consumer'.%0AFix: Correct it.
::warning file=template.yaml,line=10,col=5,title=LambdaXRay-Example::Its role may not.%0AFix: Correct it.
::notice file=reports/template.yaml,line=4,col=5,title=LambdaXRay-Other::It is wrong.%0AFix: Correct it.
1 error, 1 warning, 1 info, 1 acknowledged in 2 templates. 1 part of the input could not be read.
`);
});

test.each([
  ['orders.yaml', 'infra/orders.yaml'],
  ['../orders.yaml', 'orders.yaml'],
  ['/srv/app/infra/orders.yaml', 'infra/orders.yaml'],
  ['../../other/orders.yaml', '/srv/other/orders.yaml'],
])('writes the path of %j relative to the root of the repository', (file, path) => {
  const report = reportOf({ [file]: functionNamed('Fn') }, (on) => [on('Fn')], [{ file, message: 'No.' }]);
  const sourceRoot = { root: '/srv/app', workingDirectory: '/srv/app/infra' };
  const [error, finding] = github({ ...report, sourceRoot }, { quiet: true }).split('\n');
  expect([error, finding]).toEqual([
    expect.stringContaining(`file=${path},`),
    expect.stringContaining(`file=${path},`),
  ]);
});

test('names the configuration if it differs from the defaults', () => {
  const written = github(configuredSystem(true), { quiet: false });
  expect(written).toBe(`\
::notice title=Configuration::Configuration: .cdk-lambda-xray.yaml. Rules turned off: LambdaXRay-ActiveTracing. \
Changed severities: LambdaXRay-VersionLock (info instead of error). Fails on no findings.
No findings, 1 acknowledged in 1 template.
`);
});

test('writes an annotation for each warning', () => {
  expect(github(smallSystemWithWarning(), { quiet: true })).toBe(
    "::warning file=t.yaml,line=4,col=3,title=Template::Duplicate key 'A'.\n",
  );
});

test('omits the summary if quiet', () => {
  expect(github(reportOf({ 't.yaml': functionNamed('Fn') }), { quiet: true })).toBe('');
});

test.each([
  ['100%', '100%25', '100%25'],
  ['a:b,c', 'a%3Ab%2Cc', 'a:b,c'],
  ['%0A::error::x', '%250A%3A%3Aerror%3A%3Ax', '%250A::error::x'],
])('escapes %j in a file name and in a message', (written, inProperty, inMessage) => {
  const report = reportOf({ [written]: functionNamed('Fn') }, (on) => [on('Fn', { message: written })]);
  const [line] = github(report, { quiet: true }).split('\n');
  expect(line).toContain(`file=${inProperty},`);
  expect(line).toContain(`::${inMessage}%0AFix:`);
});

test('keeps commands in a message from being executed', () => {
  const message = 'x\n::add-mask::y\r::stop-commands::z';
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [on('Fn', { message })]);
  expect(github(report, { quiet: true }).trimEnd()).not.toMatch(/[\r\n]/);
});
