import { SEVERITIES } from '../../rules/rule';
import { listNames, printable } from '../../text/printable';
import { configurationText } from '../configuration';
import { modeCounts, MODE_WORDS, type ReportedMode } from '../function-summary';
import { callText, count, severityCounts } from '../wording';
import type { MapDocument, MapEdge, MapFunction, MapState } from './document';
import {
  type Group,
  highestSeverity,
  type MapIndex,
  openFindings,
  type Unit,
  type UnitEdge,
} from './layout/units';

/** The rule whose findings are gaps. */
export const BREAK = 'LambdaXRay-BrokenTrace';

/** Name of a state in style sheets and graph languages. */
export type Look = 'recorded' | 'silent' | 'gap' | 'untraceable' | 'unknown' | 'plain';

export const LOOKS: Readonly<Record<MapState, Look>> = {
  recorded: 'recorded',
  'not recorded': 'silent',
  gap: 'gap',
  'not traceable': 'untraceable',
  'known only at deployment': 'unknown',
};

export function lookOfState(state: MapState | undefined): Look {
  return state === undefined ? 'plain' : LOOKS[state];
}

/** Describes the state of a unit: `PassThrough, gap`. Empty for a service that sends no segments, which is no problem. */
export function describeState({ node, run, function: fn }: Unit): string {
  const { state = '' } = node;
  if (!fn) return run ? 'not in the templates' : state;
  return [...new Set([describeMode(fn), state])].join(', ');
}

/** Describes a mode: `PassThrough`, `not set`, `Active or PassThrough`. */
export function describeMode({ mode, possibleModes }: MapFunction): string {
  if (mode !== 'Unknown') return MODE_WORDS[mode];
  const modes = possibleModes.map((possible) => MODE_WORDS[possible as ReportedMode] ?? possible);
  return modes.join(' or ');
}

/** Returns a service's title without the leading 'Amazon' or 'AWS'. */
export function shortTitle(title: string): string {
  return title.replace(/^(Amazon|AWS) (?=\w)/, '');
}

/** Returns the service of a unit in short: `SQS`, or `MSK, outside` for a node outside of the templates. */
export function serviceOf({ node }: Unit, { services }: MapDocument): string {
  return `${shortTitle(services[node.kind].title)}${node.stack === undefined ? ', outside' : ''}`;
}

/** Describes a call without its ends: `propagates the trace, asynchronously, through Live (possible call)`. */
export function describeCall(edge: MapEdge): string {
  return callText({ ...edge, through: edge.through.map(({ logicalId }) => printable(logicalId)) });
}

/** Describes the effect of a call that breaks the trace: `DynamoDB Streams does not propagate the trace`. */
export function describeBreak({ from }: UnitEdge, index: MapIndex): string {
  return sendsHeader(from, index)
    ? 'X-Ray does not follow the call'
    : `${senderOf(from, index)} does not propagate the trace`;
}

/** Explains the effect of a call on the trace, and the reason, in sentences. */
export function explainCall(call: UnitEdge, index: MapIndex): string {
  const { from, to, edge } = call;
  const [caller, sender, called] = [index.labelOf(from), senderOf(from, index), index.labelOf(to)];
  const { state } = index.units[to].node;
  switch (edge.propagation) {
    case 'starts':
      return `${caller} has tracing on. It starts a trace, or continues the one that it receives, and ${called} continues it.`;
    case 'links':
      return `${sender} keeps the tracing header in each message. X-Ray shows ${called} in a trace of its own that is linked to the trace of the sender.`;
    case 'propagates':
      return index.units[from].run
        ? `${caller} propagates the tracing header with the call. The call is in the trace if the code is instrumented.`
        : `${sender} propagates the tracing header that it receives to ${called}.`;
    case 'breaks':
      return [
        `${describeBreak(call, index)} to ${called}.`,
        edge.isBroken ? 'The trace ends here.' : 'No trace reaches this call, so none ends here.',
        ...(state === 'recorded' ? [`${called} starts a trace of its own.`] : []),
      ].join(' ');
  }
}

/** True for a function and for a service that records: they send the tracing header, unless the call only reads. */
function sendsHeader(unit: number, { units }: MapIndex): boolean {
  const { run, node } = units[unit];
  return run !== undefined || (node.state === 'recorded' && node.recording === 'yes');
}

function senderOf(unit: number, { units, document }: MapIndex): string {
  const { kind } = units[unit].node;
  const title = shortTitle(document.services[kind].title);
  return kind === 'table' ? `${title} Streams` : title;
}

/** Number of callers or callees that are named. */
const MAX_NAMED = 3;

/** Describes a unit for screen readers. */
export function describeUnit(unit: number, index: MapIndex): string {
  const { units, document } = index;
  const own = units[unit];
  const { title } = document.services[own.node.kind];
  const state = describeState(own);
  const findings = openFindings(own, document).length;
  const severity = highestSeverity(own, document);
  const broken = index.outgoing[unit].filter(({ edge }) => edge.isBroken).length;
  return [
    index.labelOf(unit),
    title,
    ...(state === '' ? [] : [state]),
    ...(severity === undefined ? [] : [`${count(findings, 'finding')}, highest severity ${severity}`]),
    ...(broken > 0 ? [`the trace ends at ${count(broken, 'outgoing call')}`] : []),
    ...named('called by', index.incoming[unit], 'from', index),
    ...named('calls', index.outgoing[unit], 'to', index),
  ].join('; ');
}

function named(verb: string, calls: readonly UnitEdge[], end: 'from' | 'to', index: MapIndex): string[] {
  const others = [...new Set(calls.map((call) => call[end]))].map((other) => index.labelOf(other));
  return others.length > 0 ? [`${verb} ${listNames(others, MAX_NAMED)}`] : [];
}

/** Describes a group for screen readers. */
export function describeGroup({ name, units, summary }: Group): string {
  const { functions, byMode, gaps, brokenEdges, findings } = summary;
  const others = units.length - functions;
  return [
    `${name}, collapsed`,
    count(functions, 'function'),
    ...modeCounts(byMode),
    ...(others > 0 ? [count(others, 'other node')] : []),
    ...describeBreaks(gaps, brokenEdges),
    ...SEVERITIES.filter((severity) => findings[severity] > 0).map(
      (severity) => `${severity} on ${count(findings[severity], 'node')}`,
    ),
  ].join('; ');
}

/** Describes breaks: `1 gap` and `traces end at 2 calls by design`. */
function describeBreaks(gaps: number, brokenEdges: number): string[] {
  return [
    ...(gaps > 0 ? [count(gaps, 'gap')] : []),
    ...(brokenEdges > 0 ? [`traces end at ${count(brokenEdges, 'call')} by design`] : []),
  ];
}

/** Describes a map and its configuration, if it differs from the defaults. */
export function describeMap(document: MapDocument): string {
  const { summary, configuration } = document;
  const settings = configurationText(configuration, summary.acknowledged);
  return [describeSummary(document), settings].filter((text) => text !== '').join(' ');
}

/** Describes a map: `12 functions in 3 stacks: 9 Active, 3 PassThrough. 1 error. 2 gaps, traces end at 1 call by design.` */
export function describeSummary({ summary, problems }: MapDocument): string {
  const { functions, stacks, byMode, gaps, brokenEdges, findings } = summary;
  const modes = modeCounts(byMode);
  const found = severityCounts(findings);
  const breaks = describeBreaks(gaps, brokenEdges).join(', ');
  return [
    `${count(functions, 'function')} in ${count(stacks, 'stack')}${modes.length > 0 ? `: ${modes.join(', ')}` : ''}.`,
    ...(found.length > 0 ? [`${found.join(', ')}.`] : functions > 0 ? ['No findings.'] : []),
    ...(breaks === '' ? [] : [`${breaks[0].toUpperCase()}${breaks.slice(1)}${reasons(problems)}.`]),
  ].join(' ');
}

/** Names the services at which traces end by design: `: DynamoDB Streams does not propagate the trace`. */
function reasons(problems: MapDocument['problems']): string {
  const distinct = new Set(
    problems.flatMap(({ status, problem }) => (status === 'by design' ? [problem] : [])),
  );
  return distinct.size === 1 ? `: ${[...distinct][0]}` : '';
}

/** Shown in place of an empty diagram. */
export const NO_FUNCTIONS = 'These templates contain no Lambda functions.';
