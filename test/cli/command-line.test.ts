import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { CHECK_FORMATS } from '../../lib/cli/formats';
import type * as Loading from '../../lib/input/load';
import { RULES } from '../../lib/rules';
import { VERSION } from '../../lib/version';
import { bundledCommand, folderWith, run as runAlone, runShared } from './bundled-command';

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

function run(...args: readonly string[]) {
  return runShared(command, args);
}

test('--version', async () => {
  expect(await runAlone(command, ['--version'])).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
});

test.each([
  ['--help'],
  ['check', '--help'],
  ['estimate', '--help'],
  ['map', '--help'],
  ['rules', '--help'],
  ['explain', '--help'],
])('help: %s %s', async (...args) => {
  const { status, stdout } = await run(...args.filter((arg) => arg !== undefined));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: cdk-lambda-xray /);
});

describe('invalid usage exits with 2 and explains the way out', () => {
  test.each<[string[], RegExp]>([
    [['chekc'], /unknown command 'chekc'\n\(Did you mean check\?\)/],
    [['check', '--fromat', 'json'], /unknown option '--fromat'\n\(Did you mean --format\?\)/],
    [
      ['check', '--format', 'xml'],
      new RegExp(`Allowed choices are ${Object.keys(CHECK_FORMATS).join(', ')}\\.`),
    ],
    [['check', '--fail-on', 'fatal'], /Allowed choices are error, warning, info, never\./],
    [['check', '--rule', 'Foo'], /^--rule Foo: expected ID=severity, for example ActiveTracing=off\.\n$/],
    [
      ['check', '--rule', 'ActiveTracng=off'],
      /^--rule ActiveTracng=off: There is no rule "ActiveTracng"\. Did you mean LambdaXRay-ActiveTracing\? Run cdk-lambda-xray rules for a list of all rules\.\n$/,
    ],
    [
      ['check', '--rule', 'ActiveTracing=warn'],
      /^--rule ActiveTracing=warn: expected off, info, warning, error instead of "warn"\.\n$/,
    ],
    [
      ['check', '--config', 'gone.yaml'],
      /^Cannot read the configuration gone\.yaml: it does not exist\. Pass another/,
    ],
    [['explain'], /missing required argument 'ID'/],
    [
      ['explain', 'activetracing'],
      /^There is no rule "activetracing"\. Did you mean LambdaXRay-ActiveTracing\? Run cdk-lambda-xray rules/,
    ],
    [['explain', 'notrule'], /^There is no rule "notrule"\. Run cdk-lambda-xray rules/],
    [
      ['explain', 'LambdaXRay-VersionLok'],
      /^There is no rule "LambdaXRay-VersionLok"\. Did you mean LambdaXRay-VersionLock\?/,
    ],
    [[], /^Usage: cdk-lambda-xray /],
  ])('%j', async (args, message) => {
    const { status, stdout, stderr } = await run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('rules', () => {
  test('writes a line per rule', async () => {
    const { status, stdout } = await run('rules');
    expect(status).toBe(0);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^Rule +Severity +Requirement$/);
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual(
      RULES.map(({ id, severity, title }) => [id, severity, title]),
    );
  });

  test('writes JSON', async () => {
    const { status, stdout } = await run('rules', '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject(JSON.parse(JSON.stringify(RULES)) as object[]);
  });
});

describe('explain', () => {
  test.each(RULES.map(({ id }) => id))('%s', async (id) => {
    const { title, rationale, fix, source, examples } = RULES.find((rule) => rule.id === id)!;
    const { status, stdout } = await run('explain', id);
    expect(status).toBe(0);
    for (const text of [title, rationale, fix, source.title, source.url]) {
      expect(inOneLine(stdout)).toContain(inOneLine(text));
    }
    for (const example of [examples.incorrect, examples.correct]) {
      expect(stdout).toContain(example.replace(/^/gm, '  '));
    }
  });

  test('accepts an ID without prefix', async () => {
    expect(await run('explain', 'WritePermissions')).toEqual(
      await run('explain', 'LambdaXRay-WritePermissions'),
    );
  });
});

describe('the bundle', () => {
  test('requires only modules of Node.js', () => {
    const separate = ['main', 'aws-sdk', 'diff', 'layout', 'mcp', 'yaml'].map(
      (name) => `./cdk-lambda-xray.${name}.js`,
    );
    const files = [command, ...[...separate, 'input/load.js'].map(beside)];
    const required = files.flatMap((file) => [
      // In brackets, it is part of a message of the SDK about signing for several regions. In other quotes, it is text of
      // ajv's generator of code for files.
      ...readFileSync(file, 'utf-8').matchAll(/(?<![['`])\b(?:require|import)\("([^"]+)"\)/g),
    ]);
    const modules = required.map(([, name]) => name.replace(/^node:/, ''));
    expect(modules).toEqual(expect.arrayContaining(separate));
    expect(modules.filter((name) => !separate.includes(name) && !builtinModules.includes(name))).toEqual([]);
  });

  test.each([
    [['--version'], []],
    [['check', 'template.yaml'], ['main']],
  ])('loads only what a run needs: %j', async (args, expected) => {
    const cwd = folderWith({
      'template.yaml': 'Resources: { Fn: { Type: AWS::Lambda::Function } }',
      'list.cjs': `process.on('exit', () => {
        const modules = [...Object.keys(require.cache), ...process.moduleLoadList];
        require('node:fs').writeFileSync('loaded.json', JSON.stringify(modules));
      });`,
    });
    await runAlone(command, args, { cwd, env: { NODE_OPTIONS: '--require=./list.cjs' } });
    const loaded = readFileSync(join(cwd, 'loaded.json'), 'utf-8');
    const names = loaded.matchAll(/cdk-lambda-xray\.([\w-]+)\.js"|NativeModule (crypto|child_process)"/g);
    expect([...names].map(([, file, builtin]) => file ?? builtin)).toEqual(expected);
  });

  test('contains the loader that the pack reads baselines with', () => {
    const { load } = jest.requireActual<typeof Loading>(beside('input/load.js'));
    const folder = folderWith({ 'template.yaml': 'Resources: { Fn: { Type: AWS::Lambda::Function } }' });
    const { templates, errors } = load([folder]);
    expect(errors).toEqual([]);
    expect(templates[0].template).toEqual({ Resources: { Fn: { Type: 'AWS::Lambda::Function' } } });
  });

  test('contains the licenses of the bundled packages', () => {
    const licenses = readFileSync(beside('cdk-lambda-xray.LICENSES.txt'), 'utf-8');
    for (const name of ['@dagrejs/dagre', 'commander', 'picocolors', 'yaml']) {
      expect(licenses).toMatch(new RegExp(`^${name} [0-9.]+ \\((MIT|ISC)\\)$`, 'm'));
    }
    expect(licenses).toMatch(/^@aws-sdk\/client-cloudformation [0-9.]+ \(Apache-2\.0\)$/m);
    expect(licenses).toContain('Permission is hereby granted, free of charge');
  });
});

function beside(file: string): string {
  return join(dirname(command), file);
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
