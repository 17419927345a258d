import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Function, type FunctionProps, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Stack } from 'aws-cdk-lib';
import { appOf } from './cdk-app';
import { type Figure, figure } from './figure';
import { built } from './built';
import { sideBySide } from './side-by-side';

const ROUNDS = new Map([
  [1000, 5],
  [3000, 3],
]);
/** Numbers of stages that share the functions; 0 for stacks in the app. CDK synthesizes stages one after the other. */
const STAGES = [0, 1, 12, 48];
const BARE = 'bare CDK, tracing: ACTIVE';
const ALL_OPTIONS = 'LambdaTracing.of(app).active() with callers and tieVersions';
const LIMIT = { atMost: 1.05 };

/** Measures the cost of tracing at synthesis: creating constructs and writing templates. */
export async function synth(folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [functions, rounds] of ROUNDS) {
    for (const stages of STAGES) {
      const samples = await sideBySide(rounds, alternatives(functions, stages, join(folder, 'synth')));
      rmSync(join(folder, 'synth'), { recursive: true });
      const inStages = stages === 0 ? '' : `, ${stages} ${stages === 1 ? 'stage' : 'stages'}`;
      const subject = `Synth, ${functions.toLocaleString('en')} functions${inStages}`;
      for (const ours of ['TracedFunction', 'LambdaTracing.of(app).active()', ALL_OPTIONS]) {
        figures.push(figure(subject, samples, [ours, BARE], { limit: LIMIT }));
      }
    }
  }
  return figures;
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
