// The tests run twice: against the newest peers, which are installed under their own names, and, but for
// what the peers have no part in, against the lowest that package.json allows.
const shared = {
  testEnvironment: 'node',
  transform: {
    // `npm run types` checks the types.
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      },
    ],
  },
  setupFiles: ['<rootDir>/test/set-up.cjs'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/cdk.out/',
    '<rootDir>/.venv/',
    '<rootDir>/.stryker-tmp/',
  ],
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    { ...shared, displayName: 'newest' },
    {
      ...shared,
      displayName: 'lowest',
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/test/(bin|browser|cli|deployed|load|properties|report|verify)/',
      ],
      moduleNameMapper: {
        '^aws-cdk-lib$': '<rootDir>/node_modules/aws-cdk-lib-lowest',
        '^aws-cdk-lib/(.*)$': '<rootDir>/node_modules/aws-cdk-lib-lowest/$1',
        '^cdk-nag$': '<rootDir>/node_modules/cdk-nag-lowest',
        '^constructs$': '<rootDir>/node_modules/constructs-lowest',
      },
    },
  ],
};
