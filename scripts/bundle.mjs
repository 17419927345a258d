/** Bundles the command into one file, and lists the licences of what is in it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NAME = 'cdk-lambda-xray';

/**
 * @param {string} outdir a folder beside a `package.json`, which the command reads its version from
 * @returns {Promise<string>} the path of the command
 */
export async function bundle(outdir = join(PROJECT, 'dist')) {
  const outfile = join(outdir, `${NAME}.js`);
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: [join('bin', `${NAME}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const packages = withDependencies(new Set(Object.keys(metafile.inputs).flatMap(packageOf)));
  writeFileSync(join(outdir, `${NAME}.LICENSES.txt`), licenses(packages));
  return outfile;
}

/** The folder of the package that a bundled file is from; nothing for this project's own. */
function packageOf(input) {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
  return folder === undefined ? [] : [join(PROJECT, folder)];
}

/** Some packages bundle what they depend on into the files that they publish. */
function withDependencies(packages) {
  for (const folder of packages) {
    const { dependencies = {} } = manifestOf(folder);
    for (const name of Object.keys(dependencies)) packages.add(folderOf(name, folder));
  }
  return packages;
}

function folderOf(name, dependent) {
  const folders = createRequire(join(dependent, 'package.json')).resolve.paths(name) ?? [];
  const found = folders.map((folder) => join(folder, name)).find(existsSync);
  if (found === undefined) {
    throw new Error(`${relative(PROJECT, dependent)} needs ${name}, which is not installed. Run npm ci.`);
  }
  return found;
}

function licenses(folders) {
  const sections = [...folders].map((folder) => {
    const { name, version, license } = manifestOf(folder);
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (file === undefined && license === undefined) {
      throw new Error(
        `${relative(PROJECT, folder).split(sep).join('/')} has no licence. It can't be bundled.`,
      );
    }
    const text =
      file === undefined ? `License: ${license}` : readFileSync(join(folder, file), 'utf-8').trim();
    return { title: `${name} ${version} (${license})`, text };
  });
  const rule = '-'.repeat(80);
  return [
    `The command ${NAME} contains, or may contain parts of:\n`,
    ...sections
      .sort((a, b) => (a.title < b.title ? -1 : 1))
      .map(({ title, text }) => `${rule}\n${title}\n\n${text}\n`),
  ].join('\n');
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf-8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
