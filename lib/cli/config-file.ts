import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Config, NO_CONFIG } from './config';
import { UsageError } from './errors';

const FILE = '.cdk-lambda-xray.yaml';

/**
 * Reads the configuration.
 *
 * @param named the file; by default, the nearest `.cdk-lambda-xray.yaml` from the working directory upwards
 * @throws UsageError if it can't be read, or isn't right
 */
export async function readConfig(named: string | undefined): Promise<Config> {
  const found = named ?? nearest(process.cwd());
  if (found === undefined) return NO_CONFIG;
  const text = textOf(found, named === undefined ? '' : 'Name another with --config, or leave it out.');
  const { parseConfig } = await import('./parse-config.js');
  return parseConfig(text, found);
}

function nearest(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    const file = join(folder, FILE);
    if (statSync(file, { throwIfNoEntry: false })) return relative(process.cwd(), file);
    if (folder === dirname(folder)) return undefined;
  }
}

function textOf(file: string, advice: string): string {
  try {
    return readFileSync(resolve(file), 'utf-8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''] ?? message;
    throw new UsageError(`The configuration ${file} ${reason}. ${advice}`.trim());
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be read',
  EISDIR: 'is a folder',
  ENOENT: 'does not exist',
};
