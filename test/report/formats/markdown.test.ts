import { escapeMarkdown, markdown } from '../../../lib/report/formats/markdown';
import type { Report } from '../../../lib/report/report';
import type { TemplateFix } from '../../../lib/rules/rule';
import {
  configuredSystem,
  functionNamed,
  reportOf,
  smallSystem,
  smallSystemWithWarning,
} from '../small-system';

const PAGES = 'https://github.com/cdk-lambda-xray/cdk-lambda-xray/blob/main/docs/rules';
const RULE_LINK = `[LambdaXRay-Example](${PAGES}/LambdaXRay-Example.md)`;

test('writes tables of findings and errors, with the infos folded', () => {
  expect(markdown(smallSystem())).toBe(`\
<!-- cdk-lambda-xray check/template.yaml -->

### ❌ AWS X-Ray tracing of Lambda functions

1 error, 1 warning, 1 info, 1 acknowledged in 2 templates. 1 part of the input could not be read.

| Severity | Finding |
| --- | --- |
| ❌&nbsp;error | It feeds 'Orders/Consumer'.<br>**Fix:** Correct it.<br>template.yaml:17 · ${RULE_LINK} |
| ⚠️&nbsp;warning | Its role may not.<br>**Fix:** Correct it.<br>template.yaml:10 · ${RULE_LINK} |

<details>
<summary>1 info</summary>

| Severity | Finding |
| --- | --- |
| ℹ️&nbsp;info | It is wrong.<br>**Fix:** Correct it.<br>reports/template.yaml:4 · [LambdaXRay-Other](${PAGES}/LambdaXRay-Other.md) |

</details>

To accept a finding, acknowledge it in .cdk-lambda-xray.yaml or on its construct.

| Not read |
| --- |
| broken.yaml:3:5: A map is not closed. |

Functions: 1 Active, 1 not set, 1 known only at deployment. The templates do not show if the role of 1 Active function can write traces. After the deployment, cdk-lambda-xray verify checks it.
`);
});

test('folds many warnings', () => {
  const withWarnings = (number: number) =>
    markdown(
      reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [
        on('Fn'),
        ...Array.from({ length: number }, () => on('Fn', { severity: 'warning' })),
      ]),
    );
  expect(withWarnings(10)).not.toContain('<details>');
  const [shown, folded] = withWarnings(11).split('<details>\n<summary>11 warnings</summary>\n');
  expect([shown, folded].map((part) => part.match(/\(.*Example\.md\)/g)?.length)).toEqual([1, 11]);
});

describe('the edits of findings', () => {
  const FN = `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: 512
`;

  /** Returns a report on files that can be edited, with an edit for each. */
  const report = (files: Record<string, string>, fix: Partial<TemplateFix> = {}): Report => {
    const { model, texts, ...others } = reportOf(files, (on) => [on('Fn')]);
    const [finding] = others.findings;
    return {
      ...others,
      model,
      texts: new Map(
        [...texts].map(([id, template]) => [id, { ...template, text: { read: () => files[id] } }]),
      ),
      findings: model.functions.map(({ resource: { template } }) => ({
        ...finding,
        fixes: [
          {
            template,
            path: ['Resources', 'Fn', 'Properties', 'TracingConfig', 'Mode'],
            set: 'Active',
            safety: 'safe',
            ...fix,
          },
        ],
      })),
    };
  };

  test('are a diff, folded', () => {
    const written = markdown(report({ 't.yaml': FN }));
    expect(written).toContain(`
<details>
<summary>Edits of <code>check --fix</code></summary>

\`\`\`diff
--- a/t.yaml
+++ b/t.yaml
@@ -3,3 +3,5 @@
     Type: AWS::Lambda::Function
     Properties:
       MemorySize: 512
+      TracingConfig:
+        Mode: Active
\`\`\`

</details>
`);
    expect(written.match(/<details>/g)).toHaveLength(1);
  });

  test('are apart if they need a review', () => {
    const written = markdown(report({ 't.yaml': FN }, { safety: 'suggested' }));
    expect(written).toContain(
      '<summary>Further edits of <code>check --fix-suggestions</code>, to be reviewed',
    );
    expect(written).not.toContain('<summary>Edits');
  });

  test('can contain a fence, tabs, carriage returns, and characters that change the display', () => {
    const text = FN.replace('Properties:', 'Properties: # ```` \t\u202e').replaceAll('\n', '\r\n');
    const written = markdown(report({ 't.yaml': text }));
    expect(written).toContain('\n`````diff\n');
    expect(written).toContain('\n     Properties: # ````     \\u202e\n');
    expect(written).not.toContain('\r');
  });

  test('leave out the files that there is no space for', () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`t${i}.yaml`, FN]));
    const written = markdown(report(files));
    expect(written).toMatch(/\n\d+ more files: `check --fix-dry-run` prints the edits\.\n/);
    const long = FN.replace('512', `512 # ${'x'.repeat(5000)}`);
    expect(markdown(report({ 't.yaml': long }))).toContain(
      '\n1 file: `check --fix-dry-run` prints the edits.\n',
    );
  });

  test('leave out edits that the text has no place for, and templates that can not be edited', () => {
    expect(markdown(report({ 't.yaml': FN }, { path: ['Resources', 'Other', 'Type'] }))).not.toContain(
      '<details>',
    );
    const generated = report({ 't.yaml': FN });
    const texts = new Map(
      [...generated.texts].map(([id, template]) => [id, { ...template, text: undefined }]),
    );
    expect(markdown({ ...generated, texts })).not.toContain('<details>');
  });
});

describe('the marker of the comment', () => {
  test.each([
    ['check/template.yaml', '<!-- cdk-lambda-xray check/template.yaml -->'],
    ['prod', '<!-- cdk-lambda-xray prod -->'],
    ['a --> b ---', '<!-- cdk-lambda-xray a _-_ b __- -->'],
    ['a\n<b', '<!-- cdk-lambda-xray a _b -->'],
  ])('of %j is one comment', (runName, marker) => {
    expect(markdown({ ...smallSystem(), runName }).split('\n')[0]).toBe(marker);
  });
});

describe('links', () => {
  const URL = 'https://github.com/acme/orders/blob/0123abc';
  const linkOf = (file: string, url: string | undefined) => {
    const report = reportOf({ [file]: functionNamed('Fn') }, (on) => [on('Fn')]);
    const written = markdown({
      ...report,
      sourceRoot: {
        root: '/home/orders',
        workingDirectory: '/home/orders/app',
        ...(url !== undefined && { url }),
      },
    });
    return /<br>([^<]*) · /.exec(written)?.[1];
  };

  test.each([
    ['a file of the repository', 'template.yaml', URL, `[template.yaml:1](${URL}/app/template.yaml#L1)`],
    ['a file beside the folder', '../t.yaml', `${URL}/`, `[../t.yaml:1](${URL}/t.yaml#L1)`],
    [
      'a name with special characters',
      'a (b)_|.yaml',
      URL,
      `[a (b)\\_\\|.yaml:1](${URL}/app/a%20%28b%29%5F%7C.yaml#L1)`,
    ],
    [
      'a URL with places',
      't.yaml',
      'https://x.example/?path={path}&line={line}',
      '[t.yaml:1](https://x.example/?path=app/t.yaml&line=1)',
    ],
    ['standard input', '-', URL, '-:1'],
    ['a file outside of the repository', '/tmp/t.yaml', URL, '/tmp/t.yaml:1'],
    ['an unknown URL', 't.yaml', undefined, 't.yaml:1'],
  ])('%s', (_, file, url, link) => {
    expect(linkOf(file, url)).toBe(link);
  });
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
<!-- cdk-lambda-xray check/template.yaml -->

### ✅ AWS X-Ray tracing of Lambda functions

No findings in 1 template.

Functions: 1 not set.
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
  [
    'services/ordering/infrastructure/order-intake.yaml',
    'services/<wbr>ordering/<wbr>infrastructure/<wbr>order-intake.yaml',
  ],
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
  expect(row?.match(/(?<!\\)\|/g)).toHaveLength(3);
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
    '| --- | --- |',
    expect.stringMatching(/^\| ❌&nbsp;error \| First<br>.* \|$/),
    expect.stringMatching(/^\| ❌&nbsp;error \| Last<br>.* \|$/),
  ]);
  expect(written).toContain('\n\nAnd 1 more.\n');
});
