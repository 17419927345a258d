import { join } from 'node:path';
import type * as Esbuild from 'esbuild';

/**
 * Returns the text of the page's script. In the bundled command, scripts/bundle.mjs replaces this module with one that
 * contains the text. Elsewhere, such as in tests, this function compiles the script.
 */
export function pageScript(): string {
  /* oxlint-disable typescript/no-require-imports -- They exist in the repository, not in the published package. */
  const { buildSync } = require('esbuild') as typeof Esbuild;
  const options = require('./page/esbuild.json') as Esbuild.BuildOptions;
  /* eslint-enable typescript/no-require-imports */
  const { outputFiles = [] } = buildSync({ ...options, entryPoints: [join(__dirname, 'page', 'main.ts')] });
  return outputFiles[0].text;
}
