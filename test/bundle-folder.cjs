// The command is bundled once per run, into a folder of the run: see test/cli/bundled-command.ts.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  process.env.BUNDLE_FOLDER = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-'));
  process.on('exit', () => rmSync(process.env.BUNDLE_FOLDER, { recursive: true, force: true }));
};
