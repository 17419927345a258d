import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { awsCommands } from '../../lib/verify/deviation';
import { NAME } from '../report/hostile-name';

/** The words that a shell hands over to the AWS CLI. */
function wordsOf(command: string): string[] {
  const script = `aws() { printf '%s\\0' "$@"; }\n${command}`;
  const output = execFileSync('sh', ['-c', script], { encoding: 'utf-8' });
  return output.split('\0').slice(0, -1);
}

function command(name: string, profile?: string): string {
  return awsCommands('eu-west-1', profile)('lambda publish-version', { 'function-name': name });
}

const BEFORE = ['lambda', 'publish-version'];
const AFTER = ['--region', 'eu-west-1'];

test.each([
  'orders-Intake-1A2B',
  'x; rm -rf ~',
  '$(id)',
  '`id`',
  '${HOME}',
  "Bob's",
  "'; id; '",
  'a"b',
  'a\\',
  '*',
  '~',
  '#',
  '!!',
  '&& id',
  '{a,b}',
  '=ls',
  '%PATH%',
  'a b',
  'a\nid\n',
  '',
])('%j is one word', (name) => {
  expect(wordsOf(command(name))).toEqual([...BEFORE, '--function-name', name, ...AFTER]);
});

test.each(['-x', '--profile', '--profile root', '--'])('%j is no option', (name) => {
  expect(wordsOf(command(name))).toEqual([...BEFORE, `--function-name=${name}`, ...AFTER]);
});

test('a profile is a word as well', () => {
  expect(wordsOf(command('fn', '$(id) x'))).toEqual([
    ...[...BEFORE, '--function-name', 'fn', ...AFTER],
    ...['--profile', '$(id) x'],
  ]);
});

test('zsh finds nothing to replace', () => {
  expect(command('=ls')).toContain("--function-name '=ls' ");
});

test('whatever it is made of', () => {
  // No argument of a process can have these.
  const names = NAME.map((name) => name.replace(/\0|\p{Surrogate}/gu, ''));
  fc.assert(
    fc.property(names, (name) => {
      const [option, ...rest] = wordsOf(command(name)).slice(BEFORE.length);
      const given = option === '--function-name' ? rest[0] : option.replace('--function-name=', '');
      expect(given).toBe(name);
    }),
  );
});
