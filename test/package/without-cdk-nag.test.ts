import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

// The compiler reads the declarations of aws-cdk-lib.
jest.setTimeout(180_000);

const PROJECT = join(__dirname, '..', '..');
const INDEX = join(PROJECT, 'dist', 'index.js');

/** The build makes cdk-nag optional in its last step. */
const isBuilt = existsSync(INDEX) && readFileSync(INDEX, 'utf-8').includes('npm install cdk-nag');

let tarball: string | undefined;

/** Returns the path of the packed library. */
function packed(): string {
  if (tarball) return tarball;
  const folder = mkdtempSync(join(tmpdir(), 'tarball-'));
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  tarball = join(folder, execFileSync('npm', args, { cwd: PROJECT, encoding: 'utf-8' }).trim());
  return tarball;
}

/** Creates the project of a user: the packed library, and links to packages of this project. */
function project(...packages: readonly string[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'packed-')));
  for (const name of packages) {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(PROJECT, 'node_modules', name), path);
  }
  const library = join(folder, 'node_modules', 'cdk-lambda-xray');
  mkdirSync(library, { recursive: true });
  execFileSync('tar', ['-xzf', packed(), '-C', library, '--strip-components=1']);
  writeFileSync(join(folder, 'package.json'), '{}');
  return folder;
}

/** Adds a module with the part of cdk-nag 2 that matters here: a pack is an aspect. */
function addNag2(folder: string): void {
  const nag = join(folder, 'node_modules', 'cdk-nag');
  mkdirSync(nag);
  writeFileSync(
    join(nag, 'package.json'),
    JSON.stringify({ name: 'cdk-nag', version: '2.38.2', main: 'index.js' }),
  );
  writeFileSync(join(nag, 'index.js'), 'exports.NagPack = class NagPack { visit() {} };');
  writeFileSync(
    join(nag, 'index.d.ts'),
    `import { CfnResource, IAspect } from 'aws-cdk-lib';
    import { IConstruct } from 'constructs';
    export declare enum NagRuleCompliance { COMPLIANT = 'Compliant', NON_COMPLIANT = 'Non-Compliant', NOT_APPLICABLE = 'N/A' }
    export type NagRuleResult = NagRuleCompliance | string[];
    export interface NagPackProps { readonly verbose?: boolean }
    export interface IApplyRule { node: CfnResource; rule(node: CfnResource): NagRuleResult }
    export declare abstract class NagPack implements IAspect {
      constructor(props?: NagPackProps);
      protected packName: string;
      protected applyRule(params: IApplyRule): void;
      abstract visit(node: IConstruct): void;
    }`,
  );
}

/** Adds an aws-cdk-lib that has only its version. */
function addCdk(folder: string, version: string): void {
  const cdk = join(folder, 'node_modules', 'aws-cdk-lib');
  mkdirSync(cdk);
  writeFileSync(join(cdk, 'package.json'), JSON.stringify({ name: 'aws-cdk-lib', version }));
}

/** The part of the library's `package.json` that npm decides by. */
interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean } | undefined>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function run(folder: string, name: string, code: string) {
  writeFileSync(join(folder, name), code);
  const env = { ...process.env, CDK_VALIDATION: 'false' };
  return spawnSync(process.execPath, [name], { cwd: folder, env, encoding: 'utf-8' });
}

const APP = `
  const { App, Stack } = require('aws-cdk-lib');
  const { Code, Runtime } = require('aws-cdk-lib/aws-lambda');
  const xray = require('cdk-lambda-xray');
  const app = new App({ outdir: 'cdk.out' });
  const stack = new Stack(app, 'Stack');
  const fn = new xray.TracedFunction(stack, 'Fn', {
    code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X,
  });
  new xray.TracingGuard(stack, 'Guard', { severities: { ActiveTracing: 'error' } });
  xray.LambdaTracing.of(app).active();
  xray.TracingAssertions.fromStack(stack).hasMode('Stack/Fn', 'Active');
  console.log(xray.LambdaXRayRules.ActiveTracing(fn.node.defaultChild));
`;

const PACK = "new (require('cdk-lambda-xray').LambdaXRayChecks)();";

/** Uses each part of the library, with the strictest types. */
const TYPED_APP = `
  import { App, type CfnResource, Stack } from 'aws-cdk-lib';
  import { Code, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
  import { LambdaTracing, LambdaXRayRules, TracedFunction, TracingAssertions } from 'cdk-lambda-xray';
  const stack = new Stack(new App(), 'Stack');
  const fn = new TracedFunction(stack, 'Fn', {
    code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, tracing: Tracing.ACTIVE,
  });
  LambdaTracing.of(stack).active();
  TracingAssertions.fromStack(stack).hasNoFindings();
  export const result = LambdaXRayRules.ActiveTracing(fn.node.defaultChild as CfnResource);
  // @ts-expect-error: There is no such method.
  LambdaTracing.off();
`;

/** A pack of a user, which takes the rules' types from any version of cdk-nag. */
const TYPED_PACK = `
  import { CfnResource } from 'aws-cdk-lib';
  import { NagPack } from 'cdk-nag';
  import type { IConstruct } from 'constructs';
  import { LambdaXRayRules } from 'cdk-lambda-xray';
  export class Checks extends NagPack {
    public visit(node: IConstruct) {
      if (CfnResource.isCfnResource(node)) {
        this.applyRule({ rule: LambdaXRayRules.InvalidMode, node });
        // @ts-expect-error: There is no such rule.
        this.applyRule({ rule: LambdaXRayRules.InvalidMood, node });
      }
    }
  }`;

/** The pack of the documentation, in an app that uses it. */
const TYPED_TEAM_CHECKS = `
  ${readFileSync(join(PROJECT, 'examples', 'team-checks.ts'), 'utf-8').replace(
    /from '..\/lib[^']*'/,
    "from 'cdk-lambda-xray'",
  )}
  import { App } from 'aws-cdk-lib';
  import { LambdaXRayChecks } from 'cdk-lambda-xray';
  export const checks: NagPack[] = [new TeamChecks(), new LambdaXRayChecks(new App(), { verbose: true })];
  // @ts-expect-error: The properties of cdk-nag packs are checked.
  new LambdaXRayChecks(new App(), { verbose: 'yes' });
  // @ts-expect-error: There is no such rule.
  LambdaXRayRules.Unsupported;`;

/** Returns the errors of the compiler in apps, and in the library. The declarations of aws-cdk-lib are read once for all. */
function typeErrors(code: Readonly<Record<string, string>>): string[] {
  const folders = Object.keys(code);
  for (const folder of folders) writeFileSync(join(folder, 'app.ts'), code[folder]);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    module: 'node16',
    moduleResolution: 'node16',
    target: 'es2022',
    types: [],
  };
  const root = mkdtempSync(join(tmpdir(), 'types-'));
  const files = folders.map((folder) => join(folder, 'app.ts'));
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(PROJECT, 'node_modules', 'typescript-native', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc], { cwd: root, encoding: 'utf-8' });
  return stdout
    .split('\n')
    .filter((line) => /(^|[\\/])(app\.ts|node_modules.cdk-lambda-xray[^(]*)\(/.test(line));
}

(isBuilt ? describe : describe.skip)(
  `the packed library${isBuilt ? '' : ' (skipped: run `npm run build` first)'}`,
  () => {
    const [withoutNag, withNag2, withNag3] = isBuilt
      ? [
          project('aws-cdk-lib', 'constructs'),
          project('aws-cdk-lib', 'constructs'),
          project('aws-cdk-lib', 'constructs', 'cdk-nag'),
        ]
      : ['', '', ''];
    if (isBuilt) addNag2(withNag2);

    test('has types that compile without cdk-nag and with each version, with skipLibCheck: false', () => {
      const apps = { [withoutNag]: TYPED_APP, [withNag2]: TYPED_PACK, [withNag3]: TYPED_TEAM_CHECKS };
      expect(typeErrors(apps)).toEqual([]);
    });

    test('has no problems that publint and are-the-types-wrong know', () => {
      const lint = join(PROJECT, 'scripts', 'lint-package.mjs');
      const { status, stderr } = spawnSync(process.execPath, [lint, packed()], { encoding: 'utf-8' });
      expect([status, stderr]).toEqual([0, '']);
    });

    test('has nothing but what users need', () => {
      const library = join(withoutNag, 'node_modules', 'cdk-lambda-xray');
      const files = readdirSync(library, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(library, join(entry.parentPath, entry.name)));
      const needed = [
        /^(README\.md|LICENSE|package\.json|\.jsii|\.jsii\.gz)$/,
        /^dist\/.*\.js$|^dist\/.*\.d\.ts$|^dist\/cdk-lambda-xray\.(LICENSES\.txt|cdx\.json)$/,
        /^docs\/([\w-]+\.schema\.json|no-traces\.md|guard\.md|rules\/[\w-]+\.md)$/,
      ];
      expect(files.filter((file) => !needed.some((pattern) => pattern.test(file)))).toEqual([]);
      expect(files).toEqual(
        expect.arrayContaining([
          '.jsii.gz',
          'dist/cdk-lambda-xray.LICENSES.txt',
          'dist/cdk-lambda-xray.js',
          'dist/index.d.ts',
          'dist/index.js',
          'docs/check-report.schema.json',
          'docs/rules/README.md',
        ]),
      );
    });

    describe('without cdk-nag', () => {
      const folder = withoutNag;

      test('synthesizes traced functions, and has assertions and rules', () => {
        const { status, stdout, stderr } = run(folder, 'app.js', APP);
        expect(stderr).toBe('');
        expect(status).toBe(0);
        expect(stdout).toBe('Compliant\n');
        expect(readFileSync(join(folder, 'cdk.out', 'Stack.template.json'), 'utf-8')).toContain('"Active"');
      });

      test('can be imported by ES modules', () => {
        const { status, stdout, stderr } = run(
          folder,
          'app.mjs',
          "import { LambdaXRayChecks, TracedFunction } from 'cdk-lambda-xray'; console.log(typeof TracedFunction, LambdaXRayChecks);",
        );
        expect([status, stdout, stderr]).toEqual([0, 'function undefined\n', '']);
      });

      test('has a pack that says what to install', () => {
        const { status, stderr } = run(folder, 'pack.js', PACK);
        expect(status).toBe(1);
        expect(stderr).toContain(
          'Error: LambdaXRayChecks of cdk-lambda-xray needs cdk-nag 3, which is not installed. Run npm install cdk-nag@3.',
        );
      });

      test('has a command', () => {
        run(folder, 'app.js', APP);
        const { status, stdout } = run(
          folder,
          'check.js',
          "process.argv.push('check'); require('cdk-lambda-xray/dist/cdk-lambda-xray.js');",
        );
        expect([status, stdout]).toEqual([
          0,
          expect.stringMatching(/^2 functions: 2 Active\.\nNo findings/m),
        ]);
      });
    });

    describe('without any other package', () => {
      const folder = isBuilt ? project() : '';
      const library = join(folder, 'node_modules', 'cdk-lambda-xray');

      test('has a command that checks templates', () => {
        writeFileSync(
          join(folder, 'template.yaml'),
          'Resources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties: { Tracing: Active }\n',
        );
        const args = [join(library, 'dist', 'cdk-lambda-xray.js'), 'check', 'template.yaml'];
        const { status, stdout, stderr } = spawnSync(process.execPath, args, {
          cwd: folder,
          encoding: 'utf-8',
        });
        expect([status, stderr]).toEqual([0, '']);
        expect(stdout).toContain('1 function: 1 Active.');
      });

      test('npx installs neither aws-cdk-lib nor cdk-nag with it', () => {
        const manifest = readFileSync(join(library, 'package.json'), 'utf-8');
        const { peerDependencies, peerDependenciesMeta, dependencies } = JSON.parse(manifest) as Manifest;
        const isOptional = (name: string) => peerDependenciesMeta[name]?.optional === true;
        expect(Object.keys(peerDependencies).filter((name) => !isOptional(name))).toEqual(['constructs']);
        expect(dependencies).toBeUndefined();
      });

      test('has constructs that say what to install', () => {
        const { status, stderr } = run(folder, 'app.js', APP.replace(/.*aws-cdk-lib.*/g, ''));
        expect(status).toBe(1);
        expect(stderr).toContain(
          'Error: The constructs of cdk-lambda-xray need aws-cdk-lib, which is not installed. Run npm install aws-cdk-lib@^2.258.0.',
        );
      });

      test('is small', () => {
        const sizes = readdirSync(library, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8e6);
      });
    });

    describe('with cdk-nag 2', () => {
      const folder = withNag2;

      test('synthesizes traced functions, and has assertions and rules', () => {
        expect(run(folder, 'app.js', APP)).toMatchObject({ status: 0, stdout: 'Compliant\n', stderr: '' });
      });

      test('has a pack that says which version it requires', () => {
        const { status, stderr } = run(folder, 'pack.js', PACK);
        expect(status).toBe(1);
        expect(stderr).toContain(
          'Error: LambdaXRayChecks requires cdk-nag 3, but an older version is installed.',
        );
      });
    });

    test.each(['2.200.0', '2.257.9'])('with aws-cdk-lib %s, says which version it needs', (version) => {
      const folder = project();
      addCdk(folder, version);
      const { status, stderr } = run(folder, 'app.js', "require('cdk-lambda-xray');");
      expect(status).toBe(1);
      expect(stderr).toContain(
        `Error: cdk-lambda-xray needs aws-cdk-lib 2.258.0 or newer, but ${version} is installed. Run npm install aws-cdk-lib@^2.258.0.`,
      );
    });

    test('with cdk-nag 3, has a pack', () => {
      const { status, stdout } = run(
        withNag3,
        'app.mjs',
        "import { LambdaXRayChecks, RuleSeverity } from 'cdk-lambda-xray'; console.log(new LambdaXRayChecks().name, RuleSeverity.OFF);",
      );
      expect([status, stdout]).toEqual([0, 'LambdaXRay off\n']);
    });
  },
);
