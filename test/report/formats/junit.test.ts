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
<testsuites name="cdk-lambda-xray" tests="7" failures="1" errors="1" skipped="3">
  <testsuite name="template.yaml" tests="4" failures="1" errors="0" skipped="2">
    <properties>
      <property name="failOn" value="error"/>
      <property name="acknowledged" value="1"/>
    </properties>
    <testcase classname="template.yaml" name="LambdaXRay-Example Intake" file="template.yaml">
      <skipped/>
      <system-out><![CDATA[It is wrong. Acknowledged: It is intended.]]></system-out>
    </testcase>
    <testcase classname="template.yaml" name="LambdaXRay-Example Orders" file="template.yaml">
      <failure message="It feeds 'Orders/Consumer'." type="error"><![CDATA[template.yaml:17
It feeds 'Orders/Consumer'.
Fix: Correct it.]]></failure>
    </testcase>
    <testcase classname="template.yaml" name="LambdaXRay-Example Orders/Consumer" file="template.yaml">
      <skipped/>
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
    <testcase classname="reports/template.yaml" name="LambdaXRay-Other Nightly" file="reports/template.yaml">
      <skipped/>
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
  expect(junit({ ...report, configuration: { ...configuration, failOn } })).toContain(
    `tests="7" failures="${failures}" errors="1" skipped="${4 - failures}"`,
  );
});

test('writes warnings as passed tests with output', () => {
  expect(junit(smallSystemWithWarning())).toContain(`\
    <testcase classname="t.yaml" name="can be read">
      <system-out><![CDATA[t.yaml:4:3: Duplicate key 'A'.]]></system-out>
    </testcase>
`);
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
