import { listed } from '../../model/listed';
import { count } from '../in-words';
import { MODES } from '../function-summary';
import type { Folder } from './atlas/folder';
import { gravestFinding, openFindings } from './atlas/gravest-finding';
import type { MapIndex } from './atlas/map-index';
import { stateInWords } from './in-words';

/** How many callers, or called ones, are named. */
const MAX_NAMED = 3;

/** What a reader who doesn't see the picture is told of a unit. */
export function unitInWords(unit: number, index: MapIndex): string {
  const { units, document } = index;
  const own = units[unit];
  const { title } = document.services[own.node.kind];
  const state = stateInWords(own, document);
  const findings = openFindings(own, document).length;
  const severity = gravestFinding(own, document);
  const broken = index.outgoing(unit).filter(({ edge }) => edge.isBroken).length;
  return [
    index.labelOf(own),
    title,
    ...(state === '' ? [] : [state]),
    ...(severity === undefined
      ? []
      : [
          `${count(findings, 'finding')}, the gravest ${severity === 'info' ? 'an info' : `a${severity === 'error' ? 'n' : ''} ${severity}`}`,
        ]),
    ...(broken > 0 ? [`traces end at ${count(broken, 'call')} that it makes`] : []),
    ...named(
      'called by',
      index.incoming(unit).map(({ from }) => from),
      index,
    ),
    ...named(
      'calls',
      index.outgoing(unit).map(({ to }) => to),
      index,
    ),
  ].join('; ');
}

/** What a reader who doesn't see the picture is told of a folder. */
export function folderInWords({ kind, name, summary }: Folder): string {
  const { functions, units, byMode, holes, brokenEdges, findings } = summary;
  const modes = MODES.filter((mode) => byMode[mode] > 0).map((mode) => `${byMode[mode]} ${mode}`);
  const breaks = holes + brokenEdges;
  return [
    `${name}, ${kind === 'outside' ? '' : 'a stack, '}folded`,
    count(functions, 'function'),
    ...modes,
    ...(units > functions ? [count(units - functions, 'other node')] : []),
    ...(breaks > 0 ? [`traces break in ${count(breaks, 'place')}`] : []),
    ...(findings.error > 0 ? [`errors on ${count(findings.error, 'node')}`] : []),
    ...(findings.warning > 0 ? [`warnings on ${count(findings.warning, 'node')}`] : []),
  ].join('; ');
}

function named(words: string, others: readonly number[], index: MapIndex): string[] {
  const distinct = [...new Set(others)];
  if (distinct.length === 0) return [];
  const names = distinct.map((other) => index.labelOf(index.units[other]));
  return [`${words} ${listed(names, MAX_NAMED)}`];
}
