import { join } from 'node:path';
import type * as library from '../lib';

/** The folder that the build writes to. */
const DIST = join(__dirname, '..', 'dist');

/** The command, as it is published. */
export const COMMAND = join(DIST, 'cdk-lambda-xray.js');

/** The library, as it is published: what runs the bench would compile the sources otherwise, to slower code. */
export function built(): typeof library {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(DIST) as typeof library;
}
