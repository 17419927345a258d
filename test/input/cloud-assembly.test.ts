import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, NestedStack, Stage, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { load } from '../../lib/input/load';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { activeLambda, quietly, stackIn } from '../apps/app';
import { directoryWith, ids, lines, TEMPLATE } from './temporary';

/** Synthesizes an app to a directory. Returns the directory. */
function assembly(build: (app: App) => void): string {
  const outdir = directoryWith({});
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
  build(app);
  quietly(() => app.synth());
  return outdir;
}

test('reads the stacks of an app and its stages, with nested stacks', () => {
  const directory = assembly((app) => {
    const env = { account: '111122223333', region: 'eu-west-1' };
    const stack = stackIn(app, 'Stack', { env, stackName: 'orders' });
    activeLambda(stack);
    activeLambda(new NestedStack(new NestedStack(stack, 'Outer'), 'Inner'));
    activeLambda(stackIn(new Stage(app, 'Prod'), 'Stack'));
  });
  const { templates, errors } = load([directory]);
  expect(errors).toEqual([]);
  expect(
    templates
      .map(({ constructPath, stackName, account, group, nestedIn, constructPaths, template }) => ({
        constructPath,
        stackName,
        account,
        group: group?.slice(directory.length),
        isNested: nestedIn !== undefined,
        paths: Object.keys((template as typeof TEMPLATE).Resources).map((id) => constructPaths?.[id]),
      }))
      .sort((a, b) => (a.constructPath! < b.constructPath! ? -1 : 1)),
  ).toEqual([
    {
      constructPath: 'Prod/Stack',
      stackName: 'Prod-Stack',
      account: undefined,
      group: '/assembly-Prod',
      isNested: false,
      paths: ['Prod/Stack/Fn/ServiceRole/Resource', expect.anything(), 'Prod/Stack/Fn/Resource'],
    },
    {
      constructPath: 'Stack',
      stackName: 'orders',
      account: '111122223333',
      group: '',
      isNested: false,
      paths: [
        'Stack/Fn/ServiceRole/Resource',
        expect.anything(),
        'Stack/Fn/Resource',
        'Stack/Outer.NestedStack/Outer.NestedStackResource',
      ],
    },
    expect.objectContaining({
      constructPath: 'Stack/Outer',
      isNested: true,
      paths: ['Stack/Outer/Inner.NestedStack/Inner.NestedStackResource'],
    }),
    expect.objectContaining({
      constructPath: 'Stack/Outer/Inner',
      isNested: true,
      paths: [
        'Stack/Outer/Inner/Fn/ServiceRole/Resource',
        expect.anything(),
        'Stack/Outer/Inner/Fn/Resource',
      ],
    }),
  ]);
});

test('reads a stack without resources', () => {
  const directory = assembly((app) => {
    stackIn(app, 'Empty');
    activeLambda(stackIn(app, 'Other'));
  });
  const { templates, errors } = load([directory]);
  expect({ errors, paths: templates.map(({ constructPath }) => constructPath) }).toEqual({
    errors: [],
    paths: ['Empty', 'Other'],
  });
});

describe('acknowledged rules', () => {
  /** Returns the acknowledgements in templates, with their constructs. */
  function acknowledged(
    on: (constructs: Record<string, IConstruct>) => IConstruct,
    id: string,
    isChecked = false,
  ) {
    const directory = assembly((app) => {
      const stage = new Stage(app, 'Stage');
      const stack = stackIn(stage, 'Stack');
      const fn = activeLambda(stack);
      const nested = new NestedStack(stack, 'Nested');
      const nestedFn = activeLambda(nested);
      const resource = fn.node.defaultChild!;
      Validations.of(on({ app, stage, stack, fn, resource, nested, nestedFn })).acknowledge({
        id,
        reason: 'Known.',
      });
      if (isChecked) Validations.of(app).addPlugins(new LambdaXRayChecks(app));
    });
    return load([directory]).templates.map(({ constructPath, acknowledgements = [] }) => [
      constructPath,
      acknowledgements.map(({ ruleId, reason, constructPath: path }) => `${path} ${ruleId}: ${reason}`),
    ]);
  }

  const RULE = 'LambdaXRay-ActiveTracing';

  test.each<[string, (constructs: Record<string, IConstruct>) => IConstruct, string[], string[]]>([
    ['a resource', ({ resource }) => resource, ['Stage/Stack/Fn/Resource'], []],
    ['a construct', ({ fn }) => fn, ['Stage/Stack/Fn'], []],
    ['a stack', ({ stack }) => stack, ['Stage/Stack'], ['Stage/Stack']],
    ['a nested stack', ({ nested }) => nested, [], ['Stage/Stack/Nested']],
    ['what is in a nested stack', ({ nestedFn }) => nestedFn, [], ['Stage/Stack/Nested/Fn']],
    ['a stage, which CDK does not write', ({ stage }) => stage, [], []],
    ['an app, which CDK does not write', ({ app }) => app, [], []],
  ])('on %s', (_, on, inStack, inNested) => {
    const known = (path: string) => `${path} ${RULE}: Known.`;
    expect(acknowledged(on, RULE)).toEqual([
      ['Stage/Stack', inStack.map(known)],
      ['Stage/Stack/Nested', inNested.map(known)],
    ]);
  });

  test.each([
    [RULE, true],
    [`annotation::${RULE}`, true],
    [`Construct-Annotations::${RULE}`, true],
    [`LambdaXRay::${RULE}`, true],
    [`Other::${RULE}`, false],
  ])('by the ID %s', (id, isKnown) => {
    const [[, inStack]] = acknowledged(({ fn }) => fn, id);
    expect(inStack).toEqual(isKnown ? [`Stage/Stack/Fn ${RULE}: Known.`] : []);
  });

  test('on an app, with the name of the pack, if the pack reported the finding', () => {
    const report = (path: string) => ({
      pluginReports: [
        {
          pluginName: 'LambdaXRay',
          suppressedViolations: [
            { ruleName: RULE, reason: 'Known.', violatingConstructs: [{ constructPath: path }, 1] },
            null,
          ],
        },
        {
          pluginName: 'Other',
          suppressedViolations: [{ ruleName: RULE, violatingConstructs: [{ constructPath: path }] }],
        },
        1,
      ],
    });
    const directory = assembly((app) => {
      activeLambda(stackIn(app, 'One'));
      activeLambda(stackIn(app, 'Two'));
    });
    writeFileSync(join(directory, 'validation-report.json'), JSON.stringify(report('Two/Fn/Resource')));
    expect(load([directory]).templates.map(({ acknowledgements }) => acknowledgements)).toEqual([
      [],
      [{ ruleId: RULE, reason: 'Known.', constructPath: 'Two/Fn/Resource' }],
    ]);
  });
});

describe('finds a cloud assembly', () => {
  const stack = (templateFile: string) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile },
  });
  const manifest = { artifacts: { A: stack('a.template.json') } };
  const files = {
    'cdk.out/cdk.out': '{}',
    'cdk.out/manifest.json': manifest,
    'cdk.out/a.template.json': TEMPLATE,
    'cdk.out/left-over.template.json': TEMPLATE,
    'template.json': TEMPLATE,
    'web/manifest.json': { name: 'x' },
  };

  test.each<[string, string[], string[]]>([
    ['by its name', ['cdk.out'], ['cdk.out/a.template.json']],
    ['by its manifest', ['cdk.out/manifest.json'], ['cdk.out/a.template.json']],
    ['below a directory', ['.'], ['cdk.out/a.template.json', 'template.json']],
    ['twice', ['cdk.out', '.', 'cdk.out/'], ['cdk.out/a.template.json', 'template.json']],
    ['and a template of it', ['cdk.out/a.template.json', 'cdk.out'], ['cdk.out/a.template.json']],
  ])('%s', (_, paths, expected) => {
    const directory = directoryWith(files);
    const found = load(paths.map((path) => join(directory, path)));
    expect(found.errors).toEqual([]);
    expect(ids(found, directory)).toEqual(expected);
  });

  test('with the positions in its files', () => {
    const directory = directoryWith(files);
    const [{ file, locate }] = load([join(directory, 'cdk.out')]).templates;
    expect(file).toBe(join(directory, 'cdk.out', 'a.template.json'));
    expect(locate!(['Resources', 'Topic'])).toEqual({ line: 3, column: 3 });
  });
});

describe('reads the rest of a cloud assembly with errors in', () => {
  const HINT = 'It is part of a cloud assembly. Synthesize the app again.';
  const stack = (templateFile: unknown, more: object = {}) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile },
    ...more,
  });

  test('templates, metadata and assets', () => {
    const directory = directoryWith({
      'manifest.json': {
        artifacts: {
          Gone: stack('gone.json'),
          Broken: stack('broken.json'),
          Nameless: stack(undefined),
          Fine: stack('fine.json', { additionalMetadataFile: 'metadata.json' }),
          Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
          Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } },
          Itself: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } },
          Odd: 1,
        },
      },
      'broken.json': '{"Resources": {',
      'fine.json': TEMPLATE,
      'metadata.json': '[]',
    });
    const found = load([directory]);
    expect(ids(found, directory)).toEqual(['fine.json']);
    const gone = 'No such file or directory.';
    expect(lines(found.errors, directory)).toEqual([
      `assets.json: ${gone} ${HINT}`,
      `gone.json: ${gone} ${HINT}`,
      `broken.json:1:16: This is not valid JSON: expected a key in double quotes or '}' but found the end of the file. ${HINT}`,
      `manifest.json: The artifact Nameless has no templateFile. ${HINT}`,
      `metadata.json:1:1: This is not a JSON object. ${HINT}`,
      `assembly-Stage/manifest.json: ${gone} ${HINT}`,
    ]);
  });

  test('its manifest', () => {
    const directory = directoryWith({ 'cdk.out': '{}', 'manifest.json': '{', 'a.template.json': TEMPLATE });
    const found = load([directory]);
    expect(ids(found, directory)).toEqual(['a.template.json']);
    expect(lines(found.errors, directory)).toEqual([
      "manifest.json:1:2: This is not valid JSON: expected a key in double quotes or '}' but found the end of the file. " +
        'The templates in this directory are read one by one. Synthesize the app again.',
    ]);
  });

  test('the template of a nested stack', () => {
    const directory = assembly((app) => {
      const stack = stackIn(app);
      activeLambda(stack);
      activeLambda(new NestedStack(stack, 'Nested'));
    });
    const { files } = JSON.parse(readFileSync(join(directory, 'Stack.assets.json'), 'utf-8')) as {
      files: Record<string, { source: { path: string } }>;
    };
    const nested = Object.values(files)
      .map(({ source }) => source.path)
      .find((path) => path.includes('.nested.'))!;
    rmSync(join(directory, nested));
    const found = load([directory]);
    expect(ids(found, directory)).toEqual(['Stack.template.json']);
    expect(lines(found.errors, directory)).toEqual([`${nested}: No such file or directory. ${HINT}`]);
  });

  test('nested stacks in a circle', () => {
    const hash = 'a'.repeat(64);
    const nested = {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: `https://x/${hash}.json` },
    };
    const directory = directoryWith({
      'manifest.json': {
        artifacts: {
          Stack: stack('a.json'),
          Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
        },
      },
      'assets.json': { files: { [hash]: { source: { path: 'b.json' } } } },
      'a.json': { Resources: { Nested: nested } },
      'b.json': { Resources: { Nested: nested } },
    });
    expect(ids(load([directory]), directory)).toEqual(['a.json', 'a.json#Nested']);
  });
});
