import { copyNotes } from '../../lib/input/load';
import type { LoadedTemplate } from '../../lib/input/loaded-template';

const FILLER = Array.from({ length: 10 }, (_, i) => `Fn${i}`);

/** Returns a template with functions, which are in a CDK stack if its path is given. */
function template(file: string, ids: readonly string[] = FILLER, stack?: string): LoadedTemplate {
  const resources = ids.map((id) => [
    id,
    {
      Type: 'AWS::Lambda::Function',
      ...(stack && { Metadata: { 'aws:cdk:path': `${stack}/${id}/Resource` } }),
    },
  ]);
  return { id: file, file, template: { Resources: Object.fromEntries(resources) as object } };
}

const templates = (...files: readonly string[]) => files.map((file) => template(file));
const inAssembly = (part: Partial<LoadedTemplate>) => ({
  group: 'cdk.out',
  sourceOf: () => undefined,
  ...part,
});

describe('notes', () => {
  test.each<[string, LoadedTemplate[], string]>([
    ['a packaged template', templates('template.yaml', 'packaged.yaml'), 'template.yaml, packaged.yaml.'],
    [
      'the output of a build',
      templates('infra/template.yaml', 'build/template.yaml'),
      'infra/template.yaml, build/template.yaml.',
    ],
    [
      'the output of a tool in folders beside each other',
      templates('core/output.yaml', 'orders/output.yaml'),
      'core/output.yaml, orders/output.yaml.',
    ],
    ['a folder below', templates('template.yaml', 'x/template.yaml'), 'template.yaml, x/template.yaml.'],
    ['several copies', templates('a.yaml', 'b.yaml', 'dist/a.yaml'), 'a.yaml, b.yaml, dist/a.yaml.'],
    [
      'an output with another resource',
      [template('a.yaml'), template('b.yaml', [...FILLER, 'Deployment'])],
      'a.yaml, b.yaml.',
    ],
    [
      'an old cloud assembly',
      [
        { ...template('cdk.out/A.json', FILLER, 'A'), stackName: 'A', ...inAssembly({}) },
        {
          ...template('cdk.out.old/A.json', FILLER, 'A'),
          stackName: 'A',
          ...inAssembly({ group: 'cdk.out.old' }),
        },
      ],
      'cdk.out/A.json, cdk.out.old/A.json.',
    ],
  ])('%s', (_, given, files) => {
    expect(copyNotes(given)).toEqual([
      expect.stringContaining(`as one system: ${files} If one is generated`),
    ]);
  });

  test('only the first of many', () => {
    const many = Array.from({ length: 7 }, (_, i) =>
      ['template', 'packaged'].map((name) =>
        template(
          `s${i}/${name}.yaml`,
          FILLER.map((id) => `${id}x${i}`),
        ),
      ),
    );
    const notes = copyNotes(many.flat());
    expect(notes).toHaveLength(6);
    expect(notes[5]).toBe('2 more groups of templates have nearly the same logical IDs.');
  });
});

describe('no note on', () => {
  const region = (name: string) => ({ ...template(`cdk.out/A-${name}.json`), region: name, stackName: 'A' });

  test.each<[string, LoadedTemplate[]]>([
    ['copies of a CDK stack in several regions', ['eu-west-1', 'us-east-1'].map(region)],
    [
      'copies of a CDK stack',
      [template('cdk.out/One.json', FILLER, 'One'), template('cdk.out/Two.json', FILLER, 'Two')],
    ],
    [
      'stacks of an assembly without construct paths',
      [
        { ...template('cdk.out/One.json'), ...inAssembly({}) },
        { ...template('cdk.out/Two.json'), ...inAssembly({}) },
      ],
    ],
    [
      'stages of a CDK app',
      ['Beta', 'Prod'].map((stage) => template(`cdk.out/assembly-${stage}/A.json`, FILLER, `${stage}/A`)),
    ],
    [
      'stages with a stack name each',
      ['a', 'b'].map((name) => ({ ...template(`out/${name}.json`), stackName: name })),
    ],
    ['stages by hand', templates('dev/template.yaml', 'prod/template.yaml')],
    ['stages in one folder', templates('template-staging.yaml', 'template.prod.yaml', 'template-qa2.yaml')],
    ['a stage beside its default', templates('template.yaml', 'template.prod.yaml')],
    ['regions by hand', templates('app-eu-west-1.yaml', 'app-us-gov-west-1.yaml')],
    [
      'services that are created alike',
      templates('services/orders/template.yaml', 'services/billing/template.yaml'),
    ],
    ['templates with half of the resources', [template('a.yaml'), template('b.yaml', FILLER.slice(5))]],
    [
      'templates without functions',
      ['a.yaml', 'b.yaml'].map((file) => ({
        ...template(file),
        template: { Resources: { A: { Type: 'AWS::SNS::Topic' }, B: { Type: 'AWS::SNS::Topic' } } },
      })),
    ],
    ['a template of one resource', [template('a.yaml', ['Fn']), template('b.yaml', ['Fn'])]],
    ['templates without resources', [template('a.yaml', []), template('b.yaml', [])]],
    [
      'a template that is nested twice',
      ['One', 'Two'].map((logicalId) => ({
        ...template('nested.yaml'),
        nestedIn: { id: 'template.yaml', logicalId },
      })),
    ],
  ])('%s', (_, given) => {
    expect(copyNotes(given)).toEqual([]);
  });
});
