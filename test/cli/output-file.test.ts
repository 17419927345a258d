import { readdirSync, readFileSync, realpathSync, statSync, symlinkSync } from 'node:fs';
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

describe('follows no link', () => {
  const here = process.cwd();
  afterEach(() => process.chdir(here));

  test.each<[string, (folder: string) => string, string]>([
    ['that is the file', () => 'latest.txt', 'latest.txt'],
    ['by an absolute path', (folder) => join(folder, 'latest.txt'), 'latest.txt'],
    ['without a target', () => 'broken.txt', 'broken.txt'],
    ['in the path', () => join('linked', 'report.txt'), 'linked'],
    ['in an absolute path', (folder) => join(folder, 'linked', 'report.txt'), 'linked'],
    ['to a device', () => 'null', 'null'],
  ])('%s', (_, outputIn, link) => {
    const folder = realpathSync(folderWith({ 'report.txt': 'old', 'folder/report.txt': 'old' }));
    symlinkSync('report.txt', join(folder, 'latest.txt'));
    symlinkSync('gone.txt', join(folder, 'broken.txt'));
    symlinkSync('folder', join(folder, 'linked'));
    symlinkSync('/dev/null', join(folder, 'null'));
    const names = readdirSync(folder);
    process.chdir(folder);
    const output = outputIn(folder);
    expect(() => writeOutput(output, 'new')).toThrow(
      `Cannot write the report to ${output}: ${link} is a symbolic link. Pass the path that it points to, or remove it.`,
    );
    expect(readdirSync(folder)).toEqual(names);
    for (const name of ['report.txt', 'folder/report.txt']) {
      expect(readFileSync(join(folder, name), 'utf-8')).toBe('old');
    }
  });

  test.each<[string, (folder: string) => string]>([
    ['relative', () => '../linked/report.txt'],
    ['absolute', (folder) => join(folder, 'linked', 'report.txt')],
  ])('in a %s path to another folder of the repository', (_, outputIn) => {
    const folder = realpathSync(
      folderWith({ '.git/HEAD': '', 'app/t.json': '', 'folder/report.txt': 'old' }),
    );
    symlinkSync('folder', join(folder, 'linked'));
    process.chdir(join(folder, 'app'));
    expect(() => writeOutput(outputIn(folder), 'new')).toThrow(/: \.\.\/linked is a symbolic link\./);
  });

  test('in a relative path to another folder', () => {
    const folder = realpathSync(folderWith({ 'app/t.json': '', 'folder/report.txt': 'old' }));
    symlinkSync('folder', join(folder, 'linked'));
    process.chdir(join(folder, 'app'));
    expect(() => writeOutput('../linked/report.txt', 'new')).toThrow(`${folder}/linked is a symbolic link.`);
  });
});

test('writes below a link of the user', () => {
  const folder = folderWith({});
  symlinkSync(folderWith({}), join(folder, 'linked'));
  writeOutput(join(folder, 'linked', 'report.txt'), 'text');
  expect(readFileSync(join(folder, 'linked', 'report.txt'), 'utf-8')).toBe('text');
});

test.each<[string, string, RegExp]>([
  ['a file as a folder', 'report.txt/x', /report\.txt is not a folder\. Pass another file to --output\.$/],
  ['a long name', 'x'.repeat(300), /the name is too long\. Pass another file to --output\.$/],
])('reports %s', (_, name, message) => {
  const folder = folderWith({ 'report.txt': 'old' });
  expect(() => writeOutput(join(folder, name), 'text')).toThrow(message);
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
