import { nameOf } from '../../cloudformation/template';
import type { LoadError } from '../../input/loaded-template';
import type { EffectiveMode } from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { listNames } from '../../text/printable';
import { isDenied } from '../../verify/checks/permissions';
import { activeRoles, LATEST, type ObservedStack } from '../../verify/deployed-functions';
import {
  type Drift,
  DRIFT_KINDS,
  type DriftKind,
  type FunctionUnderVerification,
  versionOf,
} from '../../verify/drift';
import type { NotCompared, VerificationResult } from '../../verify/verify';
import { countBy } from '../collections';
import type { ReportedPermissions } from '../function-summary';
import { lacksSource, type Location, locationOf, NO_SOURCES, templatesById } from '../location';
import type { Run, Tool } from '../report';

/** The mode in the account: `Missing` if the function or version does not exist, `Unknown` if it could not be read. */
export type DeployedMode = EffectiveMode | 'Missing' | 'Unknown';

export const DEPLOYED_MODES: readonly DeployedMode[] = ['Active', 'PassThrough', 'Missing', 'Unknown'];

/** The content of a report in any format. */
export interface VerifyReport {
  readonly tool: Tool;
  readonly templates: number;
  readonly stacks: number;
  /** In the order of the templates, grouped by stack. */
  readonly functions: readonly VerifiedFunction[];
  /** Notes for the reader, one or more sentences each. */
  readonly notes: readonly string[];
  readonly errors: readonly LoadError[];
}

/** A function and its state in the account. */
export interface VerifiedFunction extends Location {
  readonly stack: string;
  readonly region: string;
  /** The account of the stack. Undefined if it is unknown. */
  readonly account?: string;
  /** The time of the last update of the stack, or of its creation. Undefined if it is unknown. */
  readonly stackUpdated?: string;
  /** The name in Lambda. */
  readonly functionName: string;
  /** The mode in the template. */
  readonly expectedMode: EffectiveMode | 'Unknown';
  /** The mode of `$LATEST`. */
  readonly mode: DeployedMode;
  /** The published versions. Undefined if they could not be read. */
  readonly versions?: readonly VersionMode[];
  /** Undefined if they could not be read. */
  readonly aliases?: readonly AliasModes[];
  /** The permissions of its roles to write to X-Ray. Undefined if the function writes no traces. */
  readonly permissions?: ReportedPermissions;
  readonly drift: readonly Drift[];
  /** Parts that could be read but not compared. */
  readonly notCompared: readonly NotCompared[];
}

export interface VersionMode {
  readonly version: string;
  readonly mode: DeployedMode;
}

export interface AliasModes {
  readonly name: string;
  readonly versions: readonly VersionMode[];
}

/** The input of a report. */
export interface VerifyRun extends Run {
  readonly stacks: readonly ObservedStack[];
  readonly results: readonly VerificationResult[];
  readonly notes: readonly string[];
}

/** Creates the report on a run. */
export function createVerifyReport({ tool, loaded, model, stacks, results, notes }: VerifyRun): VerifyReport {
  const templates = templatesById(loaded);
  const functions = results.map((result): VerifiedFunction => ({
    ...locationOf(result.function.resource, templates, result.function.modeProperty),
    stack: result.stack.name,
    region: result.stack.region,
    account: result.stack.account,
    stackUpdated: result.stack.updated,
    functionName: result.observed.name,
    expectedMode: result.expectedMode ?? 'Unknown',
    mode: modeOf(result, LATEST),
    ...versionsOf(result),
    ...permissionsOf(result),
    drift: result.drift,
    notCompared: result.notCompared,
  }));
  return {
    tool,
    templates: loaded.templates.length,
    stacks: stacks.length,
    functions,
    notes: [
      ...notes,
      ...stacks.flatMap((stack) => notesOnMissing(stack, model, results)),
      ...notesOnNotCompared(results),
      ...(functions.some((fn) => fn.drift.length > 0 && lacksSource(fn, templates)) ? [NO_SOURCES] : []),
    ],
    errors: loaded.errors,
  };
}

function versionsOf(target: FunctionUnderVerification): Pick<VerifiedFunction, 'versions' | 'aliases'> {
  const { versions, aliases } = target.observed;
  const versionMode = (number: string) => ({ version: number, mode: modeOf(target, number) });
  return {
    ...(versions && {
      versions: versions.filter(({ number }) => number !== LATEST).map(({ number }) => versionMode(number)),
    }),
    ...(aliases && {
      aliases: aliases.map((alias) => ({ name: alias.name, versions: alias.versions.map(versionMode) })),
    }),
  };
}

function modeOf(target: FunctionUnderVerification, number: string): DeployedMode {
  if (target.observed.versions === undefined) return 'Unknown';
  return versionOf(target, number)?.mode ?? 'Missing';
}

function permissionsOf(target: FunctionUnderVerification): Pick<VerifiedFunction, 'permissions'> {
  const { observed, expectedMode, roles } = target;
  if (observed.versions === undefined) return { permissions: 'unknown' };
  const required = activeRoles(observed, expectedMode === 'Active').length;
  if (required === 0) return {};
  const decisions = roles.flatMap((role) => role.decisions);
  if (roles.some(({ exists }) => !exists) || decisions.some(isDenied)) return { permissions: 'missing' };
  const isGranted = roles.length === required && decisions.every(({ isAllowed }) => isAllowed);
  return { permissions: isGranted ? 'granted' : 'unknown' };
}

/** Returns a note on the unconditional functions of the template that the stack does not contain. */
function notesOnMissing(
  stack: ObservedStack,
  model: TracingModel,
  results: readonly VerificationResult[],
): string[] {
  const deployed = new Set(results.map((result) => result.function));
  const missing = model.functions.filter(
    (fn) =>
      fn.resource.template.id === stack.template && fn.resource.condition === undefined && !deployed.has(fn),
  );
  if (missing.length === 0) return [];
  const names = listNames(missing.map(({ resource }) => `'${nameOf(resource)}'`));
  return [`The stack '${stack.name}' in ${stack.region} does not contain ${names} yet. Deploy the stack.`];
}

const NOT_COMPARED: Readonly<Record<NotCompared['what'], (names: string) => string>> = {
  mode: (names) => `The tracing mode of ${names} could not be compared with the template.`,
  permissions: (names) => `The X-Ray permissions of ${names} could not be verified.`,
};

/** Returns a note for each stack and reason, with the functions that could not be compared. */
function notesOnNotCompared(results: readonly VerificationResult[]): string[] {
  const groups = new Map<string, { stack: string; part: NotCompared; names: string[] }>();
  for (const { function: fn, stack, notCompared } of results) {
    for (const part of notCompared) {
      const key = [stack.template, part.what, part.reason].join('\n');
      const group = groups.get(key) ?? { stack: stack.name, part, names: [] };
      groups.set(key, { ...group, names: [...group.names, `'${nameOf(fn.resource)}'`] });
    }
  }
  return [...groups.values()].map(({ stack, part: { what, reason }, names }) => {
    const functions = `${listNames(names)} in the stack '${stack}'`;
    return `${NOT_COMPARED[what](functions)} ${reason}`;
  });
}

/** The totals of a report. */
export interface VerifySummary {
  readonly templates: number;
  readonly stacks: number;
  readonly functions: number;
  readonly byMode: Readonly<Record<DeployedMode, number>>;
  readonly drift: Readonly<Record<DriftKind, number>>;
  /** Functions that could be read but not fully compared. */
  readonly notCompared: number;
}

export function summaryOf({ templates, stacks, functions }: VerifyReport): VerifySummary {
  const drift = functions.flatMap((fn) => fn.drift);
  return {
    templates,
    stacks,
    functions: functions.length,
    byMode: countBy(DEPLOYED_MODES, ({ mode }) => mode, functions),
    drift: countBy(DRIFT_KINDS, ({ kind }) => kind, drift),
    notCompared: functions.filter((fn) => fn.notCompared.length > 0).length,
  };
}
