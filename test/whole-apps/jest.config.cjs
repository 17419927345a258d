// Separate from the other tests, because synthesizing many apps several times takes a minute.
const { projects } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  rootDir: '../..',
  testEnvironment: 'node',
  sandboxInjectedGlobals: projects[0].sandboxInjectedGlobals,
  transform: projects[0].transform,
  setupFiles: projects[0].setupFiles,
  testMatch: ['<rootDir>/test/whole-apps/*.apps.ts'],
  modulePathIgnorePatterns: projects[0].modulePathIgnorePatterns,
  maxWorkers: '100%',
  // CDK prints the warnings of the apps.
  silent: true,
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/global-set-up.cjs',
};
