// What Jest's tests call, for Mocha: it keeps the modules loaded from one mutant to the next, where Jest loads them anew.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const { expect } = require('expect');
const { bind } = require('jest-each');
const { interfaces } = require('mocha');
const { format } = require('pretty-format');

// The same inputs for each mutant, and fewer.
process.env.FC_SEED ??= '1';
process.env.FC_TIMES ??= '0.1';

const { bdd } = interfaces;

interfaces.bdd = (suite) => {
  bdd(suite);
  suite.on('pre-require', (context) => {
    const { before, after, describe, it } = context;
    context.expect = expect;
    context.test = Object.assign((name, run) => it(name, run), {
      each: bind((name, run) => it(name, run), false),
      skip: it.skip,
    });
    describe.each = bind((name, body) => describe(name, body), false);
    context.beforeAll = before;
    context.afterAll = after;
  });
  suite.beforeEach(function () {
    expect.setState({ currentTestName: this.currentTest.fullTitle() });
  });
};

const folder = join('test', 'rules', '__snapshots__');
const snapshots = Object.assign(
  {},
  ...readdirSync(folder).map((file) => require(join('..', '..', folder, file))),
);

expect.extend({
  /** As Jest does, with the snapshots that it has written. */
  toMatchSnapshot(received) {
    const written = format(received, { escapeString: false, printBasicPrototype: false });
    return {
      pass: snapshots[`${this.currentTestName} 1`]?.trim() === written,
      message: () => `${this.currentTestName} is another than its snapshot.`,
    };
  },
});
