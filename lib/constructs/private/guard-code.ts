import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';

/** The folder with the function of the guard, which the build compiles. Tests set another one. */
export const FUNCTION = { folder: join(__dirname, '..', '..', 'guard', 'function') };

/** The file that the function reads its options from: `OPTIONS_FILE` of `lib/guard/options`. */
const OPTIONS_FILE = 'guard.json';

/** The options of the function, as the user gives them. */
export interface GuardCodeOptions {
  readonly configFile?: string;
  readonly severities?: Readonly<Record<string, string>>;
  readonly failOn?: string;
  readonly onError: string;
  readonly exemptStacks?: readonly { readonly stackName: string; readonly reason: string }[];
}

/** The exports of `lib/config/parse-config` that are used here. */
interface Loading {
  readonly parseConfig: (text: string, file: string) => ParsedConfig;
}

/** The part of a configuration file that applies to stacks. */
interface ParsedConfig {
  readonly severities: object;
  readonly acknowledgements: readonly object[];
  readonly parameters: readonly object[];
  readonly includeCdkFunctions?: boolean;
  readonly transactionSearch?: boolean;
  readonly failOn?: string;
}

/**
 * Returns the code of the function with its options.
 *
 * @param path the construct path that errors start with
 * @throws if an option is invalid, or the configuration file can't be read or is invalid
 */
export function guardCode(path: string, given: GuardCodeOptions): AssetCode {
  const options = JSON.stringify(optionsOf(path, given));
  const source = FUNCTION.folder;
  if (!existsSync(source)) {
    throw new Error(`${path}: ${source} is missing. Install cdk-lambda-xray again, or run its build.`);
  }
  const folder = FileSystem.mkdtemp('cdk-lambda-xray-guard-');
  copyFileSync(join(source, 'index.js'), join(folder, 'index.js'));
  writeFileSync(join(folder, OPTIONS_FILE), options);
  return Code.fromAsset(folder);
}

function optionsOf(
  path: string,
  { configFile, severities, failOn, onError, exemptStacks = [] }: GuardCodeOptions,
) {
  const file = configFile === undefined ? {} : parsed(path, textOf(path, configFile), configFile);
  const own = parsed(path, JSON.stringify({ rules: severities, failOn }), 'the props');
  const config: ParsedConfig = { ...NO_CONFIG, ...file };
  return {
    config: {
      severities: { ...config.severities, ...own.severities },
      acknowledgements: config.acknowledgements,
      parameters: config.parameters,
      includeCdkFunctions: config.includeCdkFunctions,
      transactionSearch: config.transactionSearch,
      exclude: [],
    },
    failOn: own.failOn ?? config.failOn ?? 'error',
    onError,
    exemptStacks: exemptStacks.map(({ stackName, reason }) => ({ stackName, reason })),
  };
}

const NO_CONFIG: ParsedConfig = { severities: {}, acknowledgements: [], parameters: [] };

function parsed(path: string, text: string, file: string): ParsedConfig {
  // The build bundles this module with its dependencies.
  // oxlint-disable-next-line typescript/no-require-imports
  const { parseConfig } = require('../../config/parse-config') as Loading;
  try {
    return parseConfig(text, file);
  } catch (error) {
    throw new Error(`${path}: the configuration is invalid. ${(error as Error).message}`, { cause: error });
  }
}

function textOf(path: string, file: string): string {
  try {
    return readFileSync(file, 'utf-8');
  } catch (error) {
    throw new Error(
      `${path}: the configuration ${file} can't be read (${(error as NodeJS.ErrnoException).code}). Pass the path of a file to configFile.`,
      { cause: error },
    );
  }
}
