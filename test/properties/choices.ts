/** Choices made beforehand, so that what is made by them can be made again, and shrinks: 0 is the plainest. */
export class Choices {
  private used = 0;

  constructor(private readonly drawn: readonly number[]) {}

  /** One of them; the first where nothing is left to choose by. */
  public of<T>(candidates: readonly T[]): T {
    return candidates[this.next() % candidates.length];
  }

  /** All of them, in another order. */
  public shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, rank: this.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  }

  private next(): number {
    return this.drawn[this.used++] ?? 0;
  }
}
