/**
 * Measures the constructs, the pack and the command, each against a peer in the same run. Only the ratios are
 * comparable, because machines differ and are shared. A full run updates results.json and README.md.
 *
 *     npm run bench
 *     npm run bench -- synth pack
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command';
import type { Figure } from './figure';
import { map } from './map';
import { pack } from './pack';
import { print, save } from './results';
import { synth } from './synth';

const SUITES = new Map<string, (folder: string) => Figure[] | Promise<Figure[]>>([
  ['synth', synth],
  ['pack', pack],
  ['command', command],
  ['map', map],
]);

async function bench(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !SUITES.has(name));
  if (unknown !== undefined) {
    throw new Error(
      `Unknown benchmark '${unknown}'. Use some of ${[...SUITES.keys()].join(', ')}, or none to run all.`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const figures: Figure[] = [];
    for (const [name, suite] of SUITES) {
      if (names.length > 0 && !names.includes(name)) continue;
      const measured = await suite(folder);
      print(measured);
      figures.push(...measured);
    }
    if (names.length === 0) save(figures);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

bench(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
