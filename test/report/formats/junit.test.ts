import { junit } from '../../../lib/report/formats/junit';
import type { Threshold } from '../../../lib/report/configuration';
import {
  configuredSystem,
  functionNamed,
  reportOf,
  smallSystem,
  smallSystemWithWarning,
} from '../small-system';

test('writes a suite per template and a test case per finding', () => {
  expect(junit(smallSystem())).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cdk-lambda-xray" tests="7" failures="1" errors="1">
  <testsuite name="template.yaml" tests="4" failures="1" errors="0" skipped="2">
    <properties>
      <property name="failOn" value="error"/>
      <property name="acknowledged" value="1"/>
    </properties>
    <testcase classname="template.yaml" name="LambdaXRay-Example Intake">
      <skipped message="It is wrong. Acknowledged: It is intended."/>
      <system-out><![CDATA[error: template.yaml:6
It is wrong.
Acknowledged: It is intended.]]></system-out>
    </testcase>
    <testcase classname="template.yaml" name="LambdaXRay-Example Orders">
      <failure message="It feeds 'Orders/Consumer'." type="error"><![CDATA[template.yaml:17
It feeds 'Orders/Consumer'.
Fix: Correct it.]]></failure>
    </testcase>
    <testcase classname="template.yaml" name="LambdaXRay-Example Orders/Consumer">
      <skipped message="warning: Its role may not."/>
      <system-out><![CDATA[warning: template.yaml:10
Its role may not.
Fix: Correct it.]]></system-out>
    </testcase>
    <testcase classname="template.yaml" name="LambdaXRay-Other It is right"/>
  </testsuite>
  <testsuite name="reports/template.yaml" tests="2" failures="0" errors="0" skipped="1">
    <properties>
      <property name="failOn" value="error"/>
      <property name="acknowledged" value="1"/>
    </properties>
    <testcase classname="reports/template.yaml" name="LambdaXRay-Other Nightly">
      <skipped message="info: It is wrong."/>
      <system-out><![CDATA[info: reports/template.yaml:4
It is wrong.
Fix: Correct it.]]></system-out>
    </testcase>
    <testcase classname="reports/template.yaml" name="LambdaXRay-Example It is right"/>
  </testsuite>
  <testsuite name="Input" tests="1" failures="0" errors="1" skipped="0">
    <properties>
      <property name="failOn" value="error"/>
      <property name="acknowledged" value="1"/>
    </properties>
    <testcase classname="broken.yaml" name="can be read">
      <error message="broken.yaml:3:5: A map is not closed." type="error"><![CDATA[broken.yaml:3:5: A map is not closed.]]></error>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test.each<[Threshold, number]>([
  ['error', 1],
  ['warning', 2],
  ['info', 3],
  ['never', 0],
])('fails the findings of --fail-on %s', (failOn, failures) => {
  const report = smallSystem();
  const { configuration } = report;
  const written = junit({ ...report, configuration: { ...configuration, failOn } });
  expect(written).toContain(`tests="7" failures="${failures}" errors="1">`);
  expect(written.match(/<failure /g) ?? []).toHaveLength(failures);
  expect(written.match(/<skipped /g)).toHaveLength(4 - failures);
});

test('writes warnings as passed tests with output', () => {
  expect(junit(smallSystemWithWarning())).toContain(`\
    <testcase classname="t.yaml" name="can be read">
      <system-out><![CDATA[t.yaml:4:3: Duplicate key 'A'.]]></system-out>
    </testcase>
`);
});

test('gives each test of a suite another name, because GitLab keeps one of those with the same name', () => {
  const report = reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [
    on('Fn', { property: 'A' }),
    on('Fn', { property: 'B' }),
    on('Fn', { property: 'C' }),
  ]);
  expect([...junit(report).matchAll(/ name="(LambdaXRay-Example .*)">/g)].map(([, name]) => name)).toEqual([
    'LambdaXRay-Example Fn',
    'LambdaXRay-Example Fn (2)',
    'LambdaXRay-Example Fn (3)',
  ]);
});

test('writes a note once', () => {
  const report = { ...smallSystem(), notes: ['A note.'] };
  expect(junit(report).match(/<testsuite /g)!.length).toBeGreaterThan(1);
  expect(junit(report).match(/<property name="note" value="A note."\/>/g)).toHaveLength(1);
});

/** The attributes and child elements that the schema of Jenkins' xUnit plugin, `junit-10.xsd`, allows. */
const SCHEMA: Readonly<Record<string, { readonly attributes: string; readonly children: string }>> = {
  testsuites: { attributes: 'name time tests failures errors', children: 'testsuite' },
  testsuite: {
    attributes:
      'name tests failures errors group time skipped timestamp hostname id package file log url version',
    children: 'testsuite properties testcase system-out system-err',
  },
  properties: { attributes: '', children: 'property' },
  property: { attributes: 'name value', children: '' },
  testcase: {
    attributes: 'name time classname group',
    children: 'skipped error failure rerunFailure rerunError flakyFailure flakyError system-out system-err',
  },
  failure: { attributes: 'type message', children: '' },
  error: { attributes: 'type message', children: '' },
  skipped: { attributes: 'type message', children: '' },
  'system-out': { attributes: '', children: '' },
};

test.each<[string, Parameters<typeof junit>[0]]>([
  ['a small system', smallSystem()],
  ['a system with a warning', smallSystemWithWarning()],
  ['a configuration', configuredSystem(true)],
  ['no templates', reportOf({})],
])('%s is valid for Jenkins', (_, report) => {
  const open: string[] = [];
  const found: string[] = [];
  const written = junit(report).replace(/<!\[CDATA\[.*?\]\]>/gs, '');
  for (const [, end, name, list, isEmpty] of written.matchAll(/<(\/?)([\w-]+)([^>]*?)(\/?)>/g)) {
    if (end) {
      expect(open.pop()).toBe(name);
      continue;
    }
    found.push(name);
    expect(Object.keys(SCHEMA)).toContain(name);
    for (const [, attribute] of list.matchAll(/ (\w+)="/g)) {
      expect(SCHEMA[name].attributes.split(' ')).toContain(attribute);
    }
    const parent = open.at(-1);
    if (parent !== undefined) expect(SCHEMA[parent].children.split(' ')).toContain(name);
    if (!isEmpty) open.push(name);
  }
  expect(open).toEqual([]);
  expect(found[0]).toBe('testsuites');
});

test('writes the configuration as properties', () => {
  expect(junit(configuredSystem(true))).toContain(`\
    <properties>
      <property name="configuration" value=".cdk-lambda-xray.yaml"/>
      <property name="failOn" value="never"/>
      <property name="LambdaXRay-ActiveTracing" value="off"/>
      <property name="LambdaXRay-VersionLock" value="info"/>
      <property name="acknowledged" value="1"/>
    </properties>
`);
});

test('escapes names that XML cannot contain', () => {
  const hostile = '\u0000<a>&"\']]>]]>\u001b\ufffe\ud800';
  const report = reportOf({ [hostile]: functionNamed(hostile) }, (on) => [
    on(hostile, { message: hostile, fix: hostile }),
    on(hostile, { message: hostile, acknowledged: { reason: hostile } }),
  ]);
  const written = junit(report);

  // oxlint-disable-next-line no-control-regex
  expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\ufffe]|\p{Surrogate}/u);
  const withoutContent = written.replace(/<!\[CDATA\[.*?\]\]>/gs, '');
  expect(withoutContent).toContain('name="LambdaXRay-Example \\u0000&lt;a>&amp;&quot;\']]>');
  expect(withoutContent.match(/<(?!\/)[^ />?]+/g)).toEqual([
    '<testsuites',
    '<testsuite',
    '<properties',
    '<property',
    '<property',
    '<testcase',
    '<failure',
    '<testcase',
    '<skipped',
    '<system-out',
    '<testcase',
  ]);
});
