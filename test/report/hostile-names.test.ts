import fc from 'fast-check';
import type { Log } from 'sarif';
import { github } from '../../lib/report/formats/github';
import { gitlab } from '../../lib/report/formats/gitlab';
import { json } from '../../lib/report/formats/json';
import { junit } from '../../lib/report/formats/junit';
import { markdown } from '../../lib/report/formats/markdown';
import { posture } from '../../lib/report/formats/posture';
import { sarif } from '../../lib/report/formats/sarif';
import { text } from '../../lib/report/formats/text';
import type { Report } from '../../lib/report/report';
import { harmIn, NAME } from './hostile-name';
import { functionNamed, reportOf } from './small-system';

/** Returns a report on one function, with the name in every text from the input. */
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
    { file: name, failOn: 'warning' },
  );
}

function holdsFor(claim: (report: Report, name: string) => void) {
  return () => fc.assert(fc.property(NAME, (name) => claim(reportOn(name), name)));
}

test(
  'text keeps its lines and does not affect the terminal',
  holdsFor((report, name) => {
    const written = text(report, { color: false, quiet: false });
    // The file, two lines of the finding, two of the error, the configuration, the modes, the summary, the advice, an empty
    // line between the blocks and one at the end.
    expect(written.split('\n')).toHaveLength(13);
    expect(harmIn(written)).toEqual([]);
    const verbose = text(report, { color: false, quiet: false, verbose: true });
    // The resources of both findings, if they have names, the related one, and the acknowledged finding.
    expect(verbose.split('\n')).toHaveLength(name === '' ? 16 : 18);
    expect(harmIn(verbose)).toEqual([]);
  }),
);

test(
  'JSON preserves the name',
  holdsFor((report, name) => {
    const written = json(report);
    expect(harmIn(written)).toEqual([]);
    const { findings } = JSON.parse(written) as { findings: { message: string }[] };
    expect(findings.map(({ message }) => message)).toEqual([name, name]);
  }),
);

test(
  'the posture escapes the name',
  holdsFor((report) => {
    const written = posture(report);
    expect(harmIn(written)).toEqual([]);
    const { functions } = JSON.parse(written) as { functions: object };
    expect(Object.keys(functions).flatMap(harmIn)).toEqual([]);
  }),
);

test(
  "GitLab's report keeps each text a text",
  holdsFor((report) => {
    const written = gitlab(report);
    expect(harmIn(written)).toEqual([]);
    expect(JSON.parse(written)).toHaveLength(2);
  }),
);

test(
  'SARIF contains no links',
  holdsFor((report) => {
    const written = sarif(report);
    expect(harmIn(written)).toEqual([]);
    const [run] = (JSON.parse(written) as Log).runs;
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
    const written = junit(report);
    expect(harmIn(written)).toEqual([]);
    const elements = written.replace(/<!\[CDATA\[.*?\]\]>/gs, '').match(/<\w+/g);
    const suite = ['<testsuite', '<properties', '<property', '<property', '<property'];
    const test = '<testcase';
    expect(elements).toEqual([
      '<testsuites',
      ...[...suite, test, '<failure', test, '<skipped', '<system', test],
      ...[...suite, test, '<error'],
    ]);
  }),
);

test(
  'Markdown keeps its cells',
  holdsFor((report) => {
    const written = markdown(report);
    expect(harmIn(written)).toEqual([]);
    const rows = written.match(/^\|.*$/gm) ?? [];
    const cells = rows.map((row) => row.replaceAll(/\\./g, '').split('|').length - 2);
    expect(cells).toEqual([2, 2, 2, 1, 1, 1]);
    expect(written.match(/<!-- cdk-lambda-xray/g)).toHaveLength(1);
  }),
);

test(
  'GitHub gets one command per finding',
  holdsFor((report) => {
    const lines = github(report, { quiet: false }).split(/[\r\n]+/);
    expect(lines.map((line) => line.slice(0, 8))).toEqual([
      '::error ',
      '::error ',
      '::notice',
      '1 error,',
      '',
    ]);
    expect(lines.flatMap((line) => harmIn(line.slice(2)))).toEqual([]);
  }),
);
