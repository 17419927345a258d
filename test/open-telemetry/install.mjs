// Installs the package that AWS's OpenTelemetry layer for Node.js contains, for a test that runs code with it. It is large,
// and users don't need it: without it, the test is skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@aws/aws-distro-opentelemetry-node-autoinstrumentation@0.13.0';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.open-telemetry');
const stamp = join(root, 'installed');

if (!existsSync(stamp) || readFileSync(stamp, 'utf-8') !== PACKAGE) {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "private": true }');
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    PACKAGE,
  ];
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) writeFileSync(stamp, PACKAGE);
  else console.log("AWS's OpenTelemetry package is not available. The test that needs it is skipped.");
}
