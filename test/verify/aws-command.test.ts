import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { awsCommands } from '../../lib/verify/drift';
import { NAME } from '../report/hostile-name';

/** Returns the arguments that a shell passes to the AWS CLI. */
function argumentsOf(command: string): string[] {
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
])('passes %j as one argument', (name) => {
  expect(argumentsOf(command(name))).toEqual([...BEFORE, '--function-name', name, ...AFTER]);
});

test.each(['-x', '--profile', '--profile root', '--'])('does not pass %j as an option', (name) => {
  expect(argumentsOf(command(name))).toEqual([...BEFORE, `--function-name=${name}`, ...AFTER]);
});

test('passes a profile as one argument', () => {
  expect(argumentsOf(command('fn', '$(id) x'))).toEqual([
    ...[...BEFORE, '--function-name', 'fn', ...AFTER],
    ...['--profile', '$(id) x'],
  ]);
});

test('quotes a name that zsh would expand', () => {
  expect(command('=ls')).toContain("--function-name '=ls' ");
});

test('passes any name unchanged', () => {
  // Arguments of a process cannot contain these characters.
  const names = NAME.map((name) => name.replace(/\0|\p{Surrogate}/gu, ''));
  fc.assert(
    fc.property(names, (name) => {
      const [option, ...rest] = argumentsOf(command(name)).slice(BEFORE.length);
      const value = option === '--function-name' ? rest[0] : option.replace('--function-name=', '');
      expect(value).toBe(name);
    }),
  );
});
