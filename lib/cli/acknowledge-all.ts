import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Config } from '../config/config';
import { CONFIG_FILES, IGNORE, readConfigText } from '../config/config-file';
import { displayed, STDIN } from '../input/text-files';
import { isOpen, type Report } from '../report/report';
import { count } from '../report/wording';
import { ACKNOWLEDGEMENT } from '../rules/acknowledgement';
import { UsageError } from './errors';
import { writeNotes, writeOutput } from './output';

/**
 * Refuses `--acknowledge-all` without a reason or without a configuration file to write to.
 *
 * @param option the value of `--config`
 * @throws UsageError
 */
export function validateReason(reason: string | undefined, option: string | undefined): void {
  if (reason === undefined) return;
  if (reason.trim() === '') {
    throw new UsageError('--acknowledge-all requires a reason: why the findings of today are acceptable.');
  }
  if (option === IGNORE) {
    throw new UsageError('--acknowledge-all writes to the configuration. Omit --config none.');
  }
}

/**
 * Acknowledges the open findings of a report in the configuration file, or in a new one in the working directory. Problems
 * with acknowledgements stay open.
 *
 * @returns the new configuration
 * @throws ConfigError if the file has no place for the entries
 * @throws UsageError if the file can't be written
 */
export async function acknowledgeAll(
  report: Report,
  config: Config,
  reason: string,
  options: { readonly quiet?: boolean },
): Promise<Config> {
  const file = config.file ?? CONFIG_FILES[0];
  const open = report.findings.filter((finding) => isOpen(finding) && finding.rule !== ACKNOWLEDGEMENT);
  if (open.length === 0) {
    writeNotes(['There are no findings to acknowledge.'], options);
    return config;
  }
  const { entriesFor, withAcknowledgements } = await import('../config/add-acknowledgements.js');
  const { parseConfig } = await import('../config/parse-config.js');
  const entries = entriesFor(open, reason, (template) => pathFrom(dirname(file), template));
  const text = config.file === undefined ? undefined : readConfigText(config.file);
  const changed = withAcknowledgements(text, entries, file);
  const parsed = parseConfig(changed, file);
  writeOutput(file, changed, { content: 'the configuration', option: '--config' });
  const findings = count(open.length, 'finding');
  writeNotes([`Added ${count(entries.length, 'acknowledgement')} of ${findings} to ${file}.`], options);
  return parsed;
}

/**
 * Returns the path of a template from the folder of the configuration, after `./`, so that it selects no other template. If
 * the template is elsewhere, returns the end of its path.
 */
function pathFrom(folder: string, template: string): string {
  const [path] = template.split('#');
  if (path === STDIN) return path;
  const inside = relative(folder, resolve(path));
  const isOutside = isAbsolute(inside) || inside.startsWith('..');
  return isOutside ? displayed(path).replace(/^(?:\.\.?\/)+/, '') : `./${displayed(inside)}`;
}
