// Jest loads all modules again for each test file, and code that was just loaded is slow: together a quarter of the time
// of all tests. With this runtime, the test files of a worker share `lib` and the packages. Each test file and its
// helpers are still loaded for themselves, and a file that replaces modules or the time shares nothing. Two versions of
// CDK cannot run in one process, so a worker shares modules only for the peers that it loaded first.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join, sep } = require('node:path');
const { transformSync } = require('@swc/core');
const { default: Runtime } = require('jest-runtime');
const swc = require('./swc.cjs');

const PROJECT = join(__dirname, '..');
const LIB = join(PROJECT, 'lib') + sep;
const PACKAGES = join(PROJECT, 'node_modules') + sep;
const JEST = /[\\/]node_modules[\\/](@?jest|expect)\b/;

Module._extensions['.ts'] = (module, filename) => {
  const options = { ...swc, filename, sourceMaps: 'inline' };
  module._compile(transformSync(readFileSync(filename, 'utf8'), options).code, filename);
};

const PEER = /^(aws-cdk-lib|cdk-nag|constructs)(?=\/|$)/;
/** The display name of the project whose peers this process has loaded. */
let project;

function useLowestPeers() {
  const find = Module._resolveFilename;
  Module._resolveFilename = (name, ...rest) => find.call(Module, name.replace(PEER, '$1-lowest'), ...rest);
}

// What Jest gives each test file an own version of, and shared modules take from the process.
const { env } = process;
const { console } = globalThis;
const TYPES = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, Map, Set];

module.exports = class SharedModules extends Runtime {
  constructor(...args) {
    super(...args);
    const [{ displayName }, environment, , , , , testFile] = args;
    if (project === undefined && displayName.name === 'lowest') useLowestPeers();
    project ??= displayName.name;
    this.sharesNothing =
      project !== displayName.name || /\bjest\.(mock|useFakeTimers)\(/.test(readFileSync(testFile, 'utf8'));

    const sandbox = environment.global;
    process.env = { ...env };
    Object.defineProperty(sandbox.process, 'env', {
      get: () => process.env,
      set: (value) => {
        process.env = value;
      },
    });
    for (const name of ['chdir', 'cwd']) sandbox.process[name] = (...args) => process[name](...args);
    globalThis.console = sandbox.console;
    for (const type of TYPES) sandbox[type.name] = type;
  }

  requireModuleOrMock(from, name) {
    const file = this.sharesNothing || Module.isBuiltin(name) ? '' : resolve(from, name);
    const shared = file.startsWith(LIB) || (file.startsWith(PACKAGES) && !JEST.test(file));
    return shared ? require(file) : super.requireModuleOrMock(from, name);
  }

  teardown() {
    super.teardown();
    process.env = env;
    globalThis.console = console;
  }
};

function resolve(filename, name) {
  const paths = Module._nodeModulePaths(dirname(filename));
  try {
    return Module._resolveFilename(name, { id: filename, filename, paths });
  } catch {
    return ''; // Jest reports it.
  }
}
