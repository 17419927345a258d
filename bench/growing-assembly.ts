import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND } from './built';
import { type Figure, figure } from './figure';
import { growingAssembly } from './inputs';
import { peakMemory } from './peak-memory';
import { wholeCommands } from './whole-commands';

const RESOURCES = [25_000, 50_000, 100_000];
const RUNS = 3;
const MEGABYTE = 1e6;

/** Measures how time and peak memory grow with the size of an assembly. */
export function growth(folder: string): Figure[] {
  const assemblies = RESOURCES.map((resources) => writtenAssembly(resources, folder));
  const samples = wholeCommands(
    RUNS,
    assemblies.map(({ name, args }) => ({ name, file: process.execPath, args })),
  );
  const [whole, half, quarter] = [...assemblies].reverse();
  const peaks = () => Array.from({ length: RUNS }, () => peakMemory(whole.args) - peakMemory(['-e', '0']));
  const memory = new Map([
    ['check', peaks().map((bytes) => bytes / MEGABYTE)],
    ['size of the templates', [whole.bytes / MEGABYTE]],
  ]);
  for (const { directory } of assemblies) rmSync(directory, { recursive: true });
  return [
    figure('An assembly, time', samples, [half.name, quarter.name], { limit: { atMost: 2.2 } }),
    figure('An assembly, time', samples, [whole.name, half.name], { limit: { atMost: 2.2 } }),
    figure(`An assembly of ${whole.name}, peak memory`, memory, ['check', 'size of the templates'], {
      unit: 'MB',
      limit: { atMost: 8 },
      note: 'minus that of node -e 0',
    }),
  ];
}

function writtenAssembly(resources: number, folder: string) {
  const directory = join(folder, `assembly-${resources}`);
  mkdirSync(directory);
  const files = growingAssembly(resources);
  for (const [name, content] of files) writeFileSync(join(directory, name), content);
  return {
    name: `${resources.toLocaleString('en')} resources`,
    directory,
    bytes: files.reduce((sum, [, content]) => sum + Buffer.byteLength(content), 0),
    args: [
      ...[COMMAND, 'check', directory, '--fail-on', 'never'],
      ...['--format', 'json', '--output', join(folder, 'report.json')],
    ],
  };
}
