import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

const PROJECT = join(__dirname, '..', '..');

/** Links a package of this project into a folder. */
function link(name: string, folder: string, as = name): void {
  const path = join(folder, 'node_modules', as);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules', name), path);
}

/**
 * Creates the project of an app, and bundles this package into its folder.
 *
 * @param copy the copy of aws-cdk-lib of the app
 * @param ownCopy the copy of aws-cdk-lib below this package, if it has one
 */
function project(copy: string, ownCopy?: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'two-copies-')));
  for (const name of ['constructs', 'cdk-nag', '@aws-cdk']) link(name, folder);
  link(copy, folder, 'aws-cdk-lib');
  const library = join(folder, 'node_modules', 'cdk-lambda-xray');
  buildSync({
    absWorkingDir: PROJECT,
    entryPoints: ['lib/index.ts'],
    outfile: join(library, 'dist', 'index.js'),
    bundle: true,
    platform: 'node',
    external: ['aws-cdk-lib', 'cdk-nag', 'constructs'],
    logLevel: 'error',
  });
  copyFileSync(join(PROJECT, 'package.json'), join(library, 'package.json'));
  if (ownCopy) link(ownCopy, library, 'aws-cdk-lib');
  return folder;
}

/** Runs code in the project of an app, after an app and a stack are created. */
function run(folder: string, code: string, options: readonly string[] = []) {
  const script = join(folder, 'app.js');
  writeFileSync(
    script,
    `const { App, Stack } = require('aws-cdk-lib');
    const { Code, Function: Fn, Runtime } = require('aws-cdk-lib/aws-lambda');
    const xray = require('cdk-lambda-xray');
    const app = new App({ treeMetadata: false, analyticsReporting: false });
    const stack = new Stack(app, 'Stack');
    const props = { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X };
    ${code}
    console.log(JSON.stringify(app.synth().getStackByName('Stack').template));`,
  );
  const env = { ...process.env, CDK_VALIDATION: 'false' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, script], {
    env,
    encoding: 'utf-8',
  });
  return { status, stdout, stderr };
}

const TRACED = `new xray.TracedFunction(stack, 'Fn', props);`;

describe('with a second copy of aws-cdk-lib', () => {
  const folder = project('aws-cdk-lib-lowest', 'aws-cdk-lib');

  test.each([
    ['TracedFunction', TRACED, 'Stack/Fn'],
    ['LambdaTracing.of()', 'xray.LambdaTracing.of(app).active();', 'LambdaTracing.of(app)'],
    [
      'the mixin',
      "new xray.LambdaTracing().applyTo(new Fn(stack, 'Fn', props).node.defaultChild);",
      "LambdaTracing for 'Stack/Fn/Resource'",
    ],
    ['the pack', 'new xray.LambdaXRayChecks(app);', 'LambdaXRayChecks'],
    ['validateScope()', 'new xray.LambdaXRayChecks().validateScope(stack);', "Can't check 'Stack'"],
    ['TracingAssertions', 'xray.TracingAssertions.fromStack(stack);', "Can't check 'Stack'"],
  ])('%s throws an error that names both', (_, code, source) => {
    const { status, stderr } = run(folder, code);
    expect(status).toBe(1);
    const [app, own] = ['aws-cdk-lib-lowest', 'aws-cdk-lib'].map((copy) =>
      join(PROJECT, 'node_modules', copy),
    );
    expect(stderr).toContain(
      `Error: ${source}: the app uses the aws-cdk-lib in ${app}, but cdk-lambda-xray uses another copy in ${own}. Install one copy`,
    );
  });

  test('the plugin of an app reports the error', () => {
    const { stdout, stderr } = run(
      folder,
      "new Fn(stack, 'Fn', props); require('aws-cdk-lib').Validations.of(app).addPlugins(new xray.LambdaXRayChecks());",
    );
    expect(`${stdout}${stderr}`).toContain("Can't check the app: the app uses the aws-cdk-lib in");
  });
});

test('one copy with two paths is accepted', () => {
  const folder = project('aws-cdk-lib', 'aws-cdk-lib');
  const { status, stdout, stderr } = run(folder, `xray.LambdaTracing.of(app).active(); ${TRACED}`);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('"TracingConfig":{"Mode":"Active"}');
});

test('two links to one copy are two copies if Node.js keeps symbolic links', () => {
  const folder = project('aws-cdk-lib', 'aws-cdk-lib');
  const { status, stderr } = run(folder, TRACED, ['--preserve-symlinks']);
  expect(status).toBe(1);
  expect(stderr).toContain(
    `the app uses the aws-cdk-lib in ${join(folder, 'node_modules', 'aws-cdk-lib')}, but cdk-lambda-xray uses another copy ` +
      `in ${join(folder, 'node_modules', 'cdk-lambda-xray', 'node_modules', 'aws-cdk-lib')}.`,
  );
});
