import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type * as library from '../lib';

const PROJECT = join(__dirname, '..');

/** Output folder of the build. */
const DIST = join(PROJECT, 'dist');

/** The command as published. */
export const COMMAND = join(DIST, 'cdk-lambda-xray.js');

/** Loads the library as published. The sources would run as slower code, compiled by tsx. */
export function built(): typeof library {
  // oxlint-disable-next-line typescript/no-require-imports
  return require(DIST) as typeof library;
}

/** The files that the build depends on. */
const SOURCES = ['lib', 'bin', 'scripts', 'package.json'];

/** Builds the package, unless the last build is newer than all sources. A build takes about as long as the quick benchmarks. */
export function buildIfChanged(): void {
  const built = existsSync(COMMAND) ? statSync(COMMAND).mtimeMs : 0;
  const isNew = (path: string) => statSync(join(PROJECT, path)).mtimeMs > built;
  const files = SOURCES.flatMap((source) =>
    statSync(join(PROJECT, source)).isFile()
      ? [source]
      : readdirSync(join(PROJECT, source), { recursive: true }).map((name) => join(source, String(name))),
  );
  if (files.some(isNew)) execFileSync('npm', ['run', '-s', 'build'], { cwd: PROJECT, stdio: 'inherit' });
}
