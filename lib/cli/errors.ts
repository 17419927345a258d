import { CommanderError } from 'commander';
import { ConfigError } from '../config/config';
import { printable } from '../text/printable';
import { ISSUES } from '../version';

/** A mistake of the user, reported without a stack trace. */
export class UsageError extends Error {
  public readonly problems: readonly string[];

  /** @param problems one line per problem: its location, the problem, the way out */
  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'UsageError';
    this.problems = problems;
  }
}

const FAILED = 2;

/**
 * Writes an error to standard error, unless commander has done so.
 *
 * @returns the exit status
 */
export function reportFailure(error: unknown): number {
  // Commander also throws after --help and --version, with exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : FAILED;
  if (error instanceof UsageError || error instanceof ConfigError) {
    for (const problem of error.problems) process.stderr.write(`${printable(problem)}\n`);
    return FAILED;
  }
  if ((error as NodeJS.ErrnoException | undefined)?.syscall === 'uv_cwd') {
    process.stderr.write('The working directory does not exist any more. Change to one that does.\n');
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
