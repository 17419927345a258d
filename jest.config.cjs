const { testsThatLoad } = require('./test/loads.cjs');

const PEERS = /^(aws-cdk-lib|cdk-nag|constructs)(\/|$)/;

// The example app is not published: it has the newest peers only.
const EXAMPLE_APP = testsThatLoad(/^examples\//);

// CDK's own part of a template differs between versions.
const SNAPSHOTS = /^test\/integ\//;

// The deployed function has no part of a peer.
const GUARD_FUNCTION = /^test\/guard\/(?:handler|stack-template)\./;

const shared = {
  testEnvironment: 'node',
  // Looking up a global is slow in Jest's sandbox. Others are names of classes in libraries.
  sandboxInjectedGlobals: ['Object', 'Array', 'Math', 'JSON'],
  transform: { '^.+\\.ts$': ['@swc/jest', require('./test/swc.cjs')] },
  setupFiles: ['<rootDir>/test/set-up.cjs'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/packages/',
    '<rootDir>/cdk.out/',
    '<rootDir>/.venv/',
    '<rootDir>/.open-telemetry/',
    '<rootDir>/.stryker-tmp/',
  ],
};

/**
 * All tests run with the newest peers. The tests that load a peer also run with the lowest peers that package.json
 * allows, which are installed under their own names. `npm test` runs them after each other, since two versions of CDK
 * cannot share the modules of one process.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  // By default, one core stays idle.
  maxWorkers: '100%',
  // CDK keeps all apps of a process in memory. See test/shared-modules.cjs.
  workerIdleMemoryLimit: '1.5GB',
  // Many tests start a process, and another worker keeps the machine busy.
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/global-set-up.cjs',
  projects: [
    { ...shared, displayName: 'newest', runtime: '<rootDir>/test/shared-modules.cjs' },
    {
      ...shared,
      displayName: 'lowest',
      runtime: '<rootDir>/test/shared-modules.cjs',
      testMatch: testsThatLoad(PEERS)
        .filter((test) => ![SNAPSHOTS, GUARD_FUNCTION].some((group) => group.test(test)))
        .filter((test) => !EXAMPLE_APP.includes(test))
        .map((test) => `<rootDir>/${test}`),
      moduleNameMapper: {
        '^aws-cdk-lib$': '<rootDir>/node_modules/aws-cdk-lib-lowest',
        '^aws-cdk-lib/(.*)$': '<rootDir>/node_modules/aws-cdk-lib-lowest/$1',
        '^cdk-nag$': '<rootDir>/node_modules/cdk-nag-lowest',
        '^constructs$': '<rootDir>/node_modules/constructs-lowest',
      },
    },
  ],
};
