import type { Rule } from '../../rules/rule';
import { type Report, reportOn } from '../report';
import { type FindingChanges, findingChanges } from './finding-changes';
import type { FunctionChange } from './function-change';
import { functionChanges, type Side } from './function-changes';

/** What a deployment changes in the tracing of functions, in the order in which it is told. */
export interface Diff {
  readonly tool: Report['tool'];
  /** What there is to tell of the baseline alone. */
  readonly before: Report;
  /** What there is to tell of the templates that take its place. */
  readonly after: Report;
  /** Whether enough could be read to compare anything. */
  readonly isCompared: boolean;
  /** By template, then line; those that are removed come last in their template. */
  readonly functions: readonly FunctionChange[];
  /** How many functions are in both, and as they were. */
  readonly unchanged: number;
  readonly findings: FindingChanges;
  /** What is to be known of the baseline. */
  readonly notes: readonly string[];
}

/** What came of a run. */
export interface Compared {
  readonly tool: Report['tool'];
  /** The baseline, by itself. */
  readonly before: Side;
  /** What takes its place: its model knows what it was. */
  readonly after: Side;
  /** The rules that were applied to both. */
  readonly rules: readonly Rule[];
  readonly notes: readonly string[];
}

/** Puts together what there is to tell of two sets of templates. */
export function diffOn({ tool, rules, notes, ...sides }: Compared): Diff {
  const before = reportOn({ tool, rules, ...sides.before });
  const after = reportOn({ tool, rules, ...sides.after });
  const both = { tool, before, after, notes };
  if ([before, after].some(isUnreadable)) {
    return { ...both, isCompared: false, functions: [], unchanged: 0, findings: { new: [], gone: [] } };
  }
  const functions = functionChanges(sides.before, sides.after);
  const told = functions.filter(({ change }) => change !== 'removed');
  return {
    ...both,
    isCompared: true,
    functions,
    unchanged: after.functions.length - told.length,
    findings: findingChanges(before, after),
  };
}

/** Whether nothing could be read where there was something: everything would look added, or removed. */
function isUnreadable({ templates, errors }: Report): boolean {
  return templates.length === 0 && errors.length > 0;
}

/** Whether there is anything for a reviewer to look at. */
export function isChanged({ functions, findings }: Diff): boolean {
  return functions.some(isOfNote) || findings.new.length > 0 || findings.gone.length > 0;
}

/** Whether more has become of a function than a new version in the same mode, which any change of its code brings. */
export function isOfNote({ change }: FunctionChange): boolean {
  return change !== 'republished';
}
