/** Predetermined choices, which make generated templates repeatable and shrinkable. 0 is the simplest choice. */
export class Choices {
  private used = 0;

  constructor(private readonly drawn: readonly number[]) {}

  /** Returns one of the candidates; the first if all choices are used. */
  public of<T>(candidates: readonly T[]): T {
    return candidates[this.next() % candidates.length];
  }

  /** Returns the items in another order. */
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
