// Installs the Python tools for some tests into a virtual environment. Users don't need them: without Python, these
// tests are skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const requirements = join(here, 'requirements.txt');
const environment = join(here, '..', '..', '.venv');
const stamp = join(environment, 'requirements.txt');

const run = (command, ...args) =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
const isInstalled = () =>
  existsSync(stamp) && readFileSync(stamp, 'utf-8') === readFileSync(requirements, 'utf-8');

if (!isInstalled()) {
  const installed =
    run('python3', '-m', 'venv', '--clear', environment) &&
    run(
      join(environment, 'bin', 'pip'),
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '-r',
      requirements,
    );
  if (installed) writeFileSync(stamp, readFileSync(requirements));
  else console.log('Python with venv and pip is not available. Tests that need Python tools are skipped.');
}
