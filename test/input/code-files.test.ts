import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CodeReader } from '../../lib/input/text-files';
import { load } from '../../lib/input/load';

const root = mkdtempSync(join(tmpdir(), 'code-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folder(name: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return join(root, name);
}

const paths = (name: string) => new CodeReader().read(name).map(({ path }) => path);

describe('CodeReader', () => {
  test('reads source files, those closest to the folder first', () => {
    const code = folder('plain', {
      'src/a.py': 'a',
      'index.mjs': 'i',
      'package.json': '{}',
      'data.csv': 'd',
    });
    expect(new CodeReader().read(code)).toEqual([
      { path: 'index.mjs', text: 'i' },
      { path: 'package.json', text: '{}' },
      { path: 'src/a.py', text: 'a' },
    ]);
  });

  test('leaves packages, deep folders and large files', () => {
    const code = folder('large', {
      'node_modules/p/index.js': '',
      'a/b/c/in.js': '',
      'a/b/c/d/out.js': '',
      'large.js': 'x'.repeat(10_000_001),
    });
    expect(paths(code)).toEqual(['a/b/c/in.js']);
  });

  test('reads 100 files at most', () => {
    const code = folder('many', Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`${i}.js`, ''])));
    expect(paths(code)).toHaveLength(100);
  });

  test('does not follow links', () => {
    const code = folder('linked', { 'index.js': '' });
    symlinkSync(join(root, 'plain'), join(code, 'link'));
    expect(paths(code)).toEqual(['index.js']);
  });

  test('reads nothing where there is no folder', () => {
    expect(new CodeReader().read(join(root, 'missing'))).toEqual([]);
    expect(new CodeReader().read(join(folder('plain', {}), 'index.mjs'))).toEqual([]);
  });
});

describe('load', () => {
  const SAM = JSON.stringify({
    Transform: 'AWS::Serverless-2016-10-31',
    Globals: { Function: { CodeUri: 'shared/' } },
    Resources: {
      Own: { Type: 'AWS::Serverless::Function', Properties: { CodeUri: 'own/' } },
      Shared: { Type: 'AWS::Serverless::Function', Properties: {} },
      Ignoring: { Type: 'AWS::Serverless::Function', IgnoreGlobals: ['CodeUri'], Properties: {} },
      IgnoringAll: { Type: 'AWS::Serverless::Function', IgnoreGlobals: '*', Properties: {} },
      Bucket: { Type: 'AWS::Serverless::Function', Properties: { CodeUri: 's3://bucket/key' } },
      Outside: { Type: 'AWS::Serverless::Function', Properties: { CodeUri: '../plain' } },
      Plain: { Type: 'AWS::Lambda::Function', Properties: { Code: './own' } },
    },
  });
  const project = () => folder('sam', { 'template.json': SAM, 'own/a.py': 'own', 'shared/a.py': 'shared' });
  const codeOf = (logicalId: string, code?: boolean) =>
    load([project()], { code, root: project() })
      .templates[0].codeOf?.(logicalId)
      .map(({ text }) => text);

  test.each([
    ['Own', ['own']],
    ['Shared', ['shared']],
    ['Ignoring', []],
    ['IgnoringAll', []],
    ['Plain', ['own']],
    ['Bucket', []],
    ['Outside', []],
    ['Missing', []],
  ])('reads the local code of %s', (logicalId, code) => {
    expect(codeOf(logicalId, true)).toEqual(code);
  });

  test('reads no code by default', () => {
    expect(codeOf('Own')).toBeUndefined();
  });

  test('reads the assets of a cloud assembly', () => {
    const hash = 'a'.repeat(64);
    const directory = folder('cdk.out', {
      'manifest.json': JSON.stringify({
        version: '36.0.0',
        artifacts: {
          'Stack.assets': { type: 'cdk:asset-manifest', properties: { file: 'Stack.assets.json' } },
          Stack: {
            type: 'aws:cloudformation:stack',
            environment: 'aws://unknown-account/unknown-region',
            properties: { templateFile: 'Stack.template.json' },
          },
        },
      }),
      'Stack.assets.json': JSON.stringify({ files: { [hash]: { source: { path: `asset.${hash}` } } } }),
      'Stack.template.json': JSON.stringify({
        Resources: {
          Fn: {
            Type: 'AWS::Lambda::Function',
            Properties: { Code: { S3Bucket: 'b', S3Key: `${hash}.zip` } },
          },
        },
      }),
      [`asset.${hash}/index.js`]: 'bundle',
    });
    const read = (code: boolean) => load([directory], { code }).templates[0].codeOf?.('Fn');
    expect(read(true)).toEqual([{ path: 'index.js', text: 'bundle' }]);
    expect(read(false)).toBeUndefined();
  });
});
