/**
 * Bundles the command, the function of the guard, and the pack's loaders of baselines and of the configuration, lists the
 * bundled packages, and makes the optional peers optional at run time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { build } from 'esbuild';
import {
  billOfMaterials,
  bundledPackages,
  licenses,
  manifestOf,
  NAME,
  PROJECT,
} from './bundled-packages.mjs';

/**
 * The modules in separate files, each with the names that are used: not every run needs them, and compiling them slows down
 * the start.
 */
const SEPARATE = {
  'aws-sdk': {
    '@aws-sdk/client-cloudformation':
      'CloudFormationClient, DescribeStackResourceCommand, DescribeStacksCommand, GetTemplateCommand, paginateDescribeStacks, paginateListStackResources',
    '@aws-sdk/client-iam': 'IAMClient, paginateSimulatePrincipalPolicy',
    '@aws-sdk/client-lambda':
      'LambdaClient, ListTagsCommand, paginateListAliases, paginateListEventSourceMappings, paginateListFunctions, paginateListVersionsByFunction',
    '@aws-sdk/client-xray': 'GetIndexingRulesCommand, GetTraceSegmentDestinationCommand, XRayClient',
    '@aws-sdk/credential-provider-ini': 'fromIni',
    '@aws-sdk/credential-provider-node': 'defaultProvider',
    'agent-base': 'Agent',
    'https-proxy-agent': 'HttpsProxyAgent',
    'proxy-from-env': 'getProxyForUrl',
  },
  yaml: { yaml: '*' },
  diff: { diff: 'createTwoFilesPatch, FILE_HEADERS_ONLY' },
  layout: { '@dagrejs/dagre': '*' },
  mcp: {
    '@modelcontextprotocol/server': 'McpServer',
    '@modelcontextprotocol/server/stdio': 'StdioServerTransport',
    zod: 'array, boolean, strictObject, string',
  },
};

/**
 * The modules that the pack loads on demand, because the library has no dependencies at run time: one for baselines, one
 * that looks for a configuration file, and one that parses it.
 */
const LOADERS = [
  ['input', 'load'],
  ['config', 'config-file'],
  ['config', 'parse-config'],
];

const OPTIONS = {
  absWorkingDir: PROJECT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'none',
  // Names stay, for stack traces. A shorter text takes less time to compile.
  minifyWhitespace: true,
  metafile: true,
  logLevel: 'warning',
};

/**
 * @param {string} outdir the output folder, next to the `package.json` from which the command reads its version
 * @returns {Promise<string>} the path of the command
 */
export async function bundle(outdir = join(PROJECT, 'dist')) {
  const outfile = join(outdir, `${NAME}.js`);
  const built = await Promise.all([
    build({
      ...OPTIONS,
      entryPoints: [join('bin', `${NAME}.ts`)],
      outfile,
      plugins: [separateFiles],
    }),
    build({
      ...OPTIONS,
      entryPoints: [join('bin', 'main.ts')],
      outfile: join(outdir, separateFile('main')),
      plugins: [separateFiles, withoutPrograms, pageInside],
    }),
    ...Object.entries(SEPARATE).map(([name, modules]) =>
      build({
        ...OPTIONS,
        stdin: { contents: exportsOf(modules), resolveDir: PROJECT },
        outfile: join(outdir, separateFile(name)),
        plugins: [withoutKerberos],
        // Unused exports are removed only from ES modules.
        mainFields: ['module', 'main'],
      }),
    ),
    ...LOADERS.map(([folder, name]) =>
      build({
        ...OPTIONS,
        entryPoints: [join('lib', folder, `${name}.ts`)],
        external: ['./parse-config', './parse-config.js'],
        outfile: join(outdir, folder, `${name}.js`),
      }),
    ),
    ...(await guardFunction(outdir)),
  ]);
  escapeNonAscii(join(outdir, separateFile('main')));
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const packages = bundledPackages(inputs);
  writeFileSync(join(outdir, `${NAME}.LICENSES.txt`), licenses(packages));
  writeFileSync(join(outdir, `${NAME}.cdx.json`), billOfMaterials(packages));
  return outfile;
}

/**
 * Escapes the characters that esbuild leaves in regular expressions and tagged templates. With a single one of them, V8 stores
 * the whole text with two bytes per character, which takes longer to read and compile.
 */
function escapeNonAscii(file) {
  const text = readFileSync(file, 'utf-8');
  const escaped = text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  writeFileSync(file, escaped);
}

/**
 * Bundles the function of the guard. The worker that it checks templates in is part of it, compressed. The runtime has the SDK
 * ("Building Lambda functions with Node.js", AWS Lambda Developer Guide).
 */
async function guardFunction(outdir) {
  const options = {
    ...OPTIONS,
    minify: true,
    external: ['@aws-sdk/*'],
    // The runtime has it in NODE_PATH, where only `require` looks for modules.
    supported: { 'dynamic-import': false },
    plugins: [versionInside, withoutKerberos],
  };
  const worker = await build({ ...options, entryPoints: [join('lib', 'guard', 'worker.ts')], write: false });
  const code = deflateSync(worker.outputFiles[0].contents, { level: 9 }).toString('base64');
  const handler = await build({
    ...options,
    entryPoints: [join('lib', 'guard', 'handler.ts')],
    define: { GUARD_WORKER: JSON.stringify(code) },
    outfile: join(outdir, 'guard', 'function', 'index.js'),
  });
  return [worker, handler];
}

function exportsOf(modules) {
  return Object.entries(modules)
    .map(([name, exported]) => `export ${exported === '*' ? '*' : `{ ${exported} }`} from '${name}';`)
    .join('\n');
}

function separateFile(name) {
  return `${NAME}.${name}.js`;
}

/** Resolves modules to the separate files. */
const separateFiles = {
  name: 'separate-files',
  setup({ onResolve }) {
    const main = { './main.js': '*' };
    for (const [name, modules] of Object.entries({ main, ...SEPARATE })) {
      onResolve({ filter: new RegExp(`^(${Object.keys(modules).join('|')})$`) }, () => ({
        path: `./${separateFile(name)}`,
        external: true,
      }));
    }
  },
};

/** Omits Kerberos authentication for proxies: it is unused and needs a library that is not bundled. */
const withoutKerberos = {
  name: 'without-kerberos',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^proxy-agent-negotiate$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'export let createNegotiateAuth;' }));
  },
};

/** Omits the module that starts programs from commander, which needs it only for commands in other files. */
const withoutPrograms = {
  name: 'without-programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /^node:child_process$/, namespace: 'left-out' }, () => ({ contents: '' }));
  },
};

/** Embeds the script of the map's page in the command as text. */
const pageInside = {
  name: 'page-inside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]report[\\/]map[\\/]page-script\.ts$/ }, async ({ path }) => {
      const page = join(dirname(path), 'page');
      const options = JSON.parse(readFileSync(join(page, 'esbuild.json'), 'utf-8'));
      const { outputFiles } = await build({ ...options, entryPoints: [join(page, 'main.ts')] });
      return { contents: `export const pageScript = () => ${JSON.stringify(outputFiles[0].text)};` };
    });
  },
};

/** Embeds the version of this package: the function is deployed without `package.json`. */
const versionInside = {
  name: 'version-inside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]lib[\\/]version\.ts$/ }, ({ path }) => {
      const { version, homepage, bugs } = manifestOf(PROJECT);
      const source = readFileSync(path, 'utf-8');
      const contents = source.replace(/JSON\.parse\(readFileSync\(.*?'utf-8'\)\)/, () =>
        JSON.stringify({ version, homepage, bugs }),
      );
      if (contents === source) throw new Error('lib/version.ts has changed. Adapt scripts/bundle.mjs.');
      return { contents, loader: 'ts' };
    });
  },
};

/** The modules whose declarations import cdk-nag, and the one of them that loads it. */
const NAG_DECLARATIONS = ['nag/lambda-xray-checks.d.ts', 'nag/lambda-xray-rules.d.ts'];
const NAG_MODULE = './nag/lambda-xray-checks';

/**
 * Makes the compiled library usable without cdk-nag, or with cdk-nag 2: the index loads the pack when it is used first,
 * and the declarations compile. TypeScript then treats the types of cdk-nag as `any`. jsii compiles neither.
 *
 * @param outdir the output folder of the compiler
 */
export function makeNagOptional(outdir = join(PROJECT, 'dist')) {
  const index = join(outdir, 'index.js');
  const pack = readFileSync(join(outdir, `${NAG_MODULE}.js`), 'utf-8');
  const names = new Set([...pack.matchAll(/\bexports\.(\w+) = /g)].map(([, name]) => name));
  replaceIn(index, `__exportStar(require("${NAG_MODULE}"), exports);`, () => lazyExports([...names]));
  for (const file of NAG_DECLARATIONS) {
    // The class has no error with cdk-nag 3. In cdk-nag 2, its base class has an abstract method more.
    const lines = /^(import .* from 'cdk-nag';|export declare class \w+ extends NagPack\b.*)$/gm;
    replaceIn(join(outdir, file), lines, (line) => `// @ts-ignore: cdk-nag is optional.\n${line}`);
  }
}

/**
 * Makes the index report a missing or old aws-cdk-lib before it loads it. npm does not install it, because the command does not
 * need it, and `--legacy-peer-deps` allows older versions.
 *
 * @param outdir the output folder of the compiler
 */
export function checkCdkVersion(outdir = join(PROJECT, 'dist')) {
  const lowest = manifestOf(PROJECT).peerDependencies['aws-cdk-lib'].slice('^'.length);
  replaceIn(join(outdir, 'index.js'), '"use strict";', (strict) => `${strict}\n${cdkVersionCheck(lowest)}`);
}

/** Versions of other major numbers are not compared: a build from source has the version 0.0.0. */
function cdkVersionCheck(lowest) {
  const [major, minor, patch] = lowest.split('.');
  return `(() => {
    const advice = " Run npm install aws-cdk-lib@^${lowest}.";
    let version;
    try {
        ({ version } = require("aws-cdk-lib/package.json"));
    }
    catch (error) {
        if (error.code !== "MODULE_NOT_FOUND") throw error;
        throw new Error("The constructs of ${NAME} need aws-cdk-lib, which is not installed." + advice, { cause: error });
    }
    const [major, minor, patch] = version.split(".").map((part) => parseInt(part, 10));
    if (major === ${major} && (minor < ${minor} || (minor === ${minor} && patch < ${patch}))) {
        throw new Error("${NAME} needs aws-cdk-lib ${lowest} or newer, but " + version + " is installed." + advice);
    }
})();`;
}

/** The assignments let Node.js find the names for `import` in ES modules. */
function lazyExports(names) {
  return `${names.map((name) => `exports.${name} = void 0;`).join('\n')}
for (const name of ${JSON.stringify(names)}) {
    Object.defineProperty(exports, name, {
        enumerable: true,
        configurable: true,
        get() {
            try {
                return require("${NAG_MODULE}")[name];
            }
            catch (error) {
                if (error.code !== "MODULE_NOT_FOUND" || !/'cdk-nag'/.test(error.message)) throw error;
                throw new Error(name + " of ${NAME} needs cdk-nag 3, which is not installed. Run npm install cdk-nag@3.", { cause: error });
            }
        },
    });
}`;
}

function replaceIn(file, searched, replacement) {
  const text = readFileSync(file, 'utf-8');
  const replaced = text.replace(searched, replacement);
  if (replaced === text) throw new Error(`${relative(PROJECT, file)} has changed. Adapt scripts/bundle.mjs.`);
  writeFileSync(file, replaced);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle();
  makeNagOptional();
  checkCdkVersion();
}
