import type { Rule, Severity } from '../../rules/rule';
import { countBy } from '../collections';
import { isOpen, type Report, type ReportedFinding, reportOn } from '../report';
import { SEVERITIES } from '../severity';
import { type Change, CHANGES, type FunctionChange, functionChanges, type Side } from './function-changes';

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

/** The findings that a deployment brings, and those that it ends. */
export interface FindingChanges {
  /** Those that were not there, or were acknowledged; and those that come with an acknowledgement. */
  readonly new: readonly ReportedFinding[];
  /** Those that were there and are not any more, or are acknowledged now. */
  readonly gone: readonly ReportedFinding[];
}

/** What becomes of the findings. A finding is the same where its rule, its resource and its property are. */
function findingChanges(before: Report, after: Report): FindingChanges {
  const unmatched = new Unmatched(before.findings);
  const predecessors = new Map<ReportedFinding, ReportedFinding>();
  // The same words first: of several findings on a property, these are surely the same.
  for (const take of [unmatched.sameWords, unmatched.sameProperty]) {
    for (const finding of after.findings) {
      if (predecessors.has(finding)) continue;
      const predecessor = take(finding);
      if (predecessor) predecessors.set(finding, predecessor);
    }
  }
  const successors = new Map([...predecessors].map(([now, old]) => [old, now]));
  return {
    new: after.findings.filter((finding) => {
      const predecessor = predecessors.get(finding);
      return predecessor === undefined || (isOpen(finding) && !isOpen(predecessor));
    }),
    gone: before.findings.filter(isOpen).flatMap((finding) => {
      const successor = successors.get(finding);
      if (successor) return isOpen(successor) ? [] : [successor];
      // The configuration is the same for both: that it didn't match in the baseline was never a finding.
      return before.templates.includes(finding.template) ? [finding] : [];
    }),
  };
}

/** Findings of before that none of now has been found to be. */
class Unmatched {
  private readonly byKey = new Map<string, ReportedFinding[]>();

  constructor(findings: readonly ReportedFinding[]) {
    for (const finding of findings) {
      const key = keyOf(finding);
      this.byKey.set(key, [...(this.byKey.get(key) ?? []), finding]);
    }
  }

  public readonly sameWords = (finding: ReportedFinding): ReportedFinding | undefined =>
    this.take(finding, ({ message }) => message === finding.message);

  public readonly sameProperty = (finding: ReportedFinding): ReportedFinding | undefined =>
    this.take(finding, () => true);

  private take(
    finding: ReportedFinding,
    isIt: (candidate: ReportedFinding) => boolean,
  ): ReportedFinding | undefined {
    const candidates = this.byKey.get(keyOf(finding)) ?? [];
    const found = candidates.findIndex(isIt);
    return found === -1 ? undefined : candidates.splice(found, 1)[0];
  }
}

function keyOf({ rule, template, logicalId, constructPath, property }: ReportedFinding): string {
  // What is about no resource is told apart by the construct that it is about.
  return JSON.stringify([rule.id, template, logicalId === '' ? (constructPath ?? '') : logicalId, property]);
}

/** The changes in numbers. */
export interface DiffSummary {
  readonly functions: Readonly<Record<Change | 'unchanged', number>>;
  readonly findings: {
    /** Those that are not acknowledged. */
    readonly new: Readonly<Record<Severity, number>>;
    /** Those that are really gone. */
    readonly gone: Readonly<Record<Severity, number>>;
    /** Those that are acknowledged, and were not. */
    readonly acknowledged: number;
  };
}

export function summaryOf({ functions, unchanged, findings }: Diff): DiffSummary {
  const bySeverity = (list: Diff['findings']['new']) =>
    countBy(SEVERITIES, ({ severity }) => severity, list.filter(isOpen));
  return {
    functions: { ...countBy(CHANGES, ({ change }) => change, functions), unchanged },
    findings: {
      new: bySeverity(findings.new),
      gone: bySeverity(findings.gone),
      acknowledged: [...findings.new, ...findings.gone].filter((finding) => !isOpen(finding)).length,
    },
  };
}
