/** The packages that are part of the command: their licenses, and a bill of materials. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

export const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const NAME = 'cdk-lambda-xray';

/** The licenses that allow to publish a package as part of this one, if its text is included. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Python-2.0'];

/**
 * Returns the folders of the packages of bundled files, in order.
 *
 * @param {string[]} inputs paths from the root of the project
 */
export function bundledPackages(inputs) {
  return [...withDependencies(new Set(inputs.flatMap(packageOf)))].sort();
}

/** Returns the folder of the package of a bundled file. Empty for files of this project. */
function packageOf(input) {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
  return folder === undefined ? [] : [join(PROJECT, folder)];
}

/** Adds dependencies, because some packages publish files that contain their dependencies. */
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

/**
 * Returns the licenses of packages, for the users of the command.
 *
 * @throws {Error} if a package must not be part of the command
 */
export function licenses(folders) {
  const titles = new Map();
  for (const folder of folders) {
    const { name, version, license } = manifestOf(folder);
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (!ALLOWED.includes(license)) {
      const path = relative(PROJECT, folder).split(sep).join('/');
      throw new Error(
        `${path} has ${license ? `the license ${license}` : 'no license'}, so it cannot be bundled. The licenses that can be are in scripts/bundled-packages.mjs.`,
      );
    }
    const text =
      file === undefined ? `License: ${license}` : readFileSync(join(folder, file), 'utf-8').trim();
    // Many packages of the SDK share the same long text.
    titles.set(text, [...(titles.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const rule = '-'.repeat(80);
  return [
    `The command ${NAME} contains, or may contain parts of:\n`,
    ...[...titles].map(([text, packages]) => `${rule}\n${packages.join('\n')}\n\n${text}\n`),
  ].join('\n');
}

export function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf-8'));
}

/**
 * Returns a bill of materials for scanners, in JSON of CycloneDX.
 *
 * @see https://cyclonedx.org/specification/overview/
 */
export function billOfMaterials(folders) {
  const { Builders, Factories } = Contrib.FromNodePackageJson;
  const builder = new Builders.ComponentBuilder(
    new Factories.ExternalReferenceFactory(),
    new Contrib.License.Factories.LicenseFactory(),
  );
  const componentOf = (folder, type) => {
    const manifest = manifestOf(folder);
    const component = builder.makeComponent(manifest, type);
    const { name, version } = manifest;
    component.purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    component.bomRef.value = component.purl;
    return component;
  };
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: componentOf(PROJECT, Enums.ComponentType.Application) }),
    components: new Models.ComponentRepository(
      folders.map((folder) => componentOf(folder, Enums.ComponentType.Library)),
    ),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}
