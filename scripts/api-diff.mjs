/**
 * Compares the public API with that of a published version, by jsii-diff: `npm run build && npm run api-diff`. Fails if code that
 * uses that version can break. The default is the newest version; an npm package in a file is accepted too.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NAME = 'cdk-lambda-xray';

/** jsii finds the AWS CDK in the folders above. */
const packages = join(PROJECT, 'packages');
mkdirSync(packages, { recursive: true });
const folder = mkdtempSync(join(packages, '.published-'));
try {
  process.exitCode = compare(process.argv[2] ?? 'latest');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compare(version) {
  const isFile = version.endsWith('.tgz');
  const fetched = isFile ? { status: 0 } : npm('pack', `${NAME}@${version}`, '--pack-destination', folder);
  if (fetched.status !== 0) {
    if (!/E404/.test(fetched.stderr)) console.error(fetched.stderr.trim());
    const isNone = /E404/.test(fetched.stderr) && version === 'latest';
    console.error(
      isNone
        ? `No version of ${NAME} is published yet, so there is nothing to compare with.`
        : `${NAME}@${version} can't be fetched. Use a published version, or the path of an npm package.`,
    );
    return isNone ? 0 : 2;
  }
  const tarball = isFile ? version : join(folder, readdirSync(folder)[0]);
  const published = join(folder, 'package');
  mkdirSync(published);
  spawnSync('tar', ['-xzf', tarball, '-C', published, '--strip-components=1'], { stdio: 'inherit' });
  const diff = join(PROJECT, 'node_modules', 'jsii-diff', 'bin', 'jsii-diff');
  const { status } = spawnSync(process.execPath, [diff, '--error-on', 'all', published, PROJECT], {
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' },
    stdio: 'inherit',
  });
  return status ?? 2;
}

function npm(...args) {
  return spawnSync('npm', args, { cwd: tmpdir(), encoding: 'utf-8' });
}
