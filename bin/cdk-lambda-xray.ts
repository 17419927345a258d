#!/usr/bin/env node
import { run } from '../lib/cli/program';

// `cdk-lambda-xray check | head` is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    process.exit(code === 'EPIPE' ? process.exitCode : 2);
  });
}

void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
