import pc from 'picocolors';
import { pathOf as displayName } from '../../cloudformation/template';
import { columns, printable, wrap } from '../../text/printable';
import type { Drift } from '../../verify/drift';
import { type Colors, notReadLines, type TextOptions } from '../formats/text';
import { count, locationInWords, otherPositions } from '../wording';
import {
  DEPLOYED_MODES,
  type DeployedMode,
  summaryOf,
  type VerifiedFunction,
  type VerifyReport,
} from './report';

/** Formats a report for a terminal: the functions by stack, and below them each difference with its fix. */
export function verifyText(report: VerifyReport, { color, quiet, width }: TextOptions): string {
  const { functions, notes, errors } = report;
  const colors = pc.createColors(color);
  const blocks = [
    ...byStack(functions).map((group) => stackLines(group, colors, quiet, width)),
    errors.length > 0 ? notReadLines(errors, colors) : [],
    quiet ? [] : notes.flatMap((note) => (width ? wrap(printable(note), width) : [printable(note)])),
    quiet ? [] : [...modesOf(report), colors.bold(summaryLine(report))],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function byStack(functions: readonly VerifiedFunction[]): VerifiedFunction[][] {
  const groups = new Map<string, VerifiedFunction[]>();
  for (const fn of functions) {
    const key = [fn.template, fn.stack, fn.region].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), fn]);
  }
  return [...groups.values()];
}

function stackLines(
  functions: readonly VerifiedFunction[],
  colors: Colors,
  quiet: boolean,
  width: number | undefined,
): string[] {
  const [{ stack, region }] = functions;
  const differences = functions.flatMap((fn) => fn.drift.map((drift) => ({ fn, drift })));
  if (quiet && differences.length === 0) return [];
  const [head, ...rows] = columns([HEAD, ...functions.flatMap(rowsOf)]).map((line) => `  ${line}`);
  return [
    colors.underline(printable(`${stack} in ${region}`)),
    ...(quiet ? [] : [colors.dim(head), ...rows]),
    ...differences.flatMap(({ fn, drift }, i) => [
      ...(quiet && i === 0 ? [] : ['']),
      ...driftLines(fn, drift, colors, width),
    ]),
  ];
}

const HEAD = ['Function', 'Deployed mode', 'Aliases', 'Can write to X-Ray'];

const PERMISSIONS = { granted: 'yes', missing: 'no', unknown: '?' } as const;

/** Returns a row for the function with its first alias, and a row for each other alias. */
function rowsOf(fn: VerifiedFunction): string[][] {
  const [first, ...others] = aliasCells(fn);
  const permissions = fn.permissions === undefined ? '-' : PERMISSIONS[fn.permissions];
  const rows = [
    [displayName(fn), fn.mode, first, permissions],
    ...others.map((alias) => ['', '', alias, '']),
  ];
  return rows.map((cells) => cells.map(printable));
}

function aliasCells({ aliases }: VerifiedFunction): string[] {
  if (!aliases) return ['?'];
  if (aliases.length === 0) return ['-'];
  return aliases.map(({ name, versions }) => {
    const modes = versions.map(({ version, mode }) => `${version} ${mode}`);
    return `${name}: ${modes.join(' + ')}`;
  });
}

function driftLines(
  fn: VerifiedFunction,
  { kind, message, fix, commands }: Drift,
  colors: Colors,
  width = Number.MAX_SAFE_INTEGER,
): string[] {
  const indented = (text: string) => wrap(printable(text), width - 4).map((line) => `    ${line}`);
  const head = [
    printable(locationInWords(fn)),
    colors.red(kind),
    colors.bold(printable(displayName(fn))),
    printable(fn.functionName),
  ];
  return [
    `  ${head.join('  ')}`,
    ...indented(message),
    ...indented(`Fix: ${fix}`),
    ...otherPositions(fn).flatMap(indented),
    // Commands are not wrapped, because users copy them.
    ...commands.map((command) => `      ${printable(command)}`),
  ];
}

/** Returns the number of functions by deployed mode: `26 functions: 18 Active, 8 PassThrough.` Empty if there are none. */
function modesOf(report: VerifyReport): string[] {
  const { functions, byMode } = summaryOf(report);
  const modes = DEPLOYED_MODES.filter((mode) => byMode[mode] > 0).map(
    (mode) => `${byMode[mode]} ${MODE_WORDS[mode]}`,
  );
  return functions > 0 ? [`${count(functions, 'function')}: ${modes.join(', ')}.`] : [];
}

const MODE_WORDS: Readonly<Record<DeployedMode, string>> = {
  Active: 'Active',
  PassThrough: 'PassThrough',
  Missing: 'missing',
  Unknown: 'not read',
};

/** Returns a summary: `2 differences in 1 of 5 functions. 1 function could not be fully compared.` */
export function summaryLine({ functions, stacks, errors }: VerifyReport): string {
  const partial = functions.filter(({ notCompared }) => notCompared.length > 0).length;
  const notCompared = partial > 0 ? ` ${count(partial, 'function')} could not be fully compared.` : '';
  const notRead = errors.length > 0 ? ` ${count(errors.length, 'part')} could not be read.` : '';
  return (stacks === 0 ? 'Nothing was verified.' : differencesText(functions)) + notCompared + notRead;
}

function differencesText(functions: readonly VerifiedFunction[]): string {
  const total = count(functions.length, 'function');
  const different = functions.filter(({ drift }) => drift.length > 0);
  if (different.length === 0) return `No differences in ${total}.`;
  const differences = different.reduce((sum, { drift }) => sum + drift.length, 0);
  return `${count(differences, 'difference')} in ${different.length} of ${total}.`;
}
