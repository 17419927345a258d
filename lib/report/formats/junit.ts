import { pathOf as displayName } from '../../cloudformation/template';
import type { LoadError } from '../../input/loaded-template';
import { printable } from '../../text/printable';
import { reaches, type Threshold } from '../configuration';
import { byTemplate, type Report, type ReportedFinding } from '../report';
import { locationInWords, otherPositions } from '../wording';
import { errorLine } from './text';

type Attributes = Readonly<Record<string, string | number>>;

interface TestCase {
  readonly className: string;
  readonly name: string;
  /** The result. Undefined for a passed test. */
  readonly result?: 'failure' | 'error' | 'skipped';
  /** The elements of the result and of the output. */
  readonly elements: readonly string[];
}

interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/**
 * Returns JUnit XML for CI servers, with a suite per template. A finding that makes the run fail is a failed test. All
 * other findings, such as acknowledged ones, are skipped tests. A rule without findings is a passed test.
 *
 * It has only the elements and attributes in the schema of Jenkins' xUnit plugin (`junit-10.xsd`), which rejects others.
 * GitLab keeps one of several tests with the same name, so each has another one.
 */
export function junit(report: Report): string {
  const { tool, notes } = report;
  const suites = suitesOf(report);
  const { tests, failures, errors } = countsIn(suites.flatMap(({ cases }) => cases));
  const properties = propertiesOf(report);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    ...element('testsuites', { name: tool.name, tests, failures, errors }, [
      ...suites.flatMap((suite, i) =>
        suiteLines(suite, i === 0 ? [...properties, ...named(notes)] : properties),
      ),
    ]),
    '',
  ].join('\n');
}

function suitesOf({ templates, findings, errors, warnings, rules, configuration }: Report): Suite[] {
  const found = byTemplate(findings);
  const ofTemplates = [...new Set([...templates, ...found.keys()])].map((template): Suite => {
    const own = found.get(template) ?? [];
    const violated = new Set(own.map(({ rule }) => rule));
    return {
      name: template,
      cases: [
        ...own.map((finding) => findingCase(finding, configuration.failOn)),
        ...rules
          .filter((rule) => !violated.has(rule))
          .map(({ id, title }) => ({ className: template, name: `${id} ${title}`, elements: [] })),
      ],
    };
  });
  const input = [
    ...errors.map((error): TestCase => {
      const line = errorLine(error);
      return inputCase(error, 'error', element('error', { message: line, type: 'error' }, content(line)));
    }),
    ...warnings.map((warning) => inputCase(warning, undefined, output(errorLine(warning)))),
  ];
  return input.length > 0 ? [...ofTemplates, { name: 'Input', cases: input }] : ofTemplates;
}

function inputCase({ file }: LoadError, result: TestCase['result'], elements: string[]): TestCase {
  return { className: file, name: 'can be read', result, elements };
}

/** Returns the configuration as names and values. */
function propertiesOf({ configuration, summary }: Report): [string, string][] {
  const { file, failOn, rules } = configuration;
  return [
    ...(file === undefined ? [] : [['configuration', file] as [string, string]]),
    ['failOn', failOn ?? 'never'],
    ...rules.map(({ ruleId, severity }): [string, string] => [ruleId, severity]),
    ['acknowledged', String(summary.acknowledged)],
  ];
}

function named(notes: readonly string[]): [string, string][] {
  return notes.map((note) => ['note', note]);
}

function findingCase(finding: ReportedFinding, failOn: Threshold = 'never'): TestCase {
  const { template, rule, severity, message, fix, acknowledged } = finding;
  const common = { className: template, name: `${rule.id} ${displayName(finding)}`.trimEnd() };
  const instruction = acknowledged ? `Acknowledged: ${acknowledged.reason}` : `Fix: ${fix}`;
  const details = [message, instruction, ...otherPositions(finding)];
  const location = locationInWords(finding);
  if (!acknowledged && reaches(severity, failOn)) {
    const failure = element('failure', { message, type: severity }, content(location, ...details));
    return { ...common, result: 'failure', elements: failure };
  }
  const reason = acknowledged ? `${message} ${instruction}` : `${severity}: ${message}`;
  return {
    ...common,
    result: 'skipped',
    elements: [...element('skipped', { message: reason }), ...output(`${severity}: ${location}`, ...details)],
  };
}

function suiteLines({ name, cases }: Suite, properties: readonly [string, string][]): string[] {
  const { tests, failures, errors, skipped } = countsIn(cases);
  const names = new Names();
  return element('testsuite', { name, tests, failures, errors, skipped }, [
    ...element(
      'properties',
      {},
      properties.flatMap(([key, value]) => element('property', { name: key, value })),
    ),
    ...cases.flatMap((one) =>
      element('testcase', { classname: one.className, name: names.unique(one) }, one.elements),
    ),
  ]);
}

/** The names of the tests of a suite. */
class Names {
  private readonly seen = new Map<string, number>();

  /** Returns the name of a test, with a number if an earlier test has the same name. */
  public unique({ className, name }: TestCase): string {
    const key = JSON.stringify([className, name]);
    const occurrence = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, occurrence);
    return occurrence === 1 ? name : `${name} (${occurrence})`;
  }
}

function countsIn(cases: readonly TestCase[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const countOf = (wanted: TestCase['result']) => cases.filter(({ result }) => result === wanted).length;
  return {
    tests: cases.length,
    failures: countOf('failure'),
    errors: countOf('error'),
    skipped: countOf('skipped'),
  };
}

function output(...lines: readonly string[]): string[] {
  return element('system-out', {}, content(...lines));
}

/**
 * Returns the lines of an element.
 *
 * @param children the lines of its child elements, or its text
 */
function element(name: string, attributes: Attributes, children: readonly string[] | string = []): string[] {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const start = `<${name}${list.join('')}`;
  if (typeof children === 'string') return [`${start}>${children}</${name}>`];
  if (children.length === 0) return [`${start}/>`];
  return [`${start}>`, ...children.map((line) => `  ${line}`), `</${name}>`];
}

/** Returns text as a CDATA section, which ends at the first `]]>`. */
function content(...lines: readonly string[]): string {
  return `<![CDATA[${lines.map((line) => printable(line).replaceAll(']]>', ']] >')).join('\n')}]]>`;
}

/** Escapes text for an attribute in double quotes. */
function escaped(text: string): string {
  return printable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
