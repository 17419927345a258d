import { run } from '../lib/cli/program';

void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
