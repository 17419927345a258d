import { isIntrinsic, isObject } from '../cloudformation/json';
import { isInGlobals } from '../cloudformation/sam-globals';
import { type EventSourceKind, isUnsupported } from '../lambda/event-sources';
import type { ConfiguredMode, EventSourceMapping, LambdaFunction } from '../lambda/lambda-function';

/** The tracing mode of a function in a report. */
export type ReportedMode = Capitalize<Extract<ConfiguredMode, string>>;

export const MODES: readonly ReportedMode[] = ['Active', 'PassThrough', 'Unset', 'Unknown'];

export type ReportedPermissions = 'granted' | 'missing' | 'unknown';

/** A function in a report. */
export interface FunctionSummary {
  readonly template: string;
  readonly logicalId: string;
  readonly constructPath?: string;
  readonly type: string;
  /** `Unknown` if the function can have several modes. */
  readonly mode: ReportedMode;
  /** All modes that the function can have, and invalid values as they are written. */
  readonly possibleModes: readonly string[];
  readonly permissions: ReportedPermissions;
  readonly eventSources: readonly EventSourceSummary[];
}

/** An event source mapping of a function. There is one summary for each possible kind of its source. */
export interface EventSourceSummary {
  readonly template: string;
  readonly logicalId: string;
  readonly kind: EventSourceKind;
  /** False if X-Ray does not support this kind of event source. */
  readonly traceable: boolean;
}

export function summaryOf(fn: LambdaFunction): FunctionSummary {
  const { template, logicalId, constructPath, type } = fn.resource;
  return {
    template: template.id,
    logicalId,
    ...(constructPath !== undefined && { constructPath }),
    type,
    mode: modeOf(fn),
    possibleModes: possibleModesOf(fn),
    permissions: reportedPermissions(fn),
    eventSources: fn.eventSourceMappings.flatMap(eventSourcesOf),
  };
}

function modeOf({ modes }: LambdaFunction): ReportedMode {
  const reported = new Set(modes.map(({ value }) => reportedMode(value)));
  const [only] = reported;
  return reported.size === 1 ? only : 'Unknown';
}

function possibleModesOf({ modes }: LambdaFunction): string[] {
  const values = modes.map(({ value }) => value);
  const known = new Set(values.filter((mode) => typeof mode === 'string').map(reportedMode));
  const invalid = new Set(values.filter((mode) => typeof mode === 'object').map((mode) => mode.invalid));
  return [...MODES.filter((mode) => known.has(mode)), ...invalid];
}

function reportedMode(mode: ConfiguredMode): ReportedMode {
  switch (mode) {
    case 'Active':
    case 'PassThrough':
      return mode;
    case 'unset':
      return 'Unset';
    default:
      return 'Unknown';
  }
}

/** The modes in the words of reports. */
export const MODE_WORDS: Readonly<Record<ReportedMode, string>> = {
  Active: 'Active',
  PassThrough: 'PassThrough',
  Unset: 'not set',
  Unknown: 'known only at deployment',
};

/** Returns the number of functions by mode, such as `3 Active` and `1 not set`. */
export function modeCounts(byMode: Readonly<Record<ReportedMode, number>>): string[] {
  return MODES.filter((mode) => byMode[mode] > 0).map((mode) => `${byMode[mode]} ${MODE_WORDS[mode]}`);
}

/** Returns a sentence on the Active functions whose permission to write traces the templates do not show. Empty if there are none. */
export function unprovenPermissions(functions: readonly FunctionSummary[]): string {
  const unproven = functions.filter(
    ({ mode, permissions }) => mode === 'Active' && permissions === 'unknown',
  ).length;
  if (unproven === 0) return '';
  const roles =
    unproven === 1 ? 'the role of 1 Active function' : `the roles of ${unproven} Active functions`;
  return `The templates do not show if ${roles} can write traces. After the deployment, cdk-lambda-xray verify checks it.`;
}

/** Returns the modes of a function, such as `Active`, `Unset (PassThrough)` or `Active or PassThrough`. */
export function modesText({ mode, possibleModes }: Pick<FunctionSummary, 'mode' | 'possibleModes'>): string {
  // An invalid value can be spelled like a reported mode. A single possible value is invalid unless it is the mode.
  const isKnown = (possible: string) =>
    possible === mode || (possibleModes.length > 1 && (MODES as readonly string[]).includes(possible));
  const texts = possibleModes.map((possible) => {
    if (!isKnown(possible)) return JSON.stringify(possible);
    return possible === 'Unset' ? 'Unset (PassThrough)' : possible;
  });
  return texts.length > 0 ? texts.join(' or ') : mode;
}

/** Returns the state of the permissions, or `unknown` if it depends on conditions. */
export function reportedPermissions({ writePermissions }: LambdaFunction): ReportedPermissions {
  const states = new Set(writePermissions.map(({ value }) => value.state));
  const [only] = states;
  return states.size === 1 ? only : 'unknown';
}

/**
 * Returns the path of the property that sets a function's mode: below the function's properties, or from `Globals` of a SAM
 * template. Undefined if the mode is not set.
 */
export function modeSettingOf({ resource, modeProperty }: LambdaFunction): string | undefined {
  const path = modeProperty.split('.');
  if (isSet(resource.properties, path)) return modeProperty;
  return isInGlobals(resource, path) ? `Globals.Function.${modeProperty}` : undefined;
}

/** True if the path has a value, or an intrinsic function in place of one of its parents. */
function isSet(value: unknown, [key, ...below]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (!isObject(value)) return false;
  return Object.hasOwn(value, key) ? isSet(value[key], below) : isIntrinsic(value);
}

export function eventSourcesOf({ resource, logicalId, sources }: EventSourceMapping): EventSourceSummary[] {
  const kinds = new Set(sources.map(({ value }) => value.kind));
  return [...kinds].map((kind) => ({
    template: resource.template.id,
    logicalId,
    kind,
    traceable: !isUnsupported(kind),
  }));
}
