import { join } from 'node:path';
import type { Baseline } from '../../../lib/input/baseline/baseline';
import { loadBaseline } from '../../../lib/input/baseline/load-baseline';
import { load } from '../../../lib/input/load';
import { directoryWith, lines } from '../temporary';

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
  const { templates, errors, notes, directory } = await compared({
    'old/a/template.json': withTopic('A'),
    'old/b/template.json': withTopic('B'),
    'old/gone.json': withTopic('C'),
    'new/a/template.json': withTopic('A'),
    'new/b/template.json': withTopic('B'),
    'new/added.json': withTopic('D'),
  });
  expect(errors).toEqual([]);
  expect(notes.map((note) => note.replaceAll(`${directory}/`, ''))).toEqual([
    'There is no baseline for new/added.json: nothing in old is known to be the same.',
    'old/gone.json in the baseline is compared with nothing: nothing that is judged is known to be the same.',
  ]);
  expect(templates.map(({ id }) => id.replaceAll(directory, '')).sort()).toEqual([
    '/new/a/template.json',
    '/new/b/template.json',
    'baseline:/old/gone.json',
  ]);
});

describe('a cloud assembly', () => {
  interface Stack {
    readonly stackName?: string;
    readonly environment?: string;
    readonly displayName?: string;
    readonly topic?: string;
  }

  /** One with these stacks, by the names of their templates. */
  function assembly(folder: string, stacks: Readonly<Record<string, Stack>>): Record<string, object> {
    const artifacts = Object.entries(stacks).map(([file, stack]) => {
      const { stackName, environment = 'aws://111122223333/eu-west-1', displayName } = stack;
      const properties = { templateFile: `${file}.json`, stackName };
      return [file, { type: 'aws:cloudformation:stack', environment, displayName, properties }] as const;
    });
    const templates = Object.entries(stacks).map(
      ([file, { topic = 'Topic' }]) => [file, withTopic(topic)] as const,
    );
    return {
      [`${folder}/manifest.json`]: { version: '48.0.0', artifacts: Object.fromEntries(artifacts) },
      ...Object.fromEntries(templates.map(([file, template]) => [`${folder}/${file}.json`, template])),
    };
  }

  test('tells the names of its stacks', async () => {
    const { templates, errors, directory } = await compared({
      ...assembly('old', { A: { stackName: 'orders', topic: 'A' } }),
      ...assembly('new', { B: { stackName: 'orders', topic: 'B' } }),
    });
    expect(errors).toEqual([]);
    expect(templates).toMatchObject([
      { id: join(directory, 'new/B.json'), file: join(directory, 'old/A.json'), stackName: 'orders' },
    ]);
  });

  test('of a branch has stacks of other names', async () => {
    const { templates, notes, directory } = await compared({
      ...assembly('old', {
        Orders: { stackName: 'Orders-main', displayName: 'Orders' },
        Net: { topic: 'Net' },
      }),
      ...assembly('new', {
        Orders: { stackName: 'Orders-pr1', displayName: 'Orders' },
        Net: { topic: 'Net' },
      }),
    });
    expect(templates.map(({ id }) => id)).toEqual(
      ['Orders', 'Net'].map((name) => join(directory, `new/${name}.json`)),
    );
    expect(notes).toEqual(['Stacks of different names are compared: Orders-pr1 with Orders-main.']);
  });

  test('may not say where its stacks are deployed', async () => {
    const { templates, notes, directory } = await compared({
      ...assembly('old', { Orders: { environment: 'aws://unknown-account/unknown-region' } }),
      ...assembly('new', {
        Eu: { stackName: 'Orders', environment: 'aws://111122223333/eu-west-1' },
        Us: { stackName: 'Orders', environment: 'aws://111122223333/us-east-1' },
      }),
    });
    expect(
      templates.map(({ id, file }) => [id, file].map((path) => path.slice(directory.length + 1))),
    ).toEqual([
      ['new/Eu.json', 'old/Orders.json'],
      ['new/Us.json', 'old/Orders.json'],
    ]);
    expect(notes).toEqual([
      `Orders is in no certain account and region in the baseline: ${directory}/new/Eu.json, ${directory}/new/Us.json ` +
        'are each compared with it.',
    ]);
  });

  test('of another account is told from another app', async () => {
    const { templates, errors } = await compared({
      ...assembly('old', { Orders: {} }),
      ...assembly('new', { Orders: { environment: 'aws://444455556666/eu-west-1' } }),
    });
    expect(templates).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([
      'The baseline is of another account: Orders is in 111122223333/eu-west-1 there, and in 444455556666/eu-west-1 ' +
        'here. Name one that is of the same.',
    ]);
  });

  test('has to have stacks', async () => {
    const { errors, directory } = await compared({
      ...assembly('old', {}),
      ...assembly('new', { Orders: {} }),
    });
    expect(lines(errors, directory)).toEqual([
      'old: The baseline has no stacks: name the one that this has come of.',
    ]);
  });
});

test('a template that may have come of several', async () => {
  const directory = directoryWith({
    'main/services/a/template.json': withTopic('A'),
    'main/services/b/template.json': withTopic('A'),
    'services/a/template.json': withTopic('A'),
  });
  const { templates, errors } = await within(join(directory, 'services', 'a'), () =>
    loadBaseline('../../main', load(['template.json']).templates, ['template.json']),
  );
  expect(templates).toEqual([]);
  expect(lines(errors)).toEqual([
    '../../main: template.json may have come of any of ../../main/services/b/template.json, ' +
      '../../main/services/a/template.json: name that one as the baseline.',
  ]);
});

test('a service that is new is not compared with one that is gone', async () => {
  const { templates, notes, directory } = await compared({
    'old/a/template.json': withTopic('Topic'),
    'old/b/template.json': withTopic('Topic'),
    'new/a/template.json': withTopic('Topic'),
    'new/c/template.json': withTopic('Topic'),
  });
  expect(templates.map(({ id }) => id.replaceAll(`${directory}/`, '')).sort()).toEqual([
    'baseline:old/b/template.json',
    'new/a/template.json',
  ]);
  expect(notes).toHaveLength(2);
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

/** What comes of some work in a directory. */
async function within<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const here = process.cwd();
  process.chdir(directory);
  try {
    return await work();
  } finally {
    process.chdir(here);
  }
}
