import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHECK_FORMATS,
  DIFF_FORMATS,
  ESTIMATE_FORMATS,
  MAP_FORMATS,
  VERIFY_FORMATS,
} from '../../lib/cli/formats';
import { run } from '../../lib/cli/program';

const COMMANDS = {
  check: CHECK_FORMATS,
  diff: DIFF_FORMATS,
  estimate: ESTIMATE_FORMATS,
  map: MAP_FORMATS,
  verify: VERIFY_FORMATS,
};

async function helpOf(command: string): Promise<string> {
  let help = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    help += String(text);
    return true;
  });
  expect(await run([command, '--help'])).toBe(0);
  write.mockRestore();
  return help;
}

test('check has one format per file in lib/report/formats', () => {
  const files = readdirSync(join(__dirname, '..', '..', 'lib', 'report', 'formats'));
  expect(Object.keys(CHECK_FORMATS).sort()).toEqual(files.map((file) => file.replace(/\.ts$/, '')).sort());
});

test.each(Object.entries(COMMANDS))('the help of %s lists its formats', async (command, formats) => {
  const help = await helpOf(command);
  const choices = /--format <format>[^(]*\(choices:\s+([^)]*?),\s+default:\s/.exec(help)?.[1];
  expect(choices?.split(/,\s+/)).toEqual(Object.keys(formats).map((name) => `"${name}"`));
  for (const [name, { description }] of Object.entries(formats)) {
    expect(help).toMatch(new RegExp(`^  ${name} +${description}$`, 'm'));
  }
});
