import type pc from 'picocolors';
import type { Severity } from '../rules/rule';
import { nameOf, whereabouts } from './in-words';
import type { Place } from './place';
import { printable } from '../printable';
import type { ReportedFinding } from './report';
import { wrap } from './wrap';

export type Colors = ReturnType<typeof pc.createColors>;

const COLORS: Readonly<Record<Severity, 'red' | 'yellow' | 'cyan'>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
};

/** A finding for people: where it is, what is wrong, and how to mend it or why that isn't needed. */
export function findingLines(
  finding: ReportedFinding,
  colors: Colors,
  width = Number.MAX_SAFE_INTEGER,
): string[] {
  const { message, fix, related, acknowledged } = finding;
  const indented = (words: string) => wrap(printable(words), width - 4).map((line) => `    ${line}`);
  return [
    findingHead(finding, colors),
    ...indented(message),
    ...(related.length > 0 ? indented(`See: ${related.map(relatedTo).join(', ')}`) : []),
    ...indented(acknowledged ? `Acknowledged: ${acknowledged.reason}` : `Fix: ${fix}`),
  ];
}

/** The first of these lines: the place, the rule and the name. */
export function findingHead(finding: ReportedFinding, colors: Colors): string {
  const { severity, rule } = finding;
  const head = [
    printable(whereabouts(finding)),
    colors[COLORS[severity]](severity),
    colors.bold(rule.id),
    printable(namesOf(finding)),
  ];
  return `  ${head.join('  ')}`.trimEnd();
}

/** The construct, and the logical ID where that is another. */
export function namesOf(place: Place): string {
  const name = nameOf(place);
  return name === place.logicalId || place.logicalId === '' ? name : `${name} (${place.logicalId})`;
}

function relatedTo(place: Place): string {
  return `${nameOf(place)} (${whereabouts(place)})`;
}
