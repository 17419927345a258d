/**
 * Measures the constructs, the pack and the command, each against a peer in the same run. Only the ratios are
 * comparable, because machines differ and are shared. A full run updates results.json and README.md.
 *
 *     npm run bench
 *     npm run bench -- synth pack
 *     npm run bench:quick
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfChanged } from './built';
import { command } from './command';
import type { Figure } from './figure';
import { map } from './map';
import { growth } from './growing-assembly';
import { pack } from './pack';
import { print, printBesideRecorded, save } from './results';
import { startUp } from './start-up';
import { synth } from './synth';

const SUITES = new Map<string, (folder: string) => Figure[] | Promise<Figure[]>>([
  ['synth', synth],
  ['pack', pack],
  ['command', command],
  ['map', map],
]);

/** The figures that need no other installation, and together about a minute. */
async function quickly(folder: string): Promise<Figure[]> {
  buildIfChanged();
  return [...startUp(folder), ...growth(folder), ...(await pack(folder, [1000]))];
}

async function bench(names: readonly string[]): Promise<void> {
  if (names.join() === '--quick')
    return inFolder(async (folder) => printBesideRecorded(await quickly(folder)));
  const unknown = names.find((name) => !SUITES.has(name));
  if (unknown !== undefined) {
    throw new Error(
      `Unknown benchmark '${unknown}'. Use some of ${[...SUITES.keys()].join(', ')}, or none to run all.`,
    );
  }
  await inFolder(async (folder) => {
    const figures: Figure[] = [];
    for (const [name, suite] of SUITES) {
      if (names.length > 0 && !names.includes(name)) continue;
      const measured = await suite(folder);
      print(measured);
      figures.push(...measured);
    }
    if (names.length === 0) save(figures);
  });
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

bench(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
