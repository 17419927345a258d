import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { NO_CONFIG } from '../../lib/config/config';
import { type GuardOptions, OPTIONS_FILE } from '../../lib/guard/options';
import type { HookResponse } from '../../lib/guard/response';
import { bundledCommand, run } from '../cli/bundled-command';

/** Returns the folder with the function of the guard as it is published. */
export async function publishedFunction(): Promise<string> {
  return join(dirname(await bundledCommand()), 'guard', 'function');
}

/** Returns a folder with the function as it is deployed: with its options, and without the package around it. */
export async function deployedFunction(options: Partial<GuardOptions> = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'guard-'));
  cpSync(await publishedFunction(), folder, { recursive: true });
  const all: GuardOptions = {
    ...{ config: NO_CONFIG, failOn: 'error', onError: 'ALLOW', exemptStacks: [] },
    ...options,
  };
  writeFileSync(join(folder, OPTIONS_FILE), JSON.stringify(all));
  return folder;
}

const MODULES = join(__dirname, '..', '..', 'node_modules');

/** The environment of an invocation. */
export interface Invocation {
  /** @default handler */
  readonly handler?: 'handler' | 'configHandler';
  /** In milliseconds. @default 30000 */
  readonly remaining?: number;
  /** The time by which the clock is put forward after the start, in milliseconds. @default 0 */
  readonly late?: number;
  /** In megabytes. @default 512 */
  readonly memory?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The result of an invocation. */
export interface Invoked {
  readonly response: HookResponse;
  readonly log: string;
  /** From the start of the process to the answer, in milliseconds. */
  readonly duration: number;
  /** The time that processors were busy with it, in milliseconds. */
  readonly time: number;
  /** In megabytes. */
  readonly memory: number;
}

/** Invokes the function in a process of its own, as Lambda does after a cold start. */
export async function invoke(
  folder: string,
  event: object,
  { handler = 'handler', remaining = 30_000, late = 0, memory = 512, env }: Invocation = {},
): Promise<Invoked> {
  const script = join(folder, 'invoke.cjs');
  writeFileSync(
    script,
    `const { performance } = require('node:perf_hooks');
    const { ${handler}: handler } = require('./index.js');
    const { now } = Date;
    let late = 0;
    Date.now = () => {
      const time = now() + late;
      late = ${late};
      return time;
    };
    handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => ${remaining} })
      .then((response) => console.log(JSON.stringify({
        response,
        duration: performance.now(),
        time: Object.values(process.cpuUsage()).reduce((sum, one) => sum + one) / 1000,
        memory: process.resourceUsage().maxRSS / 1000,
      })));`,
  );
  const { status, stdout, stderr } = await run(script, [], {
    // The runtime has the AWS SDK.
    env: { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory), NODE_PATH: MODULES, ...env },
  });
  if (status !== 0) throw new Error(stderr);
  const [result, ...lines] = stdout.trimEnd().split('\n').reverse();
  const log = lines.reverse().join('\n') + stderr;
  return { ...(JSON.parse(result) as Omit<Invoked, 'log'>), log };
}

/** Returns the folder with the code of the function in a stack. */
export function assetOf(stack: Stack): string {
  const [fn] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const { Code: code } = (fn as { Properties: { Code: { S3Key: string } } }).Properties;
  return join(Stage.of(stack)!.outdir, `asset.${code.S3Key.replace('.zip', '')}`);
}

/** Returns the options of the function in a stack. */
export function optionsOf(stack: Stack): GuardOptions {
  return JSON.parse(readFileSync(join(assetOf(stack), OPTIONS_FILE), 'utf-8')) as GuardOptions;
}
