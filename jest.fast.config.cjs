// `npm run test:fast`: all tests, apart from those that take long and that `npm test` runs.
const {
  projects: [newest],
  ...run
} = require('./jest.config.cjs');
const { TESTS, testsThatLoad } = require('./test/loads.cjs');

// The command, Git, Python, the code of the example app, and the browser.
const OTHER_PROGRAMS = testsThatLoad(/^((node:)?child_process|playwright-core)$/);

// Thousands of malformed inputs each, very large inputs, and code that esbuild bundles.
const SLOW = TESTS.filter((test) => /\/hostile|\/linear-time\.|-bundling\./.test(test));

// A tenth of the generated inputs: see test/properties/replayable.ts.
process.env.FC_TIMES ??= '0.1';

/** @type {import('jest').Config} */
module.exports = {
  ...newest,
  ...run,
  displayName: 'fast',
  testMatch: TESTS.filter((test) => ![...OTHER_PROGRAMS, ...SLOW].includes(test)).map(
    (test) => `<rootDir>/${test}`,
  ),
};
