const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  // The temporary files of a run are in one folder, which is removed: CDK alone makes thousands of folders.
  const folder = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env.TMPDIR = folder;

  // The command is bundled once per run: see test/cli/bundled-command.ts.
  process.env.BUNDLE_FOLDER = mkdtempSync(join(folder, 'command-'));
};
