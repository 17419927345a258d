import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A command that runs in a new process each time. */
export interface WholeCommand {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Version of hyperfine, which measures commands if it is installed. Otherwise, a loop measures them. */
export const HYPERFINE = /^hyperfine (\S+)/.exec(
  spawnSync('hyperfine', ['--version'], { encoding: 'utf-8' }).stdout ?? '',
)?.[1];

/**
 * Measures the duration of commands from start to end. Exit codes are ignored, because linters use them for findings.
 *
 * @returns the samples of each command by name, in milliseconds
 * @throws Error if a command cannot start
 */
export function wholeCommands(runs: number, commands: readonly WholeCommand[]): Map<string, number[]> {
  return HYPERFINE ? byHyperfine(runs, commands) : inTurns(runs, commands);
}

function byHyperfine(runs: number, commands: readonly WholeCommand[]): Map<string, number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hyperfine-'));
  const file = join(folder, 'results.json');
  try {
    const { status, stderr } = spawnSync(
      'hyperfine',
      [
        ...['--shell', 'none', '--style', 'none', '--ignore-failure', '--export-json', file],
        ...['--runs', String(runs), '--warmup', runs > 1 ? '1' : '0'],
        ...commands.map((command) => [command.file, ...command.args].map(quoted).join(' ')),
      ],
      {
        encoding: 'utf-8',
        env: commands.reduce((env, command) => ({ ...env, ...command.env }), process.env),
      },
    );
    if (status !== 0) throw new Error(`hyperfine failed:\n${stderr}`);
    const { results } = JSON.parse(readFileSync(file, 'utf-8')) as { results: { times: number[] }[] };
    return new Map(commands.map(({ name }, i) => [name, results[i].times.map((seconds) => 1000 * seconds)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function inTurns(runs: number, commands: readonly WholeCommand[]): Map<string, number[]> {
  const samples = new Map(commands.map(({ name }) => [name, [] as number[]]));
  const warmUp = runs > 1 ? 1 : 0;
  for (let run = -warmUp; run < runs; run++) {
    for (const { name, file, args, env } of commands) {
      const start = process.hrtime.bigint();
      const { error } = spawnSync(file, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 1 << 30,
        env: { ...process.env, ...env },
      });
      if (error) throw error;
      if (run >= 0) samples.get(name)!.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
  }
  return samples;
}
