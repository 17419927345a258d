/**
 * Builds the packages of all languages below `packages`, from the result of `npm run build`: `npm run package`, or
 * `npm run package -- python js` for some of them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const SCRIPTS = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(SCRIPTS, '..');
const PACKAGES = join(PROJECT, 'packages');

/** The code for .NET is only generated, as it can be compiled without the .NET SDK nowhere. */
const BUILDERS = {
  js: () => jsii('js'),
  python,
  java: () => jsii('java'),
  dotnet: () => jsii('dotnet', '--code-only'),
  go: () => jsii('go'),
};

const languages = process.argv.slice(2);
const unknown = languages.find((language) => !(language in BUILDERS));
if (unknown) {
  console.error(`There is no package for ${unknown}. Use ${Object.keys(BUILDERS).join(', ')}.`);
  process.exit(2);
}
for (const [language, builds] of Object.entries(BUILDERS)) {
  if (languages.length === 0 || languages.includes(language)) builds();
}

/** jsii's own script for the command loads the AWS CDK, so the wheel gets another one. */
function python() {
  jsii('python', '--code-only');
  const source = join(PACKAGES, 'python');
  const folder = join(PACKAGES, 'python-source');
  rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  rmSync(source, { recursive: true });
  mkdirSync(source);
  cpSync(
    join(SCRIPTS, 'wheel-command.py'),
    join(folder, 'src', 'cdk_lambda_xray', '_jsii', 'bin', 'cdk-lambda-xray'),
  );
  run(
    'python3',
    '-m',
    'pip',
    'wheel',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--wheel-dir',
    source,
    folder,
  );
  rmSync(folder, { recursive: true });
}

function jsii(language, ...options) {
  rmSync(join(PACKAGES, language), { recursive: true, force: true });
  const pacmak = join(PROJECT, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak');
  run(process.execPath, pacmak, '--targets', language, '--outdir', PACKAGES, ...options);
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    cwd: PROJECT,
    // jsii warns about each version of Node.js that it has not been tested with, and about those at their end of life.
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' },
    stdio: 'inherit',
  });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
