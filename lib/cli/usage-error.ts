/** A mistake of the user's, told without a stack trace. */
export class UsageError extends Error {
  public readonly problems: readonly string[];

  /** @param problems what was met, where, and what to do: a line each */
  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'UsageError';
    this.problems = problems;
  }
}
