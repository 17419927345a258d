// Installs the package that AWS's OpenTelemetry layer for Node.js contains, and the client that runs handlers in Lambda, for
// tests that run code with them. They are large, and users don't need them: without them, the tests are skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['@aws/aws-distro-opentelemetry-node-autoinstrumentation@0.13.0', 'aws-lambda-ric@3.3.0'];
const VERSIONS = PACKAGES.join(' ');

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.open-telemetry');
const stamp = join(root, 'installed');

if (!existsSync(stamp) || readFileSync(stamp, 'utf-8') !== VERSIONS) {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "private": true }');
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...PACKAGES,
  ];
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) writeFileSync(stamp, VERSIONS);
  else console.log("AWS's OpenTelemetry package is not available. The tests that need it are skipped.");
}
