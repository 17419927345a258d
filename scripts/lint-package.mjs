/**
 * Checks the npm package with publint and are-the-types-wrong, for `require` and `import` and each module resolution of
 * TypeScript: `node scripts/lint-package.mjs cdk-lambda-xray-0.1.0.tgz`.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** True for messages that do not apply here. */
function isIgnored({ code, args }) {
  // The package pages of PyPI and NuGet link to the repository's URL, so it has no `git+`.
  if (code === 'INVALID_REPOSITORY_VALUE') return true;
  // publint takes names of variables in minified code for imports, such as `import_node_fs4,fromTokenFile`.
  return code === 'FILE_INVALID_FORMAT' && args.actualFilePath.endsWith('/cdk-lambda-xray.aws-sdk.js');
}

const tarball = readFileSync(process.argv[2]);
const { messages, pkg } = await publint({ pack: { tarball: Uint8Array.from(tarball).buffer } });
const types = await checkPackage(createPackageFromTarballData(Uint8Array.from(tarball)));
const problems = [
  ...messages
    .filter((message) => !isIgnored(message))
    .map((message) => `publint: ${formatMessage(message, pkg)}`),
  ...(types.types ? types.problems : [{ kind: 'NoTypes' }]).map(
    (problem) => `are-the-types-wrong: ${JSON.stringify(problem)}`,
  ),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
