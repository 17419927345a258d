import { join } from 'node:path';
import type * as library from '../lib';

/** Output folder of the build. */
const DIST = join(__dirname, '..', 'dist');

/** The command as published. */
export const COMMAND = join(DIST, 'cdk-lambda-xray.js');

/** Loads the library as published. The sources would run as slower code, compiled by tsx. */
export function built(): typeof library {
  // oxlint-disable-next-line typescript/no-require-imports
  return require(DIST) as typeof library;
}
