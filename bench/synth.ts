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
const BARE = 'bare CDK, tracing: ACTIVE';
const LIMIT = { atMost: 1.05 };

/** Measures the cost of tracing at synthesis: creating constructs and writing templates. */
export async function synth(folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [functions, rounds] of ROUNDS) {
    const samples = await sideBySide(rounds, alternatives(functions, join(folder, 'synth')));
    rmSync(join(folder, 'synth'), { recursive: true });
    const subject = `Synth, ${functions.toLocaleString('en')} functions`;
    for (const ours of ['TracedFunction', 'LambdaTracing.of(app).active()']) {
      figures.push(figure(subject, samples, [ours, BARE], { limit: LIMIT }));
    }
  }
  return figures;
}

function alternatives(functions: number, outdir: string) {
  const { LambdaTracing, TracedFunction } = built();
  const make = (stack: Stack, id: string, props: FunctionProps) => new Function(stack, id, props);
  return [
    {
      name: BARE,
      run: () => {
        appOf(functions, outdir, (stack, id, props) =>
          make(stack, id, { ...props, tracing: Tracing.ACTIVE }),
        ).synth();
      },
    },
    {
      name: 'TracedFunction',
      run: () => {
        appOf(functions, outdir, (stack, id, props) => new TracedFunction(stack, id, props)).synth();
      },
    },
    {
      name: 'LambdaTracing.of(app).active()',
      run: () => {
        const app = appOf(functions, outdir, make);
        LambdaTracing.of(app).active();
        app.synth();
      },
    },
  ];
}
