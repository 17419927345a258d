import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Config, NO_CONFIG } from './config';
import { UsageError } from './errors';

const FILE = '.cdk-lambda-xray.yaml';

/**
 * Reads the configuration.
 *
 * @param path the value of `--config`
 * @default - the nearest `.cdk-lambda-xray.yaml` in the working directory and its parents
 * @throws UsageError if the file can't be read or is invalid
 */
export async function readConfig(path: string | undefined): Promise<Config> {
  const file = path ?? findUpwards(process.cwd());
  if (file === undefined) return NO_CONFIG;
  const text = readText(file, path === undefined ? '' : 'Pass another file to --config, or omit --config.');
  const { parseConfig } = await import('./parse-config.js');
  return parseConfig(text, file);
}

function findUpwards(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    const file = join(folder, FILE);
    if (statSync(file, { throwIfNoEntry: false })) return relative(process.cwd(), file);
    if (folder === dirname(folder)) return undefined;
  }
}

function readText(file: string, advice: string): string {
  try {
    return readFileSync(resolve(file), 'utf-8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''] ?? message;
    throw new UsageError(`Cannot read the configuration ${file}: ${reason}. ${advice}`.trim());
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOENT: 'it does not exist',
};
