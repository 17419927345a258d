/**
 * Builds the packages of all languages below `packages`, from the result of `npm run build`: `npm run package`, or
 * `npm run package -- python js` for some of them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const SCRIPTS = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(SCRIPTS, '..');
const PACKAGES = join(PROJECT, 'packages');
/** Files that are removed in the end. Packages of Node.js are found in the folders above it. */
const WORK = join(PACKAGES, '.work');

const SNIPPETS = '.jsii.tabl.json.gz';

const BUILDERS = { js, python, java, dotnet, go };

const LANGUAGES = Object.keys(BUILDERS);

/** Returns what is wrong with a choice of languages. Undefined if nothing is. */
export function problemOf(languages) {
  const unknown = languages.find((language) => !LANGUAGES.includes(language));
  return unknown === undefined
    ? undefined
    : `There is no package for ${unknown}. Use ${LANGUAGES.join(', ')}.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) packageAll(process.argv.slice(2));

function packageAll(languages) {
  const isBuilt = existsSync(join(PROJECT, '.jsii.gz'));
  const problem =
    problemOf(languages) ?? (isBuilt ? undefined : 'There is nothing to package. Run npm run build first.');
  if (problem !== undefined) {
    console.error(problem);
    process.exit(2);
  }
  for (const [language, builds] of Object.entries(BUILDERS)) {
    if (languages.length > 0 && !languages.includes(language)) continue;
    rmSync(join(PACKAGES, language), { recursive: true, force: true });
    mkdirSync(join(PACKAGES, language), { recursive: true });
    builds(join(PACKAGES, language));
    rmSync(WORK, { recursive: true, force: true });
  }
}

function js(target) {
  run(process.execPath, join(SCRIPTS, 'lint-package.mjs'), pack(target));
}

/** jsii's own script for the command loads the AWS CDK, so the wheel gets another one. */
function python(target) {
  const folder = generate('python');
  cpSync(
    join(SCRIPTS, 'wheel-command.py'),
    join(folder, 'src', 'cdk_lambda_xray', '_jsii', 'bin', 'cdk-lambda-xray'),
  );
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--wheel-dir', target];
  run('python3', '-m', 'pip', 'wheel', ...options, folder);
}

/**
 * A Maven repository. It requires the lowest versions of its dependencies. jsii-pacmak would take the newest at the time of
 * the build, and Gradle would then replace an older version of the AWS CDK in an app.
 */
function java(target) {
  const pom = join(generate('java'), 'pom.xml');
  const text = readFileSync(pom, 'utf-8');
  writeFileSync(pom, text.replace(/(?<=<version>)\[([\d.]+),[\d.]+\)(?=<\/version>)/g, '$1'));
  const repository = `-DaltDeploymentRepository=local::default::file://${target}`;
  run('mvn', '--quiet', '--batch-mode', '--file', pom, 'deploy', repository);
}

/** A project, because compiling it needs the .NET SDK. */
function dotnet(target) {
  cpSync(generate('dotnet'), target, { recursive: true });
}

/**
 * A module without the pack, because Go has no module of cdk-nag 3. Go compiles modules where they are used. As in Java, the lowest
 * versions are required: jsii-pacmak writes those that are installed here.
 */
function go(target) {
  cpSync(generate('go', withoutNag), target, { recursive: true });
  const [name] = readdirSync(target);
  const file = join(target, name, 'go.mod');
  const { 'aws-cdk-lib': cdk, constructs } = manifest().peerDependencies;
  const text = readFileSync(file, 'utf-8')
    .replace(/^.* \/\/ indirect\n/gm, '')
    .replace(/(?<=\/awscdk\/v2 )v.*/, `v${cdk.slice('^'.length)}`)
    .replace(/(?<=\/constructs\/v10 )v.*/, `v${constructs.slice('^'.length)}`);
  writeFileSync(file, text);
}

/** Writes the code of a package, and returns its folder. */
function generate(language, adapt = requireNag) {
  const folder = join(WORK, 'npm');
  mkdirSync(folder, { recursive: true });
  run('tar', '-xzf', pack(WORK), '-C', folder, '--strip-components=1');
  changeJson(join(folder, '.jsii.gz'), (assembly) => withAbsoluteLinks(adapt(assembly)));
  changeJson(join(folder, 'package.json'), ({ peerDependencies, ...manifest }) => ({
    ...manifest,
    peerDependencies: adapt({ dependencies: peerDependencies }).dependencies,
  }));
  translateSnippets(folder);
  const options = ['--targets', language, '--outdir', WORK, '--code-only', '--no-npmignore'];
  run(process.execPath, tool('jsii-pacmak'), ...options, folder);
  return join(WORK, language);
}

/**
 * Completes the links in the README, which are relative to the repository, to those of the released version. npm does so by
 * itself, and PyPI and Maven Central do not.
 */
function withAbsoluteLinks({ readme, ...assembly }) {
  const { homepage, version } = manifest();
  const markdown = readme.markdown.replace(
    /(!?)(\[[^\]]*\])\((?![a-z]+:|#)([^)]+)\)/g,
    (_, image, text, path) => `${image}${text}(${homepage}/${image ? 'raw' : 'blob'}/v${version}/${path})`,
  );
  return { ...assembly, readme: { ...readme, markdown } };
}

/**
 * The code of the other languages refers to cdk-nag 3. Without it, or with version 2, it could not be loaded. 3.0.2 is the first
 * version in Maven Central.
 */
function requireNag({ dependencies, ...assembly }) {
  return { ...assembly, dependencies: { ...dependencies, 'cdk-nag': '^3.0.2' } };
}

/** Leaves out cdk-nag, and the types that need it. */
function withoutNag({ dependencies, dependencyClosure = {}, types = {}, ...assembly }) {
  const without = (packages) =>
    Object.fromEntries(Object.entries(packages).filter(([name]) => name !== 'cdk-nag'));
  const isNag = (type) => /"cdk-nag\b/.test(JSON.stringify(type));
  const left = Object.entries(types).filter(([, type]) => !isNag(type));
  // The severities of the pack's rules.
  const used = left.filter(([name]) => !name.endsWith('.RuleSeverity'));
  return {
    ...assembly,
    dependencies: without(dependencies),
    dependencyClosure: without(dependencyClosure),
    types: Object.fromEntries(used),
  };
}

/** Compiles the examples in the README and in doc comments, and adds their translations. */
function translateSnippets(folder) {
  run(process.execPath, tool('jsii-rosetta'), 'extract', '--strict', '--compress-tablet', PROJECT);
  cpSync(join(PROJECT, SNIPPETS), join(folder, SNIPPETS));
}

function tool(name) {
  return join(PROJECT, 'node_modules', name, 'bin', name);
}

function manifest() {
  return JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf-8'));
}

function changeJson(file, change) {
  const isCompressed = file.endsWith('.gz');
  const content = readFileSync(file);
  const changed = JSON.stringify(
    change(JSON.parse((isCompressed ? gunzipSync(content) : content).toString('utf-8'))),
  );
  writeFileSync(file, isCompressed ? gzipSync(changed) : changed);
}

/** Packs the library for npm, and returns the path of the file. */
function pack(folder) {
  mkdirSync(folder, { recursive: true });
  run('npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder);
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    cwd: PROJECT,
    // jsii warns about each version of Node.js that it has not been tested with, and about those at their end of life.
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' },
    stdio: 'inherit',
  });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
