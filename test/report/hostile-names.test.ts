import fc from 'fast-check';
import type { Log } from 'sarif';
import { github } from '../../lib/report/github';
import { json } from '../../lib/report/json';
import { junit } from '../../lib/report/junit';
import { markdown } from '../../lib/report/markdown';
import type { Report } from '../../lib/report/report';
import { sarif } from '../../lib/report/sarif';
import { text } from '../../lib/report/text';
import { NAME } from './hostile-name';
import { functionNamed, reportOf } from './small-system';

/** A report on one function, in which the name is wherever a template's words can be. */
function reportOn(name: string): Report {
  return reportOf(
    { [name]: functionNamed(name) },
    (on) => {
      const finding = on(name, { message: name, fix: name, property: name });
      return [
        { ...finding, related: [finding.resource] },
        { ...finding, acknowledged: { reason: name } },
      ];
    },
    [{ file: name, message: name }],
  );
}

function holdsFor(claim: (report: Report, name: string) => void) {
  return () => fc.assert(fc.property(NAME, (name) => claim(reportOn(name), name)));
}

test(
  'text keeps its lines, and the terminal its state',
  holdsFor((report) => {
    const written = text(report, { color: false, quiet: true });
    // The template, the finding's four lines, what could not be read in two; one between them, and one at the end.
    expect(written.split('\n')).toHaveLength(9);
    // eslint-disable-next-line no-control-regex
    expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }),
);

test(
  'JSON gives the name back',
  holdsFor((report, name) => {
    const { findings } = JSON.parse(json(report)) as { findings: { message: string }[] };
    expect(findings.map(({ message }) => message)).toEqual([name, name]);
  }),
);

test(
  'SARIF gets no links',
  holdsFor((report) => {
    const [run] = (JSON.parse(sarif(report)) as Log).runs;
    const notifications = run.invocations?.flatMap(
      (invocation) => invocation.toolExecutionNotifications ?? [],
    );
    for (const { message } of [...(run.results ?? []), ...(notifications ?? [])]) {
      expect(message.text).not.toContain('](');
    }
  }),
);

test(
  'JUnit keeps its elements',
  holdsFor((report) => {
    const elements = junit(report)
      .replace(/<!\[CDATA\[.*?\]\]>/gs, '')
      .match(/<\w+/g);
    const [suite, test] = ['<testsuite', '<testcase'];
    expect(elements).toEqual([
      '<testsuites',
      ...[suite, test, '<failure', test, '<skipped', '<system', test],
      ...[suite, test, '<error'],
    ]);
  }),
);

test(
  'Markdown keeps its cells',
  holdsFor((report) => {
    const rows = markdown(report).match(/^\|.*$/gm) ?? [];
    const cells = rows.map((row) => row.replaceAll(/\\./g, '').split('|').length - 2);
    expect(cells).toEqual([5, 5, 5, 1, 1, 1]);
  }),
);

test(
  'GitHub gets a command a finding',
  holdsFor((report) => {
    const lines = github(report, { quiet: true }).split(/[\r\n]+/);
    expect(lines.map((line) => line.slice(0, 8))).toEqual(['::error ', '::error ', '']);
  }),
);
