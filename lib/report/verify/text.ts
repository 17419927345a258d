import pc from 'picocolors';
import { printable } from '../../text/printable';
import type { Drift } from '../../verify/deviation';
import { type Colors, notReadLines, type TextOptions } from '../formats/text';
import { columns, wrap } from '../text-layout';
import { count, displayName, locationInWords } from '../wording';
import type { ModeOfVersion, VerifiedFunction, VerifyReport } from './report';

/** For people: what is in force, by stack, and the drift with what mends them. */
export function verifyText(report: VerifyReport, { color, quiet, width }: TextOptions): string {
  const { functions, notes, errors } = report;
  const colors = pc.createColors(color);
  const blocks = [
    ...byStack(functions).map((group) => stackLines(group, colors, quiet, width)),
    errors.length > 0 ? notReadLines(errors, colors) : [],
    quiet ? [] : notes.flatMap((note) => (width ? wrap(printable(note), width) : [printable(note)])),
    quiet ? [] : [colors.bold(summaryLine(report))],
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
  const drift = functions.flatMap((fn) => fn.drift.map((deviation) => ({ fn, deviation })));
  if (quiet && drift.length === 0) return [];
  const [head, ...rows] = columns([HEAD, ...functions.flatMap(rowsOf)]).map((line) => `  ${line}`);
  return [
    colors.underline(printable(`${stack} in ${region}`)),
    ...(quiet ? [] : [colors.dim(head), ...rows]),
    ...drift.flatMap(({ fn, deviation }, i) => [
      ...(quiet && i === 0 ? [] : ['']),
      ...deviationLines(fn, deviation, colors, width),
    ]),
  ];
}

const HEAD = ['Function', 'In force', 'Aliases', 'May write to X-Ray'];

const PERMISSIONS = { granted: 'yes', missing: 'no', unknown: '?' } as const;

/** A row for the function, and one for each alias but the first. */
function rowsOf(fn: VerifiedFunction): string[][] {
  const [first, ...others] = aliasesOf(fn);
  const permissions = fn.permissions === undefined ? '-' : PERMISSIONS[fn.permissions];
  const rows = [
    [displayName(fn), fn.mode, first, permissions],
    ...others.map((alias) => ['', '', alias, '']),
  ];
  return rows.map((cells) => cells.map(printable));
}

function aliasesOf({ aliases }: VerifiedFunction): string[] {
  if (!aliases) return ['?'];
  if (aliases.length === 0) return ['-'];
  return aliases.map(({ name, versions }) => `${name}: ${versions.map(versionInWords).join(' + ')}`);
}

function deviationLines(
  fn: VerifiedFunction,
  { kind, message, fix, commands }: Drift,
  colors: Colors,
  width = Number.MAX_SAFE_INTEGER,
): string[] {
  const indented = (words: string) => wrap(printable(words), width - 4).map((line) => `    ${line}`);
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
    // To be copied: a command isn't broken into lines.
    ...commands.map((command) => `      ${printable(command)}`),
  ];
}

/** Such as `2 drift in 1 of 5 functions. 1 function could not be compared in full.` */
export function summaryLine({ functions, errors }: VerifyReport): string {
  const differing = functions.filter(({ drift }) => drift.length > 0);
  const number = differing.reduce((sum, { drift }) => sum + drift.length, 0);
  const verdict =
    number === 0
      ? `No deviations in ${count(functions.length, 'function')}.`
      : `${count(number, 'deviation')} in ${differing.length} of ${count(functions.length, 'function')}.`;
  const partial = functions.filter(({ notCompared }) => notCompared.length > 0).length;
  const uncompared = partial > 0 ? ` ${count(partial, 'function')} could not be compared in full.` : '';
  const unread = errors.length > 0 ? ` ${count(errors.length, 'part')} could not be read.` : '';
  return verdict + uncompared + unread;
}

/** Such as `3 Active`. */
function versionInWords({ version, mode }: ModeOfVersion): string {
  return `${version} ${mode}`;
}
