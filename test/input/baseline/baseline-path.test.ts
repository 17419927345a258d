import { join } from 'node:path';
import type { Baseline } from '../../../lib/input/baseline/baseline-spec';
import { loadBaseline } from '../../../lib/input/baseline/load-baseline';
import { load } from '../../../lib/input/load';
import { directoryWith, lines } from '../temporary';

/** Returns a template with a topic that has a logical ID. */
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

test('loads a template', async () => {
  const { templates, errors, notes, directory } = await compared(
    { 'old.json': withTopic('A'), 'new.json': withTopic('A') },
    ['old.json', 'new.json'],
  );
  expect(templates.map(({ id, file }) => [id, file])).toEqual([
    [join(directory, 'new.json'), join(directory, 'old.json')],
  ]);
  expect({ errors, notes }).toEqual({ errors: [], notes: [] });
});

test('loads all templates of a folder, and matches them with the checked ones', async () => {
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
    'old contains no baseline for new/added.json.',
    'Only the baseline contains old/gone.json, so it is not compared.',
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

  /** Returns the files of a cloud assembly with stacks, by the names of their templates. */
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

  test('contains the names of its stacks', async () => {
    const { templates, errors, directory } = await compared({
      ...assembly('old', { A: { stackName: 'orders', topic: 'A' } }),
      ...assembly('new', { B: { stackName: 'orders', topic: 'B' } }),
    });
    expect(errors).toEqual([]);
    expect(templates).toMatchObject([
      { id: join(directory, 'new/B.json'), file: join(directory, 'old/A.json'), stackName: 'orders' },
    ]);
  });

  test('of a branch has other stack names', async () => {
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
    expect(notes).toEqual(['Stacks with different names are compared: Orders-pr1 with Orders-main.']);
  });

  test('may lack the account and region of its stacks', async () => {
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
      `The baseline contains no account and region for Orders, so it is compared with each of ${directory}/new/Eu.json, ` +
        `${directory}/new/Us.json.`,
    ]);
  });

  test('of another account is not mistaken for another app', async () => {
    const { templates, errors } = await compared({
      ...assembly('old', { Orders: {} }),
      ...assembly('new', { Orders: { environment: 'aws://444455556666/eu-west-1' } }),
    });
    expect(templates).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([
      'The baseline is from a different account: Orders is in 111122223333/eu-west-1 there, but in ' +
        '444455556666/eu-west-1 here. Pass a baseline from the same account.',
    ]);
  });

  test('must contain stacks', async () => {
    const { errors, directory } = await compared({
      ...assembly('old', {}),
      ...assembly('new', { Orders: {} }),
    });
    expect(lines(errors, directory)).toEqual([
      'old: The baseline contains no stacks. Pass the previous version of this app.',
    ]);
  });
});

test('reports a template that matches several', async () => {
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
    '../../main: Several templates of the baseline match template.json: ../../main/services/a/template.json, ' +
      '../../main/services/b/template.json. Pass one of them as the baseline.',
  ]);
});

test('does not compare a new service with a removed one', async () => {
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

describe('reports errors of the baseline', () => {
  const files = { 'new.json': withTopic('A'), 'other.json': withTopic('B'), 'old/empty.txt': '' };

  test.each<[string, Record<string, string | object>, string, string]>([
    ['a missing file', {}, 'gone', 'gone: No such file or directory. It is part of the baseline.'],
    [
      'a folder without a template',
      {},
      'old',
      'old: This directory contains no CloudFormation template. Looked for cloud assemblies, and for .json, .yaml, .yml, and ' +
        '.template files with Resources. It is part of the baseline.',
    ],
    [
      'a different app',
      {},
      'other.json',
      'other.json: The baseline is from a different app: it contains other.json, but none of new.json. ' +
        'Pass the previous version of this app.',
    ],
  ])('%s', async (_, more, path, message) => {
    const { templates, errors, directory } = await compared({ ...files, ...more }, [path, 'new.json']);
    expect(lines(errors, directory).map((line) => line.replaceAll(`${directory}/`, ''))).toEqual([message]);
    expect(templates).toEqual([]);
  });

  test('and uses the templates that can be read', async () => {
    const { templates, errors, directory } = await compared({
      'old/a.json': withTopic('A'),
      'old/b.yaml': 'AWSTemplateFormatVersion: 2010-09-09\nResources: [\n',
      'new/a.json': withTopic('A'),
    });
    expect(templates.map(({ id }) => id)).toEqual([join(directory, 'new/a.json')]);
    expect(lines(errors, directory)).toEqual([
      expect.stringMatching(/^old\/b.yaml:3:1: This is not valid YAML: .* It is part of the baseline\.$/),
    ]);
  });

  test('standard input that is checked already', async () => {
    const { errors } = await loadBaseline('-', [], ['-']);
    expect(lines(errors)).toEqual([
      '-: Standard input is already checked and can be read only once. Pass a file as the baseline.',
    ]);
  });
});

test('accepts a path with the name deployed', async () => {
  const { errors } = await loadBaseline('./deployed', [], []);
  expect(lines(errors)).toEqual(['./deployed: No such file or directory. It is part of the baseline.']);
});

/** Runs a task in a directory. */
async function within<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const here = process.cwd();
  process.chdir(directory);
  try {
    return await work();
  } finally {
    process.chdir(here);
  }
}
