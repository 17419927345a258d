import builder from 'junit-report-builder';
import { nameOf as displayName } from '../../cloudformation/template';
import type { Rule } from '../../rules/rule';
import { printable } from '../../text/printable';
import { byTemplate, type Report, type ReportedFinding } from '../report';
import { locationInWords } from '../wording';
import { errorLine } from './text';

type Suite = ReturnType<typeof builder.testSuite>;

/**
 * Returns JUnit XML for CI servers, with a suite per template. A finding is a failed test, or a skipped one if it is
 * acknowledged. A rule without findings is a passed test.
 */
export function junit({ tool, templates, findings, errors, rules }: Report): string {
  const report = builder.newBuilder().name(tool.name);
  const found = byTemplate(findings);
  for (const template of new Set([...templates, ...found.keys()])) {
    const suite = report.testSuite().name(printable(template));
    const own = found.get(template) ?? [];
    for (const finding of own) addFinding(suite, finding);
    const passing = rules.filter((rule) => !own.some((finding) => finding.rule === rule));
    for (const rule of passing) addPassing(suite, template, rule);
  }
  if (errors.length > 0) {
    const suite = report.testSuite().name('Input');
    for (const error of errors) {
      const line = errorLine(error);
      suite
        .testCase()
        .className(printable(error.file))
        .name('can be read')
        .error(line, 'error', content(line));
    }
  }
  return `${report.build()}\n`;
}

function addFinding(suite: Suite, finding: ReportedFinding): void {
  const { template, file, rule, severity, message, fix, acknowledged } = finding;
  const test = suite
    .testCase()
    .className(printable(template))
    .name(printable(`${rule.id} ${displayName(finding)}`.trimEnd()))
    .file(printable(file));
  if (acknowledged) {
    test.skipped().standardOutput(content(`${message} Acknowledged: ${acknowledged.reason}`));
  } else {
    test
      .failure(printable(message), severity)
      .stacktrace([locationInWords(finding), message, `Fix: ${fix}`].map(content).join('\n'));
  }
}

function addPassing(suite: Suite, template: string, { id, title }: Rule): void {
  suite.testCase().className(printable(template)).name(`${id} ${title}`);
}

/** Prepares text for a CDATA section. xmlbuilder escapes only the first `]]>` in it. */
function content(text: string): string {
  return printable(text).replaceAll(']]>', ']] >');
}
