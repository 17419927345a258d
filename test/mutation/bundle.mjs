/** Bundles the tests for mutants into one file, which loads fast: half of the mutants reload all tests. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

// Fast tests that need no CDK, no Python and no other process.
const TESTS = [
  /^(cloudformation|iam|lambda|trace-map|model|baseline)\/(?!.*(cdk-|hostile|aws-managed-policies|sam-policy-templates|topic-publishers))/,
  /^(rules\/(?!fix-examples)|checker\/|estimate\/)/,
  /^report\/(formats\/(github|junit|markdown)|rule-docs|map\/(breaks|document))\./,
  /^input\/(language-extensions|nested-stacks|baseline\/(baseline-path|overlap))\./,
  /^properties\/(counter-examples|findings)\./,
];

const files = readdirSync('test', { recursive: true })
  .filter((file) => file.endsWith('.test.ts') && TESTS.some((pattern) => pattern.test(file)))
  .sort();

await build({
  stdin: {
    contents: files.map((file) => `import './test/${file}';`).join('\n'),
    resolveDir: process.cwd(),
  },
  outfile: 'test/mutation/tests.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  plugins: [
    {
      name: 'folders',
      setup({ onLoad }) {
        onLoad({ filter: /(?:test.+|lib.version)\.ts$/ }, async ({ path }) => ({
          contents: (await readFile(path, 'utf-8')).replaceAll('__dirname', JSON.stringify(dirname(path))),
          loader: 'ts',
        }));
      },
    },
  ],
});
