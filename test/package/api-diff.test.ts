import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

// jsii reads the assembly of aws-cdk-lib.
jest.setTimeout(180_000);

const PROJECT = join(__dirname, '..', '..');
const ASSEMBLY = join(PROJECT, '.jsii.gz');
const isBuilt = existsSync(ASSEMBLY);

interface Assembly {
  readonly types: Record<string, { properties: object[] }>;
}

/** Packs a version of the library whose struct has another property. */
function published(struct: string, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'published-'));
  mkdirSync(join(folder, 'package'));
  for (const file of ['package.json', '.jsii']) cpSync(join(PROJECT, file), join(folder, 'package', file));
  const assembly = JSON.parse(gunzipSync(readFileSync(ASSEMBLY)).toString()) as Assembly;
  const { properties } = assembly.types[`cdk-lambda-xray.${struct}`];
  properties.push({ ...properties[0], name });
  writeFileSync(join(folder, 'package', '.jsii.gz'), gzipSync(JSON.stringify(assembly)));
  const tarball = join(folder, 'published.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', folder, 'package']);
  return tarball;
}

(isBuilt ? test : test.skip)('a property that is gone since the published version is reported', () => {
  const script = join(PROJECT, 'scripts', 'api-diff.mjs');
  const args = [script, published('AllFunctionsTracedOptions', 'except')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf-8' });
  expect([status, `${stdout}${stderr}`]).toEqual([
    1,
    expect.stringMatching(/PROP cdk-lambda-xray\.AllFunctionsTracedOptions\.except.* has been removed/),
  ]);
});
