import { escapeMarkdown, markdown } from '../../../lib/report/formats/markdown';
import {
  configuredSystem,
  functionNamed,
  reportOf,
  smallSystem,
  smallSystemWithWarning,
} from '../small-system';

test('writes tables of findings and errors', () => {
  const pages = 'https://github.com/cdk-lambda-xray/cdk-lambda-xray/blob/main/docs/rules';
  const rule = `[LambdaXRay-Example](${pages}/LambdaXRay-Example.md)`;
  expect(markdown(smallSystem())).toBe(`\
### AWS X-Ray tracing of Lambda functions

1 error, 1 warning, 1 info, 1 acknowledged in 2 templates. 1 part of the input could not be read.

|  | Location | Rule | Problem | Fix |
| --- | --- | --- | --- | --- |
| ❌ | template.yaml:17 | ${rule} | It feeds 'Orders/Consumer'. | Correct it. |
| ⚠️ | template.yaml:10 | ${rule} | Its role may not. | Correct it. |
| ℹ️ | reports/template.yaml:4 | [LambdaXRay-Other](${pages}/LambdaXRay-Other.md) | It is wrong. | Correct it. |

| Not read |
| --- |
| broken.yaml:3:5: A map is not closed. |

Functions: 1 Active, 1 Unset, 1 Unknown.
`);
});

test('names the configuration if it differs from the defaults', () => {
  const rules =
    'Rules turned off: LambdaXRay-ActiveTracing. Changed severities: LambdaXRay-VersionLock (info instead of error).';
  expect(markdown(configuredSystem())).toContain(
    `\n\nConfiguration: .cdk-lambda-xray.yaml. ${rules} Fails on no findings.\n\n`,
  );
});

test('writes only the summary if there are no findings', () => {
  expect(markdown(reportOf({ 't.yaml': functionNamed('Fn') }))).toBe(`\
### AWS X-Ray tracing of Lambda functions

No findings in 1 template.

Functions: 1 Unset.
`);
});

test('writes a table of warnings', () => {
  expect(markdown(smallSystemWithWarning())).toContain(
    "\n| Warnings |\n| --- |\n| t.yaml:4:3: Duplicate key 'A'. |\n",
  );
});

test.each([
  ['a|b', 'a\\|b'],
  ['a\nb\r\nc', 'a b  c'],
  ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
  ['`code`', '\\`code\\`'],
  ['**bold** _it_ ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~'],
  ['[a](b) ![c](d)', '\\[a\\](b) \\!\\[c\\](d)'],
  ['\\|', '\\\\\\|'],
  ['&lt;', '\\&lt;'],
  ['@someone #1', '@<!-- -->someone #<!-- -->1'],
  ['GH-1 gh-2 GH-Fn', 'GH-<!-- -->1 gh-<!-- -->2 GH-Fn'],
  ['https://example.com www.example.com', 'https&#58;//example.com www&#46;example.com'],
])('escapes %j', (written, escaped) => {
  expect(escapeMarkdown(written)).toBe(escaped);
});

test('keeps a row on one line', () => {
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [
    on('Fn', { message: 'a | b\n| c |', fix: '`|`' }),
  ]);
  const row = markdown(report)
    .split('\n')
    .find((line) => line.startsWith('| ❌'));
  expect(row?.match(/(?<!\\)\|/g)).toHaveLength(6);
});

test('counts the findings that exceed the length of a comment', () => {
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) =>
    Array.from({ length: 2000 }, () => on('Fn', {})),
  );
  const written = markdown(report);
  expect(written.length).toBeLessThan(65_536);
  const rows = written.match(/^\| ❌/gm)!.length;
  expect(written).toContain(`\n\nAnd ${2000 - rows} more.\n`);
});

test('shows the findings around one that exceeds the length of a comment', () => {
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) =>
    ['First', '|'.repeat(65_536), 'Last'].map((message) => on('Fn', { message })),
  );
  const written = markdown(report);
  expect(written.length).toBeLessThan(65_536);
  const table = written.split('\n').filter((line) => line.startsWith('|'));
  expect(table).toEqual([
    expect.any(String),
    '| --- | --- | --- | --- | --- |',
    expect.stringMatching(/^\| ❌ \| .* \| First \| .* \|$/),
    expect.stringMatching(/^\| ❌ \| .* \| Last \| .* \|$/),
  ]);
  expect(written).toContain('\n\nAnd 1 more.\n');
});
