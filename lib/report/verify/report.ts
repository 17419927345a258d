import { nameOf } from '../../cloudformation/template';
import type { Loaded, LoadError } from '../../input/loaded-template';
import type { EffectiveMode } from '../../lambda/tracing-mode';
import type { TracingModel } from '../../model/tracing-model';
import { listNames } from '../../text/list-names';
import { isLacking } from '../../verify/checks/permissions';
import { activeRoles } from '../../verify/deployed-functions';
import {
  type Drift,
  DRIFT_KINDS,
  type DriftKind,
  type FunctionUnderVerification,
  versionOf,
} from '../../verify/deviation';
import type { NotCompared } from '../../verify/not-compared';
import { LATEST, type ObservedStack } from '../../verify/observed';
import type { Verified } from '../../verify/verify';
import { countBy } from '../collections';
import type { ReportedPermissions } from '../function-summary';
import { type Location, locationOf } from '../location';
import type { Report } from '../report';

/** The mode that is in force: `Missing` where there is no such function, `Unknown` where it could not be read. */
export type ModeInForce = EffectiveMode | 'Missing' | 'Unknown';

const MODES_IN_FORCE: readonly ModeInForce[] = ['Active', 'PassThrough', 'Missing', 'Unknown'];

/** What every format is made from, in the order in which it is told. */
export interface VerifyReport {
  readonly tool: Report['tool'];
  readonly templates: number;
  readonly stacks: number;
  /** As they come in the templates, those of a stack together. */
  readonly functions: readonly VerifiedFunction[];
  /** What is to be known, a sentence or two each. */
  readonly notes: readonly string[];
  readonly errors: readonly LoadError[];
}

/** A function, and what there is of it in the account. */
export interface VerifiedFunction extends Location {
  readonly stack: string;
  readonly region: string;
  /** What Lambda calls it. */
  readonly functionName: string;
  /** What the template says. */
  readonly expectedMode: EffectiveMode | 'Unknown';
  readonly mode: ModeInForce;
  /** Nothing where they could not be read. */
  readonly versions?: readonly ModeOfVersion[];
  /** Nothing where they could not be read. */
  readonly aliases?: readonly ModesOfAlias[];
  /** Whether its roles may write to X-Ray; nothing where it has no traces to write. */
  readonly permissions?: ReportedPermissions;
  readonly drift: readonly Drift[];
  /** What could not be compared, though it could be read. */
  readonly notCompared: readonly NotCompared[];
}

export interface ModeOfVersion {
  readonly version: string;
  readonly mode: ModeInForce;
}

export interface ModesOfAlias {
  readonly name: string;
  readonly versions: readonly ModeOfVersion[];
}

/** What came of a run. */
export interface VerifyRun {
  readonly tool: Report['tool'];
  readonly loaded: Loaded;
  readonly model: TracingModel;
  readonly stacks: readonly ObservedStack[];
  readonly verified: readonly Verified[];
  readonly notes: readonly string[];
}

/** Puts together what there is to tell of a run. */
export function verifyReportOn({ tool, loaded, model, stacks, verified, notes }: VerifyRun): VerifyReport {
  const templates = new Map(loaded.templates.map((template) => [template.id, template]));
  return {
    tool,
    templates: loaded.templates.length,
    stacks: stacks.length,
    functions: verified.map((one) => ({
      ...locationOf(one.function.resource, templates, one.function.modeProperty),
      stack: one.stack.name,
      region: one.stack.region,
      functionName: one.observed.name,
      expectedMode: one.expected ?? 'Unknown',
      mode: modeOf(one, LATEST),
      ...versionsOf(one),
      ...permissionsOf(one),
      drift: one.drift,
      notCompared: one.notCompared,
    })),
    notes: [...notes, ...notesOn(model, stacks, verified)],
    errors: loaded.errors,
  };
}

function versionsOf(subject: FunctionUnderVerification): Pick<VerifiedFunction, 'versions' | 'aliases'> {
  const { versions, aliases } = subject.observed;
  const numbered = (number: string) => ({ version: number, mode: modeOf(subject, number) });
  return {
    ...(versions && {
      versions: versions.filter(({ number }) => number !== LATEST).map(({ number }) => numbered(number)),
    }),
    ...(aliases && {
      aliases: aliases.map(({ name, versions: on }) => ({ name, versions: on.map(numbered) })),
    }),
  };
}

function modeOf(subject: FunctionUnderVerification, number: string): ModeInForce {
  if (subject.observed.versions === undefined) return 'Unknown';
  return versionOf(subject, number)?.mode ?? 'Missing';
}

function permissionsOf(subject: FunctionUnderVerification): Pick<VerifiedFunction, 'permissions'> {
  const { observed, expected, roles } = subject;
  if (observed.versions === undefined) return { permissions: 'unknown' };
  const needed = activeRoles(observed, expected === 'Active').length;
  if (needed === 0) return {};
  const decisions = roles.flatMap((role) => role.decisions);
  if (roles.some(({ isThere }) => !isThere) || decisions.some(isLacking)) return { permissions: 'missing' };
  const isGranted = roles.length === needed && decisions.every(({ isAllowed }) => isAllowed);
  return { permissions: isGranted ? 'granted' : 'unknown' };
}

/** What is to be known of a run, a sentence or two each. */
function notesOn(
  model: TracingModel,
  stacks: readonly ObservedStack[],
  verified: readonly Verified[],
): string[] {
  return [...stacks.flatMap((stack) => notDeployed(stack, model, verified)), ...withoutComparison(verified)];
}

/** The functions of the template that the stack lacks, but for those that a condition may leave out. */
function notDeployed(stack: ObservedStack, model: TracingModel, verified: readonly Verified[]): string[] {
  const deployed = new Set(verified.map((one) => one.function));
  const missing = model.functions.filter(
    (fn) =>
      fn.resource.template.id === stack.template && fn.resource.condition === undefined && !deployed.has(fn),
  );
  if (missing.length === 0) return [];
  const names = listNames(missing.map(({ resource }) => `'${nameOf(resource)}'`));
  return [`The stack '${stack.name}' in ${stack.region} doesn't have ${names} yet: deploy it.`];
}

const NOT_COMPARED: Readonly<Record<NotCompared['what'], (names: string) => string>> = {
  mode: (names) => `The tracing mode of ${names} could not be compared with the template`,
  permissions: (names) => `Whether ${names} may write to X-Ray could not be compared`,
};

/** What of the functions could not be compared, those of a stack with one reason together. */
function withoutComparison(verified: readonly Verified[]): string[] {
  const groups = new Map<string, { stack: string; missing: NotCompared; names: string[] }>();
  for (const { function: fn, stack, notCompared } of verified) {
    for (const missing of notCompared) {
      const key = [stack.template, missing.what, missing.reason].join('\n');
      const group = groups.get(key) ?? { stack: stack.name, missing, names: [] };
      groups.set(key, { ...group, names: [...group.names, `'${nameOf(fn.resource)}'`] });
    }
  }
  return [...groups.values()].map(({ stack, missing: { what, reason }, names }) => {
    const which = `${listNames(names)} of the stack '${stack}'`;
    return `${NOT_COMPARED[what](which)}, since ${reason}.`;
  });
}

/** What was verified, in numbers. */
export interface VerifySummary {
  readonly templates: number;
  readonly stacks: number;
  readonly functions: number;
  readonly byMode: Readonly<Record<ModeInForce, number>>;
  readonly drift: Readonly<Record<DriftKind, number>>;
  /** Functions that could not be compared in full, though they could be read. */
  readonly notCompared: number;
}

export function summaryOf({ templates, stacks, functions }: VerifyReport): VerifySummary {
  const drift = functions.flatMap((fn) => fn.drift);
  return {
    templates,
    stacks,
    functions: functions.length,
    byMode: countBy(MODES_IN_FORCE, ({ mode }) => mode, functions),
    drift: countBy(DRIFT_KINDS, ({ kind }) => kind, drift),
    notCompared: functions.filter((fn) => fn.notCompared.length > 0).length,
  };
}
