import builder from 'junit-report-builder';
import { pathOf as displayName } from '../../cloudformation/template';
import type { LoadError } from '../../input/loaded-template';
import type { Rule } from '../../rules/rule';
import { printable } from '../../text/printable';
import { reaches, type Threshold } from '../configuration';
import { byTemplate, type Report, type ReportedFinding } from '../report';
import { positionsOf } from '../location';
import { locationInWords, templateInWords } from '../wording';
import { errorLine } from './text';

type Suite = ReturnType<typeof builder.testSuite>;

/**
 * Returns JUnit XML for CI servers, with a suite per template. A finding that makes the run fail is a failed test. All
 * other findings, such as acknowledged ones, are skipped tests. A rule without findings is a passed test.
 */
export function junit(report: Report): string {
  const { tool, templates, findings, errors, warnings, rules } = report;
  const document = builder.newBuilder().name(tool.name);
  const addSuite = (name: string) => {
    const suite = document.testSuite().name(name);
    for (const [key, value] of propertiesOf(report)) suite.property(key, value);
    return suite;
  };
  const found = byTemplate(findings);
  for (const template of new Set([...templates, ...found.keys()])) {
    const suite = addSuite(printable(template));
    const own = found.get(template) ?? [];
    for (const finding of own) addFinding(suite, finding, report.configuration.failOn);
    const passing = rules.filter((rule) => !own.some((finding) => finding.rule === rule));
    for (const rule of passing) addPassing(suite, template, rule);
  }
  if (errors.length + warnings.length > 0) {
    const suite = addSuite('Input');
    const addCase = ({ file }: LoadError) => suite.testCase().className(printable(file)).name('can be read');
    for (const error of errors) addCase(error).error(errorLine(error), 'error', content(errorLine(error)));
    for (const warning of warnings) addCase(warning).standardOutput(content(errorLine(warning)));
  }
  return `${document.build()}\n`;
}

/** Returns the configuration and the notes as names and values. */
function propertiesOf({ configuration, summary, notes }: Report): [string, string][] {
  const { file, failOn, rules } = configuration;
  return [
    ...(file === undefined ? [] : [['configuration', printable(file)] as [string, string]]),
    ['failOn', failOn ?? 'never'],
    ...rules.map(({ ruleId, severity }): [string, string] => [ruleId, severity]),
    ['acknowledged', String(summary.acknowledged)],
    ...notes.map((note): [string, string] => ['note', printable(note)]),
  ];
}

function addFinding(suite: Suite, finding: ReportedFinding, failOn: Threshold = 'never'): void {
  const { template, rule, severity, message, fix, acknowledged } = finding;
  const [{ file }] = positionsOf(finding);
  const test = suite
    .testCase()
    .className(printable(template))
    .name(printable(`${rule.id} ${displayName(finding)}`.trimEnd()))
    .file(printable(file));
  const details = [locationInWords(finding), message, `Fix: ${fix}`, ...templateInWords(finding)]
    .map(content)
    .join('\n');
  if (acknowledged) {
    test.skipped().standardOutput(content(`${message} Acknowledged: ${acknowledged.reason}`));
  } else if (reaches(severity, failOn)) {
    test.failure(printable(message), severity).stacktrace(details);
  } else {
    test.skipped().standardOutput(`${severity}: ${details}`);
  }
}

function addPassing(suite: Suite, template: string, { id, title }: Rule): void {
  suite.testCase().className(printable(template)).name(`${id} ${title}`);
}

/** Prepares text for a CDATA section. xmlbuilder escapes only the first `]]>` in it. */
function content(text: string): string {
  return printable(text).replaceAll(']]>', ']] >');
}
