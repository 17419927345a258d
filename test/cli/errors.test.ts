import { CommanderError } from 'commander';
import { reportFailure, UsageError } from '../../lib/cli/errors';
import { harmIn } from '../report/hostile-name';

const { DEBUG } = process.env;
let written = '';

beforeEach(() => {
  written = '';
  delete process.env.DEBUG;
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  if (DEBUG !== undefined) process.env.DEBUG = DEBUG;
});

const UNEXPECTED =
  'cdk-lambda-xray failed unexpectedly: Oh. Please report it at ' +
  'https://github.com/cdk-lambda-xray/cdk-lambda-xray/issues\n';

test.each<[string, unknown, number, string]>([
  ['requested help', new CommanderError(0, 'commander.helpDisplayed', 'help'), 0, ''],
  ['invalid usage that commander reported', new CommanderError(1, 'commander.unknownOption', 'no'), 2, ''],
  ['invalid usage', new UsageError('a:1: No.', 'a:2: No.'), 2, 'a:1: No.\na:2: No.\n'],
  ['an unexpected error', new Error('Oh'), 2, UNEXPECTED],
  [
    'a working directory that was removed',
    Object.assign(new Error('ENOENT: no such file or directory, uv_cwd'), { syscall: 'uv_cwd' }),
    2,
    'The working directory does not exist any more. Change to one that does.\n',
  ],
  ['a thrown string', 'Oh', 2, UNEXPECTED],
])('%s', (_, error, status, message) => {
  expect(reportFailure(error)).toBe(status);
  expect(written).toBe(message);
});

test('escapes names in messages', () => {
  process.env.DEBUG = '1';
  const name = '\u001b[31m\n::add-mask::x\u202e';
  reportFailure(new UsageError(name, name));
  reportFailure(new Error(name));
  expect(written).toContain('add-mask');
  expect(harmIn(written)).toEqual([]);
});

test('writes the stack trace if DEBUG is set', () => {
  process.env.DEBUG = '1';
  reportFailure(new Error('Oh'));
  expect(written).toMatch(/\nError: Oh\n {4}at /);
});
