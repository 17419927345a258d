import type { Invocation, TraceEffect } from '../../model/paths/service';
import { printable } from '../../printable';
import type { Unit } from './atlas/units';
import type { MapDocument, MapEdge } from './map-document';
import type { MapFunction } from './map-function';

/** What becomes of a trace at a node: how pictures show it, and what filters go by. */
export type State = 'yes' | 'no' | 'hole' | 'unknown' | 'unsupported' | 'never';

export function stateOf({ node }: Unit, { services }: MapDocument): State {
  if (services[node.kind]?.isUnsupported) return 'unsupported';
  return node.isHole ? 'hole' : node.recording;
}

/** What there is to say of a state; nothing for what never records, and has no fault by that. */
export function stateInWords(unit: Unit, document: MapDocument): string {
  const state = stateOf(unit, document);
  if (unit.function) return `${modeInWords(unit.function)}: ${FUNCTION_STATES[state]}`;
  if (unit.run) return 'not in the templates';
  return SERVICE_STATES[state];
}

const FUNCTION_STATES: Readonly<Record<State, string>> = {
  yes: 'records',
  no: 'records nothing',
  hole: 'a hole in traces',
  unknown: 'may record',
  unsupported: 'records nothing',
  never: 'records nothing',
};

const SERVICE_STATES: Readonly<Record<State, string>> = {
  yes: 'records',
  no: 'tracing is off',
  hole: 'a hole in traces',
  unknown: 'only deployment tells',
  unsupported: 'X-Ray can’t trace it',
  never: '',
};

/** `PassThrough`, `no mode set`, `Active or PassThrough`. */
export function modeInWords({ mode, possibleModes }: MapFunction): string {
  if (mode !== 'Unknown') return MODES_IN_WORDS[mode] ?? mode;
  const modes = possibleModes.map((possible) => MODES_IN_WORDS[possible] ?? possible);
  return modes.length === 1 && modes[0] === MODES_IN_WORDS.Unknown ? 'set at deployment' : modes.join(' or ');
}

const MODES_IN_WORDS: Readonly<Record<string, string>> = {
  Active: 'Active',
  PassThrough: 'PassThrough',
  Unset: 'no mode set',
  Unknown: 'one that deployment tells',
};

/** What AWS calls a service, without saying whose it is. */
export function shortTitle(title: string): string {
  return title.replace(/^(Amazon|AWS) (?=\w)/, '');
}

/** What a call does to the trace. */
const EFFECTS: Readonly<Record<TraceEffect, string>> = {
  starts: 'starts a trace',
  carries: 'hands the trace on',
  links: 'links the traces',
  drops: 'the trace ends',
};

export const INVOCATIONS: Readonly<Record<Invocation, string>> = {
  synchronous: 'synchronously',
  asynchronous: 'asynchronously',
  queue: 'from a queue',
  stream: 'from a stream',
};

/** What a call is about, without its ends: `hands the trace on, asynchronously, through Live (may be made)`. */
export function callInWords({ effect, invocation, through, isCertain, isBroken }: MapEdge): string {
  const parts = [
    isBroken ? 'a trace ends here' : EFFECTS[effect],
    ...(invocation ? [INVOCATIONS[invocation]] : []),
    ...(through.length > 0
      ? [`through ${through.map(({ logicalId }) => printable(logicalId)).join(' and ')}`]
      : []),
  ];
  return `${parts.join(', ')}${isCertain ? '' : ' (may be made)'}`;
}
