import { createHash } from 'node:crypto';
import type { ReportedFinding } from './report';

/** Identifies findings across runs, even if their lines move. */
export class Fingerprints {
  private readonly seen = new Map<string, number>();

  /** Returns a text that is different for each finding of a run. */
  public of({ rule, template, logicalId, property, related }: ReportedFinding): string {
    const identity = [rule.id, template, logicalId, property, ...related.map((other) => other.logicalId)];
    const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
    const occurrence = (this.seen.get(hash) ?? 0) + 1;
    this.seen.set(hash, occurrence);
    return `${hash}:${occurrence}`;
  }
}
