import { statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { QuotedFolders, readText } from '../input/text-files';
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
  const text = readConfigText(
    file,
    path === undefined ? '' : 'Pass another file to --config, or omit --config.',
  );
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

/** In bytes. */
const MAX_SIZE = 1_000_000;

function readConfigText(file: string, advice: string): string {
  const unreadable = (reason: string) =>
    new UsageError(`Cannot read the configuration ${file}: ${reason}. ${advice}`.trim());
  try {
    const stats = statSync(resolve(file));
    if (stats.isDirectory()) throw unreadable(REASONS.EISDIR);
    if (!stats.isFile()) throw unreadable('it is a device or a pipe, not a file');
    if (stats.size > MAX_SIZE) throw unreadable(`it is larger than ${MAX_SIZE / 1e6} MB`);
    // Problems quote the file, and a link can point to any file of the user.
    if (!new QuotedFolders([file]).include(file)) {
      throw unreadable('it is a symbolic link to a file outside of its folder and the working directory');
    }
    return readText(resolve(file));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw unreadable(REASONS[code] ?? message.replace(/\.$/, ''));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOENT: 'it does not exist',
};
