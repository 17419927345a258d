import { resolve } from 'node:path';
import { printable } from '../printable';
import { errorLine } from '../report/text';
import type { Input } from './input';
import type { JudgingOptions } from './judging-options';
import type { Outcome } from './outcome';
import { writeOutput } from './output-file';
import { UsageError } from './usage-error';

/**
 * Puts what was written where it is wanted. What could not be read goes to standard error too, unless it is in a report
 * that is read there and then.
 *
 * @throws UsageError if the file can't be written, or is one that was read
 */
export function deliver(
  written: string,
  { summary, errors }: Pick<Outcome, 'summary' | 'errors'>,
  { loaded, baseline }: Input,
  { format, output, quiet }: Pick<JudgingOptions, 'format' | 'output' | 'quiet'>,
): void {
  if (output === undefined) {
    process.stdout.write(written);
  } else {
    refuseToOverwrite(output, [...loaded.templates, ...loaded.errors], 'what was to be judged');
    refuseToOverwrite(output, baseline?.templates ?? [], 'the baseline');
    writeOutput(output, written);
    if (!quiet) process.stdout.write(`${printable(`${summary} Written to ${output}.`)}\n`);
  }
  if (output !== undefined || format !== 'text') {
    for (const error of errors) process.stderr.write(`${errorLine(error)}\n`);
  }
}

function refuseToOverwrite(output: string, read: readonly { readonly file: string }[], what: string): void {
  if (read.some(({ file }) => resolve(file) === resolve(output))) {
    throw new UsageError(`${output} is ${what}. Name another file with --output.`);
  }
}
