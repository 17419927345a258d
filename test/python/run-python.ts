import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ENVIRONMENT = join(__dirname, '..', '..', '.venv');

/** `describe` where the Python tools are installed; elsewhere the tests are skipped, and the reason is in their name. */
export const describeWithPython: (name: string, tests: () => void) => void = existsSync(
  join(ENVIRONMENT, 'requirements.txt'),
)
  ? describe
  : (name) =>
      // Jest runs the body of a group that it skips, and so would start Python.
      describe.skip(`${name} (skipped: there is no Python)`, () => {
        test('needs Python', () => undefined);
      });

/** Runs a script beside this file on JSON, and returns the JSON that it prints. */
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
