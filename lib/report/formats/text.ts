import pc from 'picocolors';
import { pathOf } from '../../cloudformation/template';
import type { LoadError } from '../../input/loaded-template';
import { ACKNOWLEDGEMENT } from '../../rules/acknowledgement';
import { type Rule, RULE_PREFIX, SEVERITIES, type Severity } from '../../rules/rule';
import { printable, wrap } from '../../text/printable';
import { sortedBy } from '../collections';
import { configurationText } from '../configuration';
import { modeCounts, unprovenPermissions } from '../function-summary';
import { type Location, positionsOf } from '../location';
import { isOpen, type Report, type ReportedFinding } from '../report';
import { count, locationInWords, positionInWords, summaryLine, otherPositions } from '../wording';

export interface TextOptions {
  readonly color: boolean;
  /** Set to leave out everything but findings and errors. */
  readonly quiet: boolean;
  /** Set to show all findings, with details such as related resources. */
  readonly verbose?: boolean;
  /**
   * The characters per line.
   *
   * @default - lines are not broken
   */
  readonly width?: number;
}

/** Returns a report for terminals: findings by file, and the number of functions by mode. */
export function text(report: Report, { color, quiet, width, verbose }: TextOptions): string {
  const colors = pc.createColors(color);
  const open = report.findings.filter(isOpen);
  const wrapped = (line: string) => wrap(line, width ?? Number.MAX_SAFE_INTEGER);
  const blocks = [
    ...findingGroups(verbose ? report.findings : open, { colors, width, verbose }),
    ...(report.errors.length > 0 ? [notReadLines(report.errors, colors)] : []),
    ...(quiet
      ? []
      : [
          configurationLines(report, width),
          ...report.notes.map(wrapped),
          [
            ...modesOf(report).flatMap(wrapped),
            colors.bold(summaryLine(report)),
            ...adviceOn(open).flatMap(wrapped),
          ],
        ]),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Returns what differs from the default configuration. Empty if nothing does. */
export function configurationLines(
  { configuration, summary }: Report,
  width = Number.MAX_SAFE_INTEGER,
): string[] {
  const text = configurationText(configuration, summary.acknowledged);
  return text === '' ? [] : wrap(printable(text), width);
}

/** Returns an error such as `template.yaml:3:5: not a template`. */
export function errorLine(error: LoadError): string {
  return printable(`${positionInWords(error)}: ${error.message}`);
}

/** Returns the errors below a heading. */
export function notReadLines(errors: readonly LoadError[], colors: Colors): string[] {
  return [colors.underline('Not read'), ...errors.map((error) => `  ${errorLine(error)}`)];
}

/** Returns the number of functions by mode: `26 functions: 3 Active, 23 Unset.` Empty if nothing was read. */
function modesOf({ summary, functions }: Report): string[] {
  if (summary.templates === 0) return [];
  if (summary.functions === 0) return ['The templates contain no Lambda functions.'];
  const unproven = unprovenPermissions(functions);
  return [
    `${count(summary.functions, 'function')}: ${modeCounts(summary.byMode).join(', ')}.`,
    ...(unproven === '' ? [] : [unproven]),
  ];
}

/** Returns how to learn more about findings and how to accept one. Empty if there are none. */
export function adviceOn(findings: readonly ReportedFinding[]): string[] {
  if (findings.length === 0) return [];
  const name = shortIdOf(findings[0].rule);
  return [`For the reason of a finding, run cdk-lambda-xray explain ${name}. ${acceptanceOf(findings)}`];
}

/** Returns how to accept a finding. */
export function acceptanceOf(findings: readonly ReportedFinding[]): string {
  // A problem of the configuration has the path that its entry names.
  const onConstruct = findings.some(
    ({ rule, constructPath }) => rule !== ACKNOWLEDGEMENT && constructPath !== undefined,
  )
    ? ' or on its construct'
    : '';
  return `To accept a finding, acknowledge it in .cdk-lambda-xray.yaml${onConstruct}.`;
}

export type Colors = ReturnType<typeof pc.createColors>;

const COLORS: Readonly<Record<Severity, 'red' | 'yellow' | 'cyan'>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
};

const SEVERITY_WIDTH = Math.max(...SEVERITIES.map(({ length }) => length));

/** The number of findings with one fix that a report without details shows. */
const MAX_SHOWN = 5;

/** The minimum of characters for a message, on a terminal that is too narrow. */
const MIN_WIDTH = 20;

export interface FindingOptions {
  readonly colors: Colors;
  readonly width?: number;
  /** True to show all findings, each with its details. */
  readonly verbose?: boolean;
}

/**
 * Returns the lines of findings by file: `line:column  severity  message  rule`, and the fix below. In a CDK app, the file is
 * that of the code. Findings of one rule in a template that have the same fix, apart from names, share it, and only the first
 * ones are shown. A fix that the next findings have too is below those.
 */
export function findingGroups(findings: readonly ReportedFinding[], options: FindingOptions): string[][] {
  const blocks = options.verbose
    ? findings.map((one) => new Block(instructionOf(one), [one]))
    : blocksOf(findings);
  const byFile = new Map<string, Block[]>();
  for (const block of blocks) {
    for (const [file, part] of block.byFile()) {
      const others = byFile.get(file);
      if (others) others.push(part);
      else byFile.set(file, [part]);
    }
  }
  return [...byFile].map(([file, parts]) => {
    // A file can have more findings than a call can have arguments.
    const column = parts
      .flatMap(({ shown }) => shown.map((one) => positionOf(one).length))
      .reduce((widest, width) => Math.max(widest, width), 0);
    const ordered = inOrder(parts);
    return [
      options.colors.underline(printable(file)),
      ...ordered.flatMap((part, i) => blockLines(part, column, options, ordered[i + 1])),
    ];
  });
}

/** Sorts the blocks of a file by severity and line. Those that show the same instruction are together. */
function inOrder(blocks: readonly Block[]): Block[] {
  const order = blocks.map((block) => block.order());
  const first = new Map<string, number>();
  const keys = blocks.map((block, i) => {
    const [severity, line] = order[i];
    const key = JSON.stringify([severity, block.instruction]);
    first.set(key, Math.min(first.get(key) ?? Infinity, line));
    return key;
  });
  // A block that starts on the line of another one must not part those with one instruction.
  const rank = new Map([...first.keys()].map((key, i) => [key, i]));
  return sortedBy(
    blocks.map((block, i) => ({ block, key: keys[i], order: order[i] })),
    ({ key, order: [severity, line] }) => [severity, first.get(key)!, rank.get(key)!, line],
  ).map(({ block }) => block);
}

/** Findings that one change resolves, or that have the same change to make. */
class Block {
  constructor(
    /** The fix or the acknowledgement of its findings, without names if they differ. */
    public readonly instruction: string,
    public readonly shown: readonly ReportedFinding[],
    /** The number of findings that are not shown, at the end of the block. */
    public readonly hidden = 0,
  ) {}

  /** Returns the parts of the block that are in one file each. */
  public byFile(): Map<string, Block> {
    const files = [...new Set(this.shown.map(fileOf))];
    const last = fileOf(this.shown[this.shown.length - 1]);
    return new Map(
      files.map((file) => {
        const shown = sortedBy(
          this.shown.filter((one) => fileOf(one) === file),
          (one) => [lineOf(one)],
        );
        const hidden = file === last ? this.hidden : 0;
        const isAlone = shown.length === 1 && hidden === 0;
        return [file, new Block(isAlone ? instructionOf(shown[0]) : this.instruction, shown, hidden)];
      }),
    );
  }

  /** Returns the key that blocks of one file are sorted by. */
  public order(): number[] {
    const [first] = this.shown;
    return [SEVERITIES.indexOf(first.severity), lineOf(first)];
  }
}

function blocksOf(findings: readonly ReportedFinding[]): Block[] {
  const groups = new Map<string, ReportedFinding[]>();
  /** The first template of findings on one position in the code, such as of a stack that each stage of an app has. */
  const templates = new Map<string, string>();
  for (const finding of findings) {
    const { rule, severity, template, source } = finding;
    const instruction = withoutNames(finding);
    const position = JSON.stringify([rule.id, severity, instruction, source?.file, source?.position]);
    const first = source?.position ? (templates.get(position) ?? template) : template;
    templates.set(position, first);
    // A system of many templates would have more notes than anything else.
    const scope = severity === 'info' ? '' : first;
    const key = JSON.stringify([rule.id, severity, scope, instruction]);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].map((group) => {
    const instruction = instructionOf(group[0]);
    const isEqual = group.every((finding) => instructionOf(finding) === instruction);
    return new Block(
      isEqual ? instruction : withoutNames(group[0]),
      group.slice(0, MAX_SHOWN),
      Math.max(0, group.length - MAX_SHOWN),
    );
  });
}

function blockLines(
  block: Block,
  column: number,
  { colors, width, verbose }: FindingOptions,
  next: Block | undefined,
): string[] {
  // Two spaces before and after each column.
  const indent = ' '.repeat(2 + column + 2 + SEVERITY_WIDTH + 2);
  const available = Math.max((width ?? Number.MAX_SAFE_INTEGER) - indent.length, MIN_WIDTH);
  const indented = (text: string) => wrap(printable(text), available).map((line) => indent + line);
  const isRepeated =
    !verbose && next?.order()[0] === block.order()[0] && next.instruction === block.instruction;
  return [
    ...block.shown.flatMap((finding) => [
      ...headLines(finding, column, available, colors),
      ...(verbose ? detailsOf(finding) : namesIfNoPosition(finding)).flatMap(indented),
    ]),
    ...(block.hidden > 0 ? [`${indent}${colors.dim(`and ${block.hidden} more: --verbose`)}`] : []),
    ...(isRepeated ? [] : indented(block.instruction)),
  ];
}

function headLines(finding: ReportedFinding, column: number, available: number, colors: Colors): string[] {
  const { severity, message, rule } = finding;
  const name = shortIdOf(rule);
  const lines = wrap(printable(message), available);
  const fits = lines[lines.length - 1].length + 2 + name.length <= available;
  if (fits) lines[lines.length - 1] += `  ${colors.dim(name)}`;
  else lines.push(colors.dim(name));
  const padding = ' '.repeat(SEVERITY_WIDTH - severity.length);
  const head = `  ${positionOf(finding).padEnd(column)}  ${colors[COLORS[severity]](severity)}${padding}  `;
  const indent = ' '.repeat(2 + column + 2 + SEVERITY_WIDTH + 2);
  return lines.map((line, i) => (i === 0 ? head : indent) + line);
}

/** Returns what a report shows on demand: the resource, related ones, the position in the template and the same cause. */
function detailsOf(finding: ReportedFinding): string[] {
  const { related, sameCause = [], acknowledged } = finding;
  return [
    ...resourceOf(finding),
    ...(related.length > 0 ? [`See: ${related.map(relatedText).join(', ')}`] : []),
    ...otherPositions(finding),
    ...(sameCause.length > 0
      ? [`Same cause: ${sameCause.map(({ rule }) => shortIdOf(rule)).join(', ')}`]
      : []),
    ...(acknowledged ? acknowledgementText(acknowledged) : []),
  ];
}

/** Returns the location of an acknowledgement and the day on which it expires. */
function acknowledgementText({ location, expires }: NonNullable<ReportedFinding['acknowledged']>): string[] {
  const parts = [
    ...(location ? [`at ${locationInWords(location)}`] : []),
    ...(expires === undefined ? [] : [`until ${expires}`]),
  ];
  return parts.length > 0 ? [`Acknowledged ${parts.join(', ')}`] : [];
}

/** Returns the resource of a finding that has no position, such as an entry of the configuration. */
function namesIfNoPosition(finding: ReportedFinding): string[] {
  return positionsOf(finding)[0].position ? [] : resourceOf(finding);
}

function resourceOf(finding: ReportedFinding): string[] {
  const names = namesOf(finding);
  return names === '' ? [] : [`Resource: ${names}`];
}

function fileOf(finding: ReportedFinding): string {
  return positionsOf(finding)[0].file;
}

function positionOf(finding: ReportedFinding): string {
  const [{ position }] = positionsOf(finding);
  return position ? `${position.line}:${position.column}` : '-';
}

/** Returns the ID of a rule without the prefix, which is optional where users write it. */
function shortIdOf({ id }: Rule): string {
  return id.replace(RULE_PREFIX, '');
}

function lineOf(finding: ReportedFinding): number {
  return positionsOf(finding)[0].position?.line ?? Infinity;
}

function instructionOf({ acknowledged, fix }: ReportedFinding): string {
  return acknowledged ? `Acknowledged: ${acknowledged.reason}` : `Fix: ${fix}`;
}

/** Returns what to do about a finding, without the names of its resources. */
function withoutNames(finding: ReportedFinding): string {
  const names = [finding, ...finding.related].flatMap((location) => [pathOf(location), location.logicalId]);
  return [...new Set(names)]
    .filter((name) => name !== '')
    .reduce((text, name) => text.replaceAll(`'${name}'`, 'each'), instructionOf(finding));
}

/** Returns the first line of a finding that is alone: location, severity, rule and name. */
export function findingHead(finding: ReportedFinding, colors: Colors): string {
  const { severity, rule } = finding;
  const head = [
    printable(locationInWords(finding)),
    colors[COLORS[severity]](severity),
    colors.bold(shortIdOf(rule)),
    printable(namesOf(finding)),
  ];
  return `  ${head.join('  ')}`.trimEnd();
}

/** Returns the construct path, followed by the logical ID if it differs. */
export function namesOf(location: Location): string {
  const { logicalId } = location;
  const name = pathOf(location);
  return name === logicalId || logicalId === '' ? name : `${name} (${logicalId})`;
}

function relatedText(location: Location): string {
  return `${pathOf(location)} (${locationInWords(location)})`;
}
