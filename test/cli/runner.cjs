// Runs the bundled command again and again in one process: starting Node.js and compiling the bundle take longer than
// most runs. Each run evaluates the bundle again, so that no run sees the state of another. The AWS SDK is loaded once.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const vm = require('node:vm');

// The code that the command loads unless it only prints the version.
const command = process.argv[2].replace(/\.js$/, '.main.js');
const requireFromCommand = createRequire(command);
const script = new vm.Script(
  `(function (exports, require, module, __filename, __dirname) {${readFileSync(command, 'utf-8').replace(/^#!.*/, '')}\n})`,
  { filename: command, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
);

let output;
for (const name of ['stdout', 'stderr']) {
  process[name].write = (chunk, encoding, done = encoding) => {
    output[name] += chunk;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
}

process.on('message', ({ args, cwd, env }) => {
  output = { stdout: '', stderr: '' };
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, command, ...args];
  process.exitCode = undefined;
  // As in a process of its own, the run ends when nothing is left to do.
  process.channel.unref();
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireFromCommand, module, command, dirname(command));
});

process.on('beforeExit', () => {
  if (output === undefined) return;
  process.send({ status: process.exitCode ?? 0, ...output });
  output = undefined;
  process.exitCode = undefined;
  process.channel.ref();
});
