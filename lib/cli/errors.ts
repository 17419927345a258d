import { CommanderError } from 'commander';
import { printable } from '../text/printable';
import { ISSUES } from '../version';

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

const FAILED = 2;

/**
 * Says what went wrong, unless commander has done so.
 *
 * @returns the exit status
 */
export function reportFailure(error: unknown): number {
  // Commander gives help and the version as errors too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : FAILED;
  if (error instanceof UsageError) {
    for (const problem of error.problems) process.stderr.write(`${printable(problem)}\n`);
    return FAILED;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(
    `cdk-lambda-xray failed unexpectedly: ${printable(message)}. Please report it at ${ISSUES}\n`,
  );
  if (process.env.DEBUG) process.stderr.write(`${printableLines(stack ?? '')}\n`);
  return FAILED;
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
