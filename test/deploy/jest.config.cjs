// Separate from the other tests, because the CDK command is slow.
const { projects } = require('../../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  rootDir: '../..',
  testEnvironment: 'node',
  transform: projects[0].transform,
  testMatch: ['<rootDir>/test/deploy/*.deploy.ts'],
  modulePathIgnorePatterns: projects[0].modulePathIgnorePatterns,
  testTimeout: 300_000,
  globalSetup: '<rootDir>/test/global-set-up.cjs',
  verbose: true,
};
