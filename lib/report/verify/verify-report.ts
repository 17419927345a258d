import type { Loaded, LoadError } from '../../load/loaded';
import type { LockedMode } from '../../model/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { activeRoles } from '../../verify/active-roles';
import type { Deviation } from '../../verify/deviation';
import type { NotCompared } from '../../verify/not-compared';
import { LATEST, type ObservedStack } from '../../verify/observed';
import { isLacking } from '../../verify/role-permissions';
import { type Subject, versionOf } from '../../verify/subject';
import type { Verified } from '../../verify/verify';
import type { ReportedPermissions } from '../function-summary';
import { type Place, placeOf } from '../place';
import type { Report } from '../report';
import { notesOn } from './notes';

/** The mode that is in force: `Missing` where there is no such function, `Unknown` where it could not be read. */
export type ModeInForce = LockedMode | 'Missing' | 'Unknown';

export const MODES_IN_FORCE: readonly ModeInForce[] = ['Active', 'PassThrough', 'Missing', 'Unknown'];

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
export interface VerifiedFunction extends Place {
  readonly stack: string;
  readonly region: string;
  /** What Lambda calls it. */
  readonly functionName: string;
  /** What the template says. */
  readonly expectedMode: LockedMode | 'Unknown';
  readonly mode: ModeInForce;
  /** Nothing where they could not be read. */
  readonly versions?: readonly ModeOfVersion[];
  /** Nothing where they could not be read. */
  readonly aliases?: readonly ModesOfAlias[];
  /** Whether its roles may write to X-Ray; nothing where it has no traces to write. */
  readonly permissions?: ReportedPermissions;
  readonly deviations: readonly Deviation[];
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
      ...placeOf(one.function.resource, templates, one.function.modeProperty),
      stack: one.stack.name,
      region: one.stack.region,
      functionName: one.observed.name,
      expectedMode: one.expected ?? 'Unknown',
      mode: modeOf(one, LATEST),
      ...versionsOf(one),
      ...permissionsOf(one),
      deviations: one.deviations,
      notCompared: one.notCompared,
    })),
    notes: [...notes, ...notesOn(model, stacks, verified)],
    errors: loaded.errors,
  };
}

function versionsOf(subject: Subject): Pick<VerifiedFunction, 'versions' | 'aliases'> {
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

function modeOf(subject: Subject, number: string): ModeInForce {
  if (subject.observed.versions === undefined) return 'Unknown';
  return versionOf(subject, number)?.mode ?? 'Missing';
}

function permissionsOf(subject: Subject): Pick<VerifiedFunction, 'permissions'> {
  const { observed, expected, roles } = subject;
  if (observed.versions === undefined) return { permissions: 'unknown' };
  const needed = activeRoles(observed, expected === 'Active').length;
  if (needed === 0) return {};
  const decisions = roles.flatMap((role) => role.decisions);
  if (roles.some(({ isThere }) => !isThere) || decisions.some(isLacking)) return { permissions: 'missing' };
  const isGranted = roles.length === needed && decisions.every(({ isAllowed }) => isAllowed);
  return { permissions: isGranted ? 'granted' : 'unknown' };
}
