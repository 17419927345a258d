import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeOutput } from '../../lib/cli/output';
import { folderWith } from './bundled-command';

test('creates a new file', () => {
  const folder = folderWith({});
  writeOutput(join(folder, 'report.txt'), 'text');
  expect(readFileSync(join(folder, 'report.txt'), 'utf-8')).toBe('text');
  expect(readdirSync(folder)).toEqual(['report.txt']);
});

test('replaces an existing file', () => {
  const folder = folderWith({ 'report.txt': 'old' });
  const file = join(folder, 'report.txt');
  const { ino } = statSync(file);
  writeOutput(file, 'new');
  expect(readFileSync(file, 'utf-8')).toBe('new');
  expect(statSync(file).ino).not.toBe(ino);
});

test('keeps a link', () => {
  const folder = folderWith({ 'report.txt': 'old' });
  symlinkSync('report.txt', join(folder, 'latest.txt'));
  writeOutput(join(folder, 'latest.txt'), 'new');
  expect(lstatSync(join(folder, 'latest.txt')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'report.txt'), 'utf-8')).toBe('new');
});

test('keeps a device', () => {
  writeOutput('/dev/null', 'text');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('leaves no file if it fails', () => {
  const folder = folderWith({ 'folder/file': '' });
  expect(() => writeOutput(join(folder, 'folder'), 'text')).toThrow(/it is a folder/);
  expect(() => writeOutput(join(folder, 'gone', 'file'), 'text')).toThrow(
    /the folder .*gone does not exist\./,
  );
  expect(readdirSync(folder)).toEqual(['folder']);
});
