import { diffMarkdown } from '../../../lib/report/diff/markdown';
import { RULES } from '../../../lib/rules';
import { helpUrlOf } from '../../../lib/version';
import { changeOf, diffOf, noChange, smallChange } from './small-change';

const ACTIVE = {
  Type: 'AWS::Lambda::Function',
  Properties: { Layers: ['telemetry'], TracingConfig: { Mode: 'Active' } },
};

function link(name: string): string {
  const rule = RULES.find(({ id }) => id.endsWith(`-${name}`))!;
  return `[${rule.id}](${helpUrlOf(rule)})`;
}

test('writes tables of findings, functions, errors and notes', () => {
  expect(diffMarkdown(smallChange())).toBe(`\
<!-- cdk-lambda-xray diff/template.yaml -->

### ❌ AWS X-Ray tracing: 2 new errors, 2 new warnings, 3 resolved, 1 acknowledged

4 functions changed, 1 added, 1 removed, 1 unchanged, 1 of them republished. 1 part of the input could not be read, so some resources may look added or removed.

| Severity | Finding |
| --- | --- |
| ❌&nbsp;error | The tracing mode of 'Orders/Intake' changes from PassThrough to Active. Version 'IntakeVersion' keeps its logical ID and properties, so CloudFormation publishes no new version and 'IntakeVersion' stays on PassThrough.<br>**Fix:** Add "X-Ray tracing: Active" to the Description of 'IntakeVersion', so CloudFormation replaces it when the mode changes.<br>orders.yaml:8 · ${link('VersionLock')} |
| ❌&nbsp;error | Function 'Consumer' is Active, but this event source mapping connects it to Amazon MSK, which X-Ray does not support.<br>**Fix:** Set TracingConfig.Mode of 'Consumer' to PassThrough, or use a separate PassThrough function for Amazon MSK.<br>orders.yaml:14 · ${link('UnsupportedEventSource')} |
| ⚠️&nbsp;warning | Function 'Archive' is PassThrough, so it records no traces, even for requests that its callers trace.<br>**Fix:** Set TracingConfig.Mode of 'Archive' to Active.<br>orders.yaml:23 · ${link('ActiveTracing')} |
| ⚠️&nbsp;warning | The tracing mode of 'Nightly' changes from PassThrough to Active. SAM publishes no new version of the function, so the alias 'live' of 'Nightly' stays on PassThrough, unless the code of the function changes in the same deployment.<br>**Fix:** Set AutoPublishAliasAllProperties of 'Nightly' to true.<br>reports.yaml:4 · ${link('VersionLock')} |

To accept a finding, acknowledge it in .cdk-lambda-xray.yaml.

| Function | Change |
| --- | --- |
| **Orders/Intake**<br>orders.yaml:2 | Unset (PassThrough) → Active<br>Permissions gained: xray:PutTraceSegments, xray:PutTelemetryRecords<br>**Version IntakeVersion stays on PassThrough** |
| **Consumer**<br>orders.yaml:9 | Active<br>**New event source that X-Ray does not support: Amazon MSK, mapped by Orders (orders.yaml:12)** |
| **Archive**<br>orders.yaml:21 | added: PassThrough |
| **Legacy**<br>main:orders.yaml:2 | removed: Active |
| **Nightly**<br>reports.yaml:2 | Unset (PassThrough) → Active<br>Permissions gained: xray:PutTraceSegments, xray:PutTelemetryRecords<br>**The version that SAM publishes stays on PassThrough, unless its code changes** |
| **Weekly**<br>reports.yaml:5 | Unset (PassThrough) → PassThrough<br>Both modes have the same effect |

An Active function records traces. A PassThrough function records none. The default of Lambda is PassThrough.

<details>
<summary>Resolved or acknowledged: 4 findings</summary>

| Severity | Resolved finding |
| --- | --- |
| ⚠️&nbsp;warning | Function 'Orders/Intake' has no tracing mode and defaults to PassThrough, so it records no traces.<br>main:orders.yaml:8 · ${link('ActiveTracing')} |
| ℹ️&nbsp;info | Function 'Legacy' is Active with 128 MB of memory and has layers. The X-Ray daemon can use 16 MB of it, which leaves 112 MB for its code and its layers.<br>main:orders.yaml:4 · ${link('DaemonMemory')} |
| ⚠️&nbsp;warning | Function 'Nightly' has no tracing mode and defaults to PassThrough, so it records no traces.<br>main:reports.yaml:4 · ${link('ActiveTracing')} |
| ⚠️&nbsp;warning | Function 'Weekly' is PassThrough, so it records no traces, even for requests that its callers trace.<br>Acknowledged: Nobody looks at its traces.<br>reports.yaml:9 · ${link('ActiveTracing')} |

</details>

| Not read |
| --- |
| main:broken.yaml:3:5: A map is not closed. |

| Notes |
| --- |
| The stack Audit is not deployed yet. |
`);
});

describe('the heading', () => {
  const untraced = { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'PassThrough' } } };
  const edge = { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'active' } } };
  const unread = { errors: { after: [{ file: 'broken.yaml', message: 'A map is not closed.' }] } };

  test.each([
    ['nothing changed', noChange(), '✅ AWS X-Ray tracing: no changes'],
    ['a warning', changeOf({}, { Fn: untraced }), '⚠️ AWS X-Ray tracing: 1 new warning'],
    ['an error', changeOf({}, { Fn: edge }), '❌ AWS X-Ray tracing: 1 new error'],
    ['a note', changeOf({}, { Fn: ACTIVE }), 'ℹ️ AWS X-Ray tracing: 1 new info'],
    [
      'an error less and a note more',
      changeOf({ Fn: edge }, { Fn: ACTIVE }),
      'ℹ️ AWS X-Ray tracing: 1 new info, 1 resolved',
    ],
    ['an error less', changeOf({ Fn: edge }, {}), '✅ AWS X-Ray tracing: no new findings, 1 resolved'],
    ['unreadable input on one side', changeOf({}, {}, unread), '❌ AWS X-Ray tracing: no changes'],
    ['no comparison', diffOf({}, {}, unread), '❌ AWS X-Ray tracing: comparison not possible'],
  ])('%s', (_, diff, heading) => {
    const [, , third] = diffMarkdown(diff).split('\n');
    expect(third).toBe(`### ${heading}`);
  });
});

test('links to files of the new revision only', () => {
  const diff = smallChange();
  const url = 'https://github.com/acme/orders/blob/0123abc';
  const after = { ...diff.after, sourceRoot: { ...diff.after.sourceRoot, url } };
  const written = diffMarkdown({ ...diff, after });
  const links = written.match(/\[[^\]]*\]\(https:\/\/github\.com\/acme\/[^)]*\)/g)!;
  expect(links).toContain(`[orders.yaml:8](${url}/orders.yaml#L8)`);
  // New findings, functions that are not removed, and a finding that is acknowledged now.
  expect(links).toHaveLength(4 + 5 + 1);
  expect(written).toContain('<br>main:orders.yaml:8 · ');
});

test('counts the rows that exceed the length of a comment', () => {
  const functions = (prefix: string, more: object = {}) =>
    Object.fromEntries(
      Array.from({ length: 2000 }, (_, i) => [`${prefix}${i}`, { Type: 'AWS::Lambda::Function', ...more }]),
    );
  const written = diffMarkdown(
    changeOf(
      { ...functions('Same'), ...functions('Old') },
      { ...functions('Same', { Properties: ACTIVE.Properties }), ...functions('New') },
      {
        errors: {
          after: Array.from({ length: 2000 }, (_, i) => ({ file: `${i}.yaml`, message: 'It is not there.' })),
        },
        notes: Array.from({ length: 2000 }, (_, i) => `The stack Orders${i} is not deployed yet.`),
      },
    ),
  );
  expect(written.length).toBeLessThan(65_536);
  expect(written.match(/^And \d+ more\.$/gm)).toHaveLength(5);
  expect(written).toContain('2000 functions changed, 2000 added, 2000 removed.');
});
