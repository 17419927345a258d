const { mkdtempSync, rmSync, statfsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  // The temporary files of a run are in one folder, which is removed: CDK alone makes thousands of folders.
  const folder = mkdtempSync(join(parent(), 'cdk-lambda-xray-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env.TMPDIR = folder;

  // See test/once-per-run.ts.
  process.env.SHARED_FOLDER = mkdtempSync(join(folder, 'shared-'));
};

/** Linux has a folder in memory. Containers often limit it to 64 MB, and a run writes 200 MB. */
function parent() {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    return !process.env.TMPDIR && bavail * bsize > 2 ** 30 ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}
