import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const REQUIREMENTS = join(__dirname, 'requirements.txt');
/** A folder that no other tool of this project reads. */
const ENVIRONMENT = join(__dirname, '..', 'node_modules', '.cache', 'bench-python');
/** A copy of the installed requirements. A difference causes a new installation. */
const STAMP = join(ENVIRONMENT, 'requirements.txt');

/** Installs the Python linters in a virtual environment and returns the folder of their commands. Undefined without Python. */
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

/** Returns the required version of a Python package. */
export function requiredVersion(name: string): string {
  return new RegExp(`^${name}==(.+)$`, 'm').exec(readFileSync(REQUIREMENTS, 'utf-8'))![1];
}

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
