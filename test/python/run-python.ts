import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ENVIRONMENT = join(__dirname, '..', '..', '.venv');

/** Runs tests if the Python tools are installed. Skips them otherwise, with the reason in their name. */
export const describeWithPython: (name: string, tests: () => void) => void = existsSync(
  join(ENVIRONMENT, 'requirements.txt'),
)
  ? describe
  : (name) =>
      // Jest runs the body of a skipped group, which would start Python.
      describe.skip(`${name} (skipped: Python is not installed)`, () => {
        test('needs Python', () => undefined);
      });

/** Runs a script of this folder with JSON as input. Returns the JSON that it prints. */
export function runPython(script: string, input: unknown = null): unknown {
  const { status, stdout, stderr } = spawnSync(
    join(ENVIRONMENT, 'bin', 'python'),
    [join(__dirname, script)],
    {
      input: JSON.stringify(input),
      encoding: 'utf-8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, AWS_DEFAULT_REGION: 'eu-west-1' },
    },
  );
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return JSON.parse(stdout);
}
