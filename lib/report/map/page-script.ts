import { join } from 'node:path';
import type * as Esbuild from 'esbuild';

/**
 * The script of the page, as text. In the bundled command, scripts/bundle.mjs puts a module with the text in the place of
 * this one; elsewhere, such as in tests, the script is compiled here.
 */
export function pageScript(): string {
  /* eslint-disable @typescript-eslint/no-require-imports -- They are there where the command is worked on, and only there. */
  const { buildSync } = require('esbuild') as typeof Esbuild;
  const options = require('./page/esbuild.json') as Esbuild.BuildOptions;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const { outputFiles = [] } = buildSync({ ...options, entryPoints: [join(__dirname, 'page', 'main.ts')] });
  return outputFiles[0].text;
}
