import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const REQUIREMENTS = join(__dirname, 'requirements.txt');
/** Where no other tool of this project looks for code. */
const ENVIRONMENT = join(__dirname, '..', 'node_modules', '.cache', 'bench-python');
/** What is installed, so that it is installed anew only when something else is required. */
const STAMP = join(ENVIRONMENT, 'requirements.txt');

/** The folder of the Python linters' commands, in a virtual environment of their own; nothing where there is no Python. */
export function pythonLinters(): string | undefined {
  const bin = join(ENVIRONMENT, process.platform === 'win32' ? 'Scripts' : 'bin');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf-8') === readFileSync(REQUIREMENTS, 'utf-8')) return bin;
  console.log(`Installing ${REQUIREMENTS} into ${ENVIRONMENT}.`);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-deps'];
  const isInstalled =
    run('python3', '-m', 'venv', '--clear', ENVIRONMENT) &&
    run(join(bin, 'pip'), 'install', ...quiet, '-r', REQUIREMENTS);
  if (!isInstalled) return undefined;
  writeFileSync(STAMP, readFileSync(REQUIREMENTS));
  return bin;
}

/** The version that is required of a Python package. */
export function requiredVersion(name: string): string {
  return new RegExp(`^${name}==(.+)$`, 'm').exec(readFileSync(REQUIREMENTS, 'utf-8'))![1];
}

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
