import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { displayed, foldersAround, QuotedFolders, readText, repositoryAround } from '../input/text-files';
import { DEFAULT_THRESHOLD, reaches } from '../report/configuration';
import type { SourceRoot } from '../report/location';
import type { Severity } from '../rules/rule';
import { type Config, ConfigError, NO_CONFIG } from './config';
import type * as parsing from './parse-config';

/** The names of the configuration file. */
export const CONFIG_FILES = ['.cdk-lambda-xray.yaml', '.cdk-lambda-xray.yml', '.cdk-lambda-xray.json'];

/** The value of `--config` that ignores all configuration files. */
export const IGNORE = 'none';

/**
 * Reads the configuration.
 *
 * @param path the value of `--config`: a file, or `none`
 * @default - the nearest `.cdk-lambda-xray.yaml` in the working directory and its parents, up to the repository's root
 * @throws ConfigError if the file can't be read or is invalid
 */
export async function readConfig(path: string | undefined): Promise<Config> {
  const file = path ?? findConfig(process.cwd());
  if (file === undefined || file === IGNORE) return NO_CONFIG;
  const advice = path === undefined ? '' : 'Pass another file to --config, or omit --config.';
  const text = readConfigText(file, advice);
  const { parseConfig } = await import('./parse-config.js');
  return parseConfig(text, file);
}

/**
 * Returns the path of the nearest configuration, relative to the working directory.
 *
 * @throws ConfigError if a folder has several
 */
export function findConfig(directory: string): string | undefined {
  for (const folder of foldersToSearch(directory)) {
    const [file, another] = CONFIG_FILES.map((name) => join(folder, name)).filter((path) => existsSync(path));
    if (another !== undefined) {
      const names = [file, another].map((path) => relative(process.cwd(), path));
      throw new ConfigError(`There are two configurations, ${names.join(' and ')}. Remove one of them.`);
    }
    if (file !== undefined) return relative(process.cwd(), file);
  }
  return undefined;
}

/** Returns a folder and its parents, up to the root of its repository. Without a repository, up to the home folder. */
export function foldersToSearch(directory: string): string[] {
  const folders = foldersAround(directory);
  const end = repositoryAround(directory) ?? homedir();
  return folders.includes(end) ? folders.slice(0, folders.indexOf(end) + 1) : folders;
}

/** Returns the folders that files in a report are relative to. */
export function sourceRoot(): SourceRoot {
  const workingDirectory = process.cwd();
  return {
    root: displayed(repositoryAround(workingDirectory) ?? workingDirectory),
    workingDirectory: displayed(workingDirectory),
  };
}

/** In bytes. */
const MAX_SIZE = 1_000_000;

/** @throws ConfigError if the file can't be read */
export function readConfigText(file: string, advice = ''): string {
  const unreadable = (reason: string) =>
    new ConfigError(`Cannot read the configuration ${file}: ${reason}. ${advice}`.trim());
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
    if (error instanceof ConfigError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw unreadable(REASONS[code] ?? message.replace(/\.$/, ''));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOENT: 'it does not exist',
};

/** The configuration of a CDK app, as the pack uses it. */
export interface AppConfig extends Config {
  /** True if findings of a severity make synthesis fail. */
  readonly fails: (severity: Severity) => boolean;
}

/**
 * Reads the configuration of the CDK app that runs in the working directory. The CDK command runs apps in the folder of
 * their `cdk.json`. Undefined if there is none.
 *
 * @param path the file. Undefined for the nearest `.cdk-lambda-xray.yaml`
 * @throws ConfigError if the file can't be read or is invalid
 */
export function readAppConfig(path?: string): AppConfig | undefined {
  const file = path ?? findConfig(process.cwd());
  if (file === undefined) return undefined;
  // Loaded on demand: it takes longer than the rest of the pack's constructor, and most apps have no configuration.
  // oxlint-disable-next-line typescript/no-require-imports
  const { parseConfig } = require('./parse-config') as typeof parsing;
  const advice = path === undefined ? '' : 'Pass another path to configFile, or omit configFile.';
  const config = parseConfig(readConfigText(file, advice), file);
  const { failOn = DEFAULT_THRESHOLD } = config;
  return { ...config, fails: (severity) => reaches(severity, failOn) };
}
