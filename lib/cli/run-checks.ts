import type { CheckConfig } from '../checker/check';
import { isOpen } from '../report/report';
import { reaches, type Threshold } from '../report/severity';
import { printable } from '../text/printable';
import { checkConfig } from './config';
import { readConfig } from './config-file';
import { type Input, readInput } from './input';
import type { RunChecksOptions } from './options';
import { writeResult, type CommandResult } from './output';
import { ProgressLine, terminalWidth, usesColor } from './terminal';

const DEFAULT_THRESHOLD: Threshold = 'error';

/**
 * What all commands that judge have in common: from the paths and the options to what is written.
 *
 * @param judged what the command is about
 * @returns the exit status
 * @throws UsageError if the options, the configuration or the output file are wrong
 */
export async function runChecks(
  paths: readonly string[],
  options: RunChecksOptions,
  judged: (input: Input, settings: CheckConfig, progress: ProgressLine) => CommandResult,
): Promise<number> {
  const config = await readConfig(options.config);
  const settings = checkConfig(config, options);
  const { output, quiet = false } = options;
  const progress = new ProgressLine(process.stderr);
  try {
    const input = await readInput(paths, options, progress);
    const outcome = judged(input, settings, progress);
    const written = await outcome.write({
      quiet,
      color: output === undefined && usesColor(options),
      width: output === undefined ? terminalWidth(process.stdout) : undefined,
    });
    progress.clear();
    if (!quiet) for (const note of outcome.notes) process.stderr.write(`${printable(note)}\n`);
    writeResult(written, outcome, input, options);
    return statusOf(outcome, options.failOn ?? config.failOn ?? DEFAULT_THRESHOLD);
  } finally {
    progress.clear();
  }
}

function statusOf({ errors, findings }: CommandResult, threshold: Threshold): number {
  if (errors.length > 0) return 2;
  return findings.some((finding) => isOpen(finding) && reaches(finding.severity, threshold)) ? 1 : 0;
}
