import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Function, Tracing } from 'aws-cdk-lib/aws-lambda';
import { ServerlessChecks } from 'cdk-nag';
import { built } from './built';
import { publishedAppOf } from './cdk-app';
import { type Figure, figure } from './figure';
import { sideBySide } from './side-by-side';

const FUNCTIONS = [1000, 3000, 6000];
const ROUNDS = 5;
const OURS = 'LambdaXRayChecks';
const PEER = "cdk-nag's ServerlessChecks";

/** Measures how long a pack takes to check a synthesized app, and how that grows with the app. */
export async function pack(folder: string, sizes: readonly number[] = FUNCTIONS): Promise<Figure[]> {
  const measured = new Map<number, Map<string, number[]>>();
  for (const functions of sizes) measured.set(functions, await checking(functions, folder));
  return [
    ...sizes.flatMap((functions) => {
      const samples = measured.get(functions)!;
      return [
        figure(`Pack, ${sizeText(functions)}`, samples, [OURS, PEER], { limit: { atMost: 1 } }),
        figure(`Pack, ${sizeText(functions)}, validateScope`, samples, [inScope(OURS), inScope(PEER)], {
          limit: { atMost: 1.2 },
        }),
      ];
    }),
    ...(sizes === FUNCTIONS ? [OURS, PEER].map((name) => growth(name, measured)) : []),
  ];
}

async function checking(functions: number, folder: string): Promise<Map<string, number[]>> {
  const { LambdaXRayChecks } = built();
  const app = publishedApp(functions, join(folder, `pack-${functions}`));
  // As CDK calls it. The app is synthesized, so this only returns its assembly.
  const templatePaths = app.synth().stacksRecursively.map(({ templateFullPath }) => templateFullPath);
  const context = { appConstruct: app, templatePaths, stackTemplates: [] };
  return sideBySide(ROUNDS, [
    { name: OURS, run: () => void new LambdaXRayChecks(app).validate(context) },
    { name: PEER, run: () => void new ServerlessChecks(app).validate(context) },
    { name: inScope(OURS), run: () => void new LambdaXRayChecks(app).validateScope(app) },
    { name: inScope(PEER), run: () => void new ServerlessChecks(app).validateScope(app) },
  ]);
}

function inScope(name: string): string {
  return `${name}, validateScope`;
}

function publishedApp(functions: number, outdir: string): App {
  const app = publishedAppOf(
    functions,
    outdir,
    (stack, id, props) => new Function(stack, id, { ...props, tracing: Tracing.ACTIVE }),
  );
  app.synth();
  return app;
}

function growth(name: string, measured: ReadonlyMap<number, ReadonlyMap<string, readonly number[]>>): Figure {
  const [half, whole] = [3000, 6000];
  const samples = new Map([half, whole].map((size) => [sizeText(size), measured.get(size)!.get(name)!]));
  return figure(`Pack, growth of ${name}`, samples, [sizeText(whole), sizeText(half)], {
    ...(name === OURS ? { limit: { atMost: 2.1 } } : {}),
  });
}

function sizeText(functions: number): string {
  return `${functions.toLocaleString('en')} functions`;
}
