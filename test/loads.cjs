// Selects tests by the modules that they load, so that the selection follows from the tests themselves.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const { buildSync } = require('esbuild');

const PROJECT = join(__dirname, '..');

const TESTS = readdirSync(__dirname, { recursive: true })
  .map((file) => `test/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.test.ts'));

// Imports of types are left out, as they are from what is run.
const { inputs } = buildSync({
  absWorkingDir: PROJECT,
  stdin: { contents: TESTS.map((file) => `import './${file}';`).join('\n'), resolveDir: PROJECT },
  bundle: true,
  packages: 'external',
  platform: 'node',
  logLevel: 'error',
  write: false,
  metafile: true,
}).metafile;

/** The files and packages that a file of the project loads, also through others. */
function loadedBy(file, loaded = new Set()) {
  for (const { path } of inputs[file]?.imports ?? []) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    loadedBy(path, loaded);
  }
  return loaded;
}

/**
 * Returns the tests that load a matching module.
 *
 * @param {RegExp} module matches the name of a package, or the path of a file in the project
 * @returns {string[]} paths from the project's folder
 */
function testsThatLoad(module) {
  return TESTS.filter((test) => [...loadedBy(test)].some((path) => module.test(path)));
}

module.exports = { TESTS, testsThatLoad };
