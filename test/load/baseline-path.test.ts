import { join } from 'node:path';
import { type Baseline, loadBaseline } from '../../lib/load/baseline';
import { load } from '../../lib/load/load';
import { directoryWith, lines } from './temporary';

/** A template with a topic, by the topic's logical ID. */
const withTopic = (id: string) => ({ Resources: { [id]: { Type: 'AWS::SNS::Topic' } } });

/** Loads `old` as the baseline of `new`, in a directory with files. */
async function compared(
  files: Readonly<Record<string, string | object>>,
  paths: readonly string[] = ['old', 'new'],
): Promise<Baseline & { readonly directory: string }> {
  const directory = directoryWith(files);
  const [before, after] = paths.map((path) => join(directory, path));
  const baseline = await loadBaseline(before, load([after]).templates, [after]);
  return { ...baseline, directory };
}

test('a template', async () => {
  const { templates, errors, notes, directory } = await compared(
    { 'old.json': withTopic('A'), 'new.json': withTopic('A') },
    ['old.json', 'new.json'],
  );
  expect(templates.map(({ id, file }) => [id, file])).toEqual([
    [join(directory, 'new.json'), join(directory, 'old.json')],
  ]);
  expect({ errors, notes }).toEqual({ errors: [], notes: [] });
});

test('a folder: what is judged is found in it, what is gone is there as well', async () => {
  const { templates, errors, directory } = await compared({
    'old/a/template.json': withTopic('A'),
    'old/b/template.json': withTopic('B'),
    'old/gone.json': withTopic('C'),
    'new/a/template.json': withTopic('A'),
    'new/b/template.json': withTopic('B'),
    'new/added.json': withTopic('D'),
  });
  expect(errors).toEqual([]);
  expect(templates.map(({ id }) => id.replaceAll(directory, '')).sort()).toEqual([
    '/new/a/template.json',
    '/new/b/template.json',
    'baseline:/old/gone.json',
  ]);
});

test('a cloud assembly', async () => {
  const assembly = (name: string) => ({
    'manifest.json': {
      version: '48.0.0',
      artifacts: {
        Stack: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://111122223333/eu-west-1',
          properties: { templateFile: `${name}.json`, stackName: 'orders' },
        },
      },
    },
    [`${name}.json`]: withTopic(name),
  });
  const within = (folder: string, files: object) =>
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content as object]),
    );
  const { templates, errors, directory } = await compared({
    ...within('old', assembly('A')),
    ...within('new', assembly('B')),
  });
  expect(errors).toEqual([]);
  expect(templates).toMatchObject([
    { id: join(directory, 'new/B.json'), file: join(directory, 'old/A.json'), stackName: 'orders' },
  ]);
});

describe('what is wrong is told of the baseline', () => {
  const files = { 'new.json': withTopic('A'), 'other.json': withTopic('B'), 'old/empty.txt': '' };

  test.each<[string, Record<string, string | object>, string, string]>([
    [
      'it is not there',
      {},
      'gone',
      'gone: There is no file or directory of this name. It belongs to the baseline.',
    ],
    [
      'it has no template',
      {},
      'old',
      'old: There is no CloudFormation template in this directory. It belongs to the baseline.',
    ],
    [
      'it is of another app',
      {},
      'other.json',
      'other.json: The baseline is of another app: it has other.json, and nothing of what is judged (new.json). ' +
        'Name the one that this has come of.',
    ],
  ])('%s', async (_, more, path, message) => {
    const { templates, errors, directory } = await compared({ ...files, ...more }, [path, 'new.json']);
    expect(lines(errors, directory).map((line) => line.replaceAll(`${directory}/`, ''))).toEqual([message]);
    expect(templates).toEqual([]);
  });

  test('what of it can be read is used', async () => {
    const { templates, errors, directory } = await compared({
      'old/a.json': withTopic('A'),
      'old/b.yaml': 'AWSTemplateFormatVersion: 2010-09-09\nResources: [\n',
      'new/a.json': withTopic('A'),
    });
    expect(templates.map(({ id }) => id)).toEqual([join(directory, 'new/a.json')]);
    expect(lines(errors, directory)).toEqual([
      expect.stringMatching(/^old\/b.yaml:3:1: This is not valid YAML: .* It belongs to the baseline\.$/),
    ]);
  });

  test('standard input is read once', async () => {
    const { errors } = await loadBaseline('-', [], ['-']);
    expect(lines(errors)).toEqual([
      '-: Standard input is what is judged, and can be read once: name a file as the baseline.',
    ]);
  });
});

test('a path may be called as what is deployed is', async () => {
  const { errors } = await loadBaseline('./deployed', [], []);
  expect(lines(errors)).toEqual([
    './deployed: There is no file or directory of this name. It belongs to the baseline.',
  ]);
});
