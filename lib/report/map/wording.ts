import { SEVERITIES } from '../../rules/rule';
import { listNames, printable } from '../../text/printable';
import type { Recording } from '../../trace-map/trace-map';
import { configurationText } from '../configuration';
import { modeCounts } from '../function-summary';
import { callText, count } from '../wording';
import type { MapDocument, MapEdge, MapFunction, MapSummary } from './document';
import type { Group } from './layout/diagram';
import { highestSeverity, type MapIndex, openFindings, type Unit } from './layout/units';

/** State of tracing at a node, for diagrams and filters. */
export type State = Recording | 'gap' | 'unsupported';

export function stateOf({ node }: Unit, { services }: MapDocument): State {
  if (services[node.kind]?.isUnsupported) return 'unsupported';
  return node.isGap ? 'gap' : node.recording;
}

/** Describes the state of a unit. Empty for a service that X-Ray never records, which is no problem. */
export function describeState(unit: Unit, document: MapDocument): string {
  const state = stateOf(unit, document);
  if (unit.function) {
    const effect = unit.node.isNeverSampled ? 'may record nothing' : FUNCTION_STATES[state];
    return `${describeMode(unit.function)}: ${effect}`;
  }
  if (unit.run) return 'not in the templates';
  return SERVICE_STATES[state];
}

const FUNCTION_STATES: Readonly<Record<State, string>> = {
  yes: 'records',
  no: 'records nothing',
  gap: 'gap in the trace',
  unknown: 'may record',
  unsupported: 'records nothing',
  never: 'records nothing',
};

const SERVICE_STATES: Readonly<Record<State, string>> = {
  yes: 'records',
  no: 'tracing is off',
  gap: 'gap in the trace',
  unknown: 'known only at deployment',
  unsupported: 'X-Ray cannot trace it',
  never: '',
};

/** Describes a mode: `PassThrough`, `no mode set`, `Active or PassThrough`. */
export function describeMode({ mode, possibleModes }: MapFunction): string {
  if (mode !== 'Unknown') return MODE_TEXTS[mode] ?? mode;
  const modes = possibleModes.map((possible) => MODE_TEXTS[possible] ?? possible);
  return modes.length === 1 && modes[0] === MODE_TEXTS.Unknown ? 'set at deployment' : modes.join(' or ');
}

const MODE_TEXTS: Readonly<Record<string, string>> = {
  Active: 'Active',
  PassThrough: 'PassThrough',
  Unset: 'no mode set',
  Unknown: 'a mode known only at deployment',
};

/** Returns a service's title without the leading 'Amazon' or 'AWS'. */
export function shortTitle(title: string): string {
  return title.replace(/^(Amazon|AWS) (?=\w)/, '');
}

/** Describes a call without its ends: `propagates the trace, asynchronously, through Live (possible call)`. */
export function describeCall(edge: MapEdge): string {
  return callText({ ...edge, through: edge.through.map(({ logicalId }) => printable(logicalId)) });
}

/** Number of callers or callees that are named. */
const MAX_NAMED = 3;

/** Describes a unit for screen readers. */
export function describeUnit(unit: number, index: MapIndex): string {
  const { units, document } = index;
  const own = units[unit];
  const { title } = document.services[own.node.kind];
  const state = describeState(own, document);
  const findings = openFindings(own, document).length;
  const severity = highestSeverity(own, document);
  const broken = index.outgoing(unit).filter(({ edge }) => edge.isBroken).length;
  return [
    index.labelOf(own),
    title,
    ...(state === '' ? [] : [state]),
    ...(severity === undefined ? [] : [`${count(findings, 'finding')}, highest severity ${severity}`]),
    ...(broken > 0 ? [`the trace breaks at ${count(broken, 'outgoing call')}`] : []),
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

/** Describes a group for screen readers. */
export function describeGroup({ kind, name, summary }: Group): string {
  const { functions, units, byMode, gaps, brokenEdges, findings } = summary;
  const breaks = gaps + brokenEdges;
  return [
    `${name}, ${kind === 'outside' ? '' : 'a stack, '}collapsed`,
    count(functions, 'function'),
    ...modeCounts(byMode),
    ...(units > functions ? [count(units - functions, 'other node')] : []),
    ...(breaks > 0 ? [`traces break in ${count(breaks, 'place')}`] : []),
    ...(findings.error > 0 ? [`errors on ${count(findings.error, 'node')}`] : []),
    ...(findings.warning > 0 ? [`warnings on ${count(findings.warning, 'node')}`] : []),
  ].join('; ');
}

function named(verb: string, others: readonly number[], index: MapIndex): string[] {
  const distinct = [...new Set(others)];
  if (distinct.length === 0) return [];
  const names = distinct.map((other) => index.labelOf(index.units[other]));
  return [`${verb} ${listNames(names, MAX_NAMED)}`];
}

/** Describes a map and its configuration, if it differs from the defaults. */
export function describeMap({ summary, configuration }: MapDocument): string {
  const settings = configurationText(configuration, summary.acknowledged);
  return [describeSummary(summary), settings].filter((text) => text !== '').join(' ');
}

/** Describes a map: `12 functions in 3 stacks: 9 Active, 3 PassThrough. 2 breaks. 1 error.` */
export function describeSummary({
  functions,
  stacks,
  byMode,
  gaps,
  brokenEdges,
  findings,
}: MapSummary): string {
  const modes = modeCounts(byMode);
  const breaks = gaps + brokenEdges;
  const found = SEVERITIES.filter((severity) => findings[severity] > 0).map((severity) =>
    count(findings[severity], severity, severity === 'info' ? 'info' : undefined),
  );
  return [
    `${count(functions, 'function')} in ${count(stacks, 'stack')}${modes.length > 0 ? `: ${modes.join(', ')}` : ''}.`,
    ...(breaks > 0 ? [`Traces break in ${breaks} ${breaks === 1 ? 'place' : 'places'}.`] : []),
    ...(found.length > 0 ? [`${found.join(', ')}.`] : []),
  ].join(' ');
}

/** Shown in place of an empty diagram. */
export const NO_FUNCTIONS = 'These templates contain no Lambda functions.';
