import type { Severity } from '../rules/rule';
import { DEFAULT_THRESHOLD, reaches } from '../report/configuration';
import type { Config } from './config';
import { findConfig, readConfigText } from './config-file';
import type * as parsing from './parse-config';

/** The configuration of a CDK app, as the pack uses it. */
export interface AppConfig extends Config {
  /** True if findings of a severity make synthesis fail. */
  readonly fails: (severity: Severity) => boolean;
}

/**
 * Reads the configuration of the CDK app that runs in the working directory. The CDK command runs apps in the folder of
 * their `cdk.json`. Undefined if there is none.
 *
 * @throws ConfigError if the file can't be read or is invalid
 */
export function readAppConfig(): AppConfig | undefined {
  const file = findConfig(process.cwd());
  if (file === undefined) return undefined;
  // Loaded on demand: it takes longer than the rest of the pack's constructor, and most apps have no configuration.
  // oxlint-disable-next-line typescript/no-require-imports
  const { parseConfig } = require('./parse-config') as typeof parsing;
  const config = parseConfig(readConfigText(file), file);
  const { failOn = DEFAULT_THRESHOLD } = config;
  return { ...config, fails: (severity) => reaches(severity, failOn) };
}
