import { isOpen, type Report, type ReportedFinding } from '../report';

/** The findings that a deployment brings, and those that it ends. */
export interface FindingChanges {
  /** Those that were not there, or were acknowledged; and those that come with an acknowledgement. */
  readonly new: readonly ReportedFinding[];
  /** Those that were there and are not any more, or are acknowledged now. */
  readonly gone: readonly ReportedFinding[];
}

/** What becomes of the findings. A finding is the same where its rule, its resource and its property are. */
export function findingChanges(before: Report, after: Report): FindingChanges {
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
