// Puts the Python tools that some tests compare with into a virtual environment. Users need none of it: where there is
// no Python, those tests are skipped.
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
  else
    console.log(
      'There is no Python with venv and pip here: the tests that compare with Python tools are skipped.',
    );
}
