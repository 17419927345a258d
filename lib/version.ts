import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf-8')) as {
  version: string;
  homepage: string;
  bugs: { url: string };
};

/** The version of this package. */
export const VERSION = PACKAGE.version;

/** The home page of this package. */
const HOMEPAGE = PACKAGE.homepage;

/** The page to report bugs. */
export const ISSUES = PACKAGE.bugs.url;

/** The name, version and home page of the tool in reports. */
export const TOOL = { name: 'cdk-lambda-xray', version: VERSION, homepage: HOMEPAGE };

/** Returns the URL of the page of a rule, which `docs/rules` of the package contains, too. */
export function helpUrlOf({ id }: { readonly id: string }): string {
  return `${TOOL.homepage}/blob/main/docs/rules/${id}.md`;
}
