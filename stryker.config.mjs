// `npm run mutate` takes an hour. test/mutation/README.md describes its options and the score.
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
