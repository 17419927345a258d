/** What one of two took that are measured side by side. */
export interface Measured {
  readonly name: string;
  readonly median: number;
  /** All that was measured, in that order. */
  readonly samples: readonly number[];
}

/** One line of the table: what is measured, and what it is measured against in the same run. */
export interface Figure {
  readonly subject: string;
  readonly unit: 'ms' | 'MB';
  readonly ours: Measured;
  readonly peer: Measured;
  /** How many times the peer's ours is. */
  readonly ratio: number;
  readonly heldTo?: Limit;
  /** What the reader has to know to take the figure for what it is. */
  readonly note?: string;
}

export interface Limit {
  /** The ratio that is allowed. */
  readonly atMost: number;
  /** What is allowed on top of it, in the figure's unit. */
  readonly plus?: number;
}

/** @param names what is measured, and its peer, among the samples */
export function figure(
  subject: string,
  samples: ReadonlyMap<string, readonly number[]>,
  [ours, peer]: readonly [string, string],
  { unit = 'ms', ...more }: { unit?: Figure['unit']; heldTo?: Limit; note?: string } = {},
): Figure {
  const measured = (name: string): Measured => {
    const own = samples.get(name)!;
    return { name, median: median(own), samples: own };
  };
  const [one, other] = [measured(ours), measured(peer)];
  return { subject, unit, ours: one, peer: other, ratio: one.median / other.median, ...more };
}

export function isKept({ heldTo, ours, peer }: Figure): boolean | undefined {
  return heldTo && ours.median <= heldTo.atMost * peer.median + (heldTo.plus ?? 0);
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
