// `npm run mutate` takes an hour: `-- --mutate lib/cloudformation/partial-string.ts` looks at one file, `-- --ignoreStatic` leaves out what
// has the tests loaded anew for each mutant, `-- --incremental` takes up where it left off.
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['lib/{cloudformation,iam,lambda,trace-map,model,rules,checker,baseline}/**/*.ts'],
  buildCommand: 'node test/mutation/bundle.mjs',
  testRunner: 'mocha',
  mochaOptions: {
    spec: ['test/mutation/tests.cjs'],
    require: ['./test/mutation/jest-globals.cjs'],
  },
  coverageAnalysis: 'perTest',
  ignorePatterns: ['/dist', '/cdk.out', '/.venv', '/bench'],
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportScoreTable: true },
  concurrency: 2,
  timeoutMS: 20_000,
};
