// Jest's globals for Mocha, which keeps modules loaded between mutants. Jest reloads them.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const { install } = require('@sinonjs/fake-timers');
const { expect } = require('expect');
const { bind } = require('jest-each');
const { spyOn } = require('jest-mock');
const { interfaces } = require('mocha');
const { format } = require('pretty-format');

// Fewer inputs, and the same for each mutant.
process.env.FC_SEED ??= '1';
process.env.FC_TIMES ??= '0.1';

const { bdd } = interfaces;

interfaces.bdd = (suite) => {
  bdd(suite);
  suite.on('pre-require', (context) => {
    const { before, after, describe, it } = context;
    context.expect = expect;
    let clock;
    context.jest = {
      spyOn,
      useFakeTimers: ({ now }) => (clock = install({ now, toFake: ['Date'] })),
      setSystemTime: (now) => clock.setSystemTime(now),
      useRealTimers: () => clock.uninstall(),
    };
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
  /** Compares with Jest's snapshots. */
  toMatchSnapshot(received) {
    const written = format(received, { escapeString: false, printBasicPrototype: false });
    return {
      pass: snapshots[`${this.currentTestName} 1`]?.trim() === written,
      message: () => `${this.currentTestName} does not match its snapshot.`,
    };
  },
});
