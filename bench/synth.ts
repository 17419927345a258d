import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Function, type FunctionProps, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { App, Stack } from 'aws-cdk-lib';
import { appOf } from './cdk-app';
import { type Figure, figure } from './figure';
import { built } from './built';
import { processorTime } from './side-by-side';
import type * as tracing from '../lib';

/** The apps. CDK synthesizes stages one after the other; without stages, the stacks are in the app. */
const APPS = [
  { functions: 1000, stages: 0 },
  { functions: 1000, stages: 12 },
  { functions: 1000, stages: 48 },
  { functions: 3000, stages: 0 },
];
const ROUNDS = 5;
/** The number of functions in the app that V8 compiles the code for. */
const WARM_UP = 300;
const BARE = 'bare CDK, tracing: ACTIVE';
const ALL_OPTIONS = 'LambdaTracing.of(app).active() with callers and tieVersions';
const LIMIT = { atMost: 1.05 };

/** Measures the cost of tracing at synthesis: creating constructs and writing templates. */
export function synth(folder: string): Figure[] {
  return APPS.flatMap(({ functions, stages }) => {
    const samples = new Map(Object.keys(ALTERNATIVES).map((name) => [name, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, times] of samples) {
        times.push(inProcess({ name, functions, stages, outdir: join(folder, 'synth') }));
      }
    }
    const inStages = stages === 0 ? '' : `, ${stages} stages`;
    const subject = `Synth, ${functions.toLocaleString('en')} functions${inStages}`;
    return ['TracedFunction', 'LambdaTracing.of(app).active()', ALL_OPTIONS].map((ours) =>
      figure(subject, samples, [ours, BARE], { limit: LIMIT }),
    );
  });
}

interface Sample {
  /** The name of the alternative. */
  readonly name: string;
  readonly functions: number;
  readonly stages: number;
  readonly outdir: string;
}

/**
 * Synthesizes an app in a new process, after a small one. CDK keeps the tokens of all apps of a process, so each more app of
 * this size would take longer.
 *
 * @returns processor time in milliseconds
 */
function inProcess(sample: Sample): number {
  const output = execFileSync(process.execPath, [...process.execArgv, __filename, JSON.stringify(sample)], {
    encoding: 'utf-8',
    // CDK's own validation of templates takes as long as the rest, and is the same for all.
    env: { ...process.env, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  rmSync(sample.outdir, { recursive: true });
  return Number(output);
}

function measure({ name, functions, stages, outdir }: Sample): void {
  const synthesize = ALTERNATIVES[name](built());
  const synthesizeApp = (count: number) => synthesize((make) => appOf(count, outdir, make, stages));
  synthesizeApp(WARM_UP);
  const start = processorTime();
  synthesizeApp(functions);
  process.stdout.write(String(processorTime() - start));
}

type MakeApp = (make: (stack: Stack, id: string, props: FunctionProps) => Function) => App;

const ALTERNATIVES: Readonly<Record<string, (library: typeof tracing) => (appOf: MakeApp) => void>> = {
  [BARE]: () => (app) => {
    app((stack, id, props) => new Function(stack, id, { ...props, tracing: Tracing.ACTIVE })).synth();
  },
  TracedFunction:
    ({ TracedFunction }) =>
    (app) => {
      app((stack, id, props) => new TracedFunction(stack, id, props)).synth();
    },
  'LambdaTracing.of(app).active()':
    ({ LambdaTracing }) =>
    (app) => {
      const scope = app((stack, id, props) => new Function(stack, id, props));
      LambdaTracing.of(scope).active();
      scope.synth();
    },
  [ALL_OPTIONS]:
    ({ LambdaTracing }) =>
    (app) => {
      const scope = app((stack, id, props) => new Function(stack, id, props));
      LambdaTracing.of(scope).active({ callers: true, tieVersions: true });
      scope.synth();
    },
};

if (require.main === module) measure(JSON.parse(process.argv[2]) as Sample);
