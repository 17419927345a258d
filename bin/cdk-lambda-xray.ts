#!/usr/bin/env node
import * as nodeModule from 'node:module';
import { VERSION } from '../lib/version';

// `cdk-lambda-xray check | head` is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    process.exit(code === 'EPIPE' ? process.exitCode : 2);
  });
}

// From version 22 on, Node.js keeps compiled code in a folder for temporary files, also for the next run.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const [first, ...others] = process.argv.slice(2);
if (first === '--version' && others.length === 0) process.stdout.write(`${VERSION}\n`);
// An import would take longer: it looks for the names that the file exports.
// oxlint-disable-next-line typescript/no-require-imports
else require('./main.js');
