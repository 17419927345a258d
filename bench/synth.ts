import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Function, type FunctionProps, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Stack } from 'aws-cdk-lib';
import { appOf } from './cdk-app';
import { type Figure, figure } from './figure';
import { built } from './built';
import { sideBySide } from './side-by-side';

/** The apps. CDK synthesizes stages one after the other; without stages, the stacks are in the app. */
const APPS = [
  { functions: 1000, stages: 0, rounds: 5 },
  { functions: 1000, stages: 12, rounds: 5 },
  { functions: 1000, stages: 48, rounds: 5 },
  { functions: 3000, stages: 0, rounds: 3 },
];
const BARE = 'bare CDK, tracing: ACTIVE';
const ALL_OPTIONS = 'LambdaTracing.of(app).active() with callers and tieVersions';
const LIMIT = { atMost: 1.05 };

/** Measures the cost of tracing at synthesis: creating constructs and writing templates. */
export function synth(folder: string): Figure[] {
  return APPS.flatMap((app) => {
    const samples = inProcess({ ...app, outdir: join(folder, 'synth') });
    const inStages = app.stages === 0 ? '' : `, ${app.stages} stages`;
    const subject = `Synth, ${app.functions.toLocaleString('en')} functions${inStages}`;
    return ['TracedFunction', 'LambdaTracing.of(app).active()', ALL_OPTIONS].map((ours) =>
      figure(subject, samples, [ours, BARE], { limit: LIMIT }),
    );
  });
}

interface Case {
  readonly rounds: number;
  readonly functions: number;
  readonly stages: number;
  readonly outdir: string;
}

/** CDK keeps the tokens of all apps of a process, and with them the apps: several cases don't fit into one process. */
function inProcess(measured: Case): Map<string, number[]> {
  const output = execFileSync(process.execPath, [...process.execArgv, __filename, JSON.stringify(measured)], {
    encoding: 'utf-8',
    env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=8192' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Map(JSON.parse(output) as [string, number[]][]);
}

async function measure({ rounds, functions, stages, outdir }: Case): Promise<void> {
  const samples = await sideBySide(rounds, alternatives(functions, stages, outdir));
  rmSync(outdir, { recursive: true });
  process.stdout.write(JSON.stringify([...samples]));
}

function alternatives(functions: number, stages: number, outdir: string) {
  const { LambdaTracing, TracedFunction } = built();
  const make = (stack: Stack, id: string, props: FunctionProps) => new Function(stack, id, props);
  return [
    {
      name: BARE,
      run: () => {
        const active: typeof make = (stack, id, props) =>
          make(stack, id, { ...props, tracing: Tracing.ACTIVE });
        appOf(functions, outdir, active, stages).synth();
      },
    },
    {
      name: 'TracedFunction',
      run: () => {
        const traced: typeof make = (stack, id, props) => new TracedFunction(stack, id, props);
        appOf(functions, outdir, traced, stages).synth();
      },
    },
    {
      name: 'LambdaTracing.of(app).active()',
      run: () => {
        const app = appOf(functions, outdir, make, stages);
        LambdaTracing.of(app).active();
        app.synth();
      },
    },
    {
      name: ALL_OPTIONS,
      run: () => {
        const app = appOf(functions, outdir, make, stages);
        LambdaTracing.of(app).active({ callers: true, tieVersions: true });
        app.synth();
      },
    },
  ];
}

if (require.main === module) void measure(JSON.parse(process.argv[2]) as Case);
