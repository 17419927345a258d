import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config/config-file';
import type { GuardOptions } from '../guard/options';
import { stackTemplate } from '../guard/stack-template';
import { DEFAULT_THRESHOLD, type Threshold } from '../report/configuration';
import { stackPatternProblem } from '../text/globs';
import { printable } from '../text/printable';
import { checkConfigFrom } from './config';
import { UsageError } from './errors';
import { writeResult } from './output';

/** The options of `guard`, as commander passes them. */
export interface GuardCommandOptions {
  readonly template?: boolean;
  readonly output?: string;
  readonly failOn?: Threshold;
  readonly onError: 'allow' | 'deny';
  /** `STACK=REASON` each. */
  readonly exempt?: readonly string[];
  /** `ID=severity` each. */
  readonly rule?: readonly string[];
  readonly config?: string;
}

/** The function of the guard. The build writes it next to the command. */
const FUNCTION = join(__dirname, 'guard', 'function', 'index.js');

/**
 * Runs `cdk-lambda-xray guard --template`.
 *
 * @returns the exit status
 * @throws UsageError if an option, the configuration or the output file is invalid
 */
export async function guard(options: GuardCommandOptions): Promise<number> {
  const { output, exempt = [], onError } = options;
  if (!options.template) {
    throw new UsageError('guard writes a template. Pass --template.');
  }
  const config = await readConfig(options.config);
  const { severities = {} } = checkConfigFrom(config, options);
  const { acknowledgements, parameters, includeCdkFunctions, transactionSearch } = config;
  const guardOptions: GuardOptions = {
    // Without the path of the file, and what does not apply to stacks.
    config: { severities, acknowledgements, parameters, includeCdkFunctions, transactionSearch, exclude: [] },
    failOn: options.failOn ?? config.failOn ?? DEFAULT_THRESHOLD,
    onError: onError === 'deny' ? 'DENY' : 'ALLOW',
    exemptStacks: exempt.map(exemptionOf),
  };
  const template = JSON.stringify(stackTemplate(readCode(), guardOptions), undefined, 1);
  const size = `A template of ${Math.ceil(Buffer.byteLength(template) / 1000)} KB.`;
  // It can be that of another folder, and applies to all accounts.
  const summary =
    config.file === undefined ? size : `${size} Its configuration is ${printable(config.file)}.`;
  writeResult(
    `${template}\n`,
    { summary, errors: [] },
    { loaded: { templates: [], errors: [] } },
    { format: 'json', output },
  );
  return 0;
}

function exemptionOf(option: string): GuardOptions['exemptStacks'][number] {
  const [, stackName, reason = ''] = /^([^=]+)=(.*)$/s.exec(option) ?? [];
  if (stackName === undefined || reason.trim() === '') {
    throw new UsageError(`--exempt ${option}: expected STACK=REASON, for example 'legacy-*=Moves in May'.`);
  }
  const problem = stackPatternProblem(stackName);
  if (problem !== undefined)
    throw new UsageError(`--exempt ${option}: the name is not a valid pattern: ${problem}`);
  return { stackName, reason };
}

function readCode(): string {
  if (!existsSync(FUNCTION)) throw new UsageError(`${FUNCTION} is missing. Install cdk-lambda-xray again.`);
  return readFileSync(FUNCTION, 'utf-8');
}
