import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, CfnResource, type Stack } from 'aws-cdk-lib';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
}

/** A synthesized app. */
export interface Assembly {
  readonly app: App;
  readonly directory: string;
  /** The templates by their path in the assembly. Template assets have this path instead of their hash. */
  readonly templates: Readonly<Record<string, Template>>;
  /** The logical IDs of `AWS::Lambda::Version` resources, by construct path. */
  readonly versions: ReadonlyMap<string, string>;
  /** The hashes of all assets that are no templates. */
  readonly assets: readonly string[];
}

export function synthesized(app: App): Assembly {
  const { directory } = app.synth();
  const manifests = filesIn(directory, '.assets.json').map((file) => readAssets(join(directory, file)));
  const texts = new Map(
    filesIn(directory, '.template.json').map((file) => [file, readFileSync(join(directory, file), 'utf8')]),
  );
  const files = manifests.flatMap(({ files = {} }) => Object.entries(files));
  const isTemplate = ({ source }: FileAsset) => source.path?.endsWith('.template.json');
  for (const [hash, { source }] of files.filter(([, asset]) => isTemplate(asset))) {
    for (const [file, text] of texts) texts.set(file, text.replaceAll(hash, `hash of ${source.path}`));
  }
  return {
    app,
    directory,
    templates: Object.fromEntries([...texts].map(([file, text]) => [file, JSON.parse(text) as Template])),
    versions: versionsIn(app),
    assets: [
      ...files.filter(([, asset]) => !isTemplate(asset)).map(([hash]) => hash),
      ...manifests.flatMap(({ dockerImages = {} }) => Object.keys(dockerImages)),
    ].sort(),
  };
}

/** Returns the paths of files, including those of nested assemblies. */
function filesIn(directory: string, ending: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith(ending) && !file.startsWith('asset.')).sort();
}

interface FileAsset {
  readonly source: { readonly path?: string };
}

interface Assets {
  readonly files?: Readonly<Record<string, FileAsset>>;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
}

function readAssets(file: string): Assets {
  return JSON.parse(readFileSync(file, 'utf8')) as Assets;
}

function versionsIn(app: App): Map<string, string> {
  const resources = app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  return new Map(
    resources
      .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Lambda::Version')
      .map((version) => [version.node.path, logicalId(version.stack, version)]),
  );
}

function logicalId(stack: Stack, { logicalId }: CfnResource): string {
  return stack.resolve(logicalId) as string;
}
