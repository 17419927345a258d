import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf-8')) as {
  version: string;
  homepage: string;
  bugs: { url: string };
};

/** The version of this package. */
export const VERSION = PACKAGE.version;

/** Its page. */
const HOMEPAGE = PACKAGE.homepage;

/** Where to report what is wrong with it. */
export const ISSUES = PACKAGE.bugs.url;

/** What reports say they are from. */
export const TOOL = { name: 'cdk-lambda-xray', version: VERSION, homepage: HOMEPAGE };
