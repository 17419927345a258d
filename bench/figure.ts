/** Samples of one of two alternatives. */
export interface Measured {
  readonly name: string;
  readonly median: number;
  /** Samples in the order of measurement. */
  readonly samples: readonly number[];
}

/** A row of the table: a measurement and its peer in the same run. */
export interface Figure {
  readonly subject: string;
  readonly unit: 'ms' | 'MB';
  readonly ours: Measured;
  readonly peer: Measured;
  /** Our median divided by the peer's. */
  readonly ratio: number;
  readonly limit?: Limit;
  /** A remark for the reader. */
  readonly note?: string;
}

export interface Limit {
  /** Maximum ratio. */
  readonly atMost: number;
  /** Additional allowance, in the figure's unit. */
  readonly plus?: number;
}

/** @param names the names of the measurement and of its peer in the samples */
export function figure(
  subject: string,
  samples: ReadonlyMap<string, readonly number[]>,
  [ours, peer]: readonly [string, string],
  { unit = 'ms', ...more }: { unit?: Figure['unit']; limit?: Limit; note?: string } = {},
): Figure {
  const measured = (name: string): Measured => {
    const own = samples.get(name)!;
    return { name, median: median(own), samples: own };
  };
  const [one, other] = [measured(ours), measured(peer)];
  return { subject, unit, ours: one, peer: other, ratio: one.median / other.median, ...more };
}

export function isWithinLimit({ limit, ours, peer }: Figure): boolean | undefined {
  return limit && ours.median <= limit.atMost * peer.median + (limit.plus ?? 0);
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
