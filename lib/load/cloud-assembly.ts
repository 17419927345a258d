import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, objectAt } from '../model/json';
import type { TemplateSource } from '../model/template';

/**
 * Reads the templates of a CDK cloud assembly (`cdk.out`): its stacks, the stacks nested in them, and those of the
 * assemblies of its stages.
 *
 * @param directory the folder with the `manifest.json`
 * @throws if the manifest or a file that it names can't be read
 */
export function readCloudAssembly(directory: string): TemplateSource[] {
  const artifacts = Object.values(objectAt(readJson(join(directory, 'manifest.json')), 'artifacts')).filter(
    isObject,
  );
  const assets = artifacts
    .filter(({ type }) => type === 'cdk:asset-manifest')
    .map((artifact) => readJson(join(directory, fileOf(artifact, 'file'))));
  const files = Object.assign({}, ...assets.map((manifest) => objectAt(manifest, 'files'))) as JsonObject;

  return artifacts.flatMap((artifact) => {
    switch (artifact.type) {
      case 'aws:cloudformation:stack':
        return new StackReader(directory, artifact, files).read();
      case 'cdk:cloud-assembly':
        return readCloudAssembly(join(directory, fileOf(artifact, 'directoryName')));
      default:
        return [];
    }
  });
}

/** Reads the template of a stack, and of those nested in it. */
class StackReader {
  private readonly common: Pick<TemplateSource, 'account' | 'region' | 'group'>;
  /** The construct paths of the stack and its nested stacks, with the logical ID of each. */
  private readonly paths: readonly (readonly [path: string, logicalId: string])[];

  constructor(
    private readonly directory: string,
    private readonly artifact: JsonObject,
    private readonly files: JsonObject,
  ) {
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(String(artifact.environment)) ?? [];
    this.common = {
      account: account === 'unknown-account' ? undefined : account,
      region: region === 'unknown-region' ? undefined : region,
      group: directory,
    };
    this.paths = logicalIds(metadataOf(directory, artifact));
  }

  public read(): TemplateSource[] {
    const file = fileOf(this.artifact, 'templateFile');
    const { stackName } = objectAt(this.artifact, 'properties');
    return this.readTemplate(file, '', {
      id: join(this.directory, file),
      stackName: typeof stackName === 'string' ? stackName : undefined,
    });
  }

  /** @param below the path of the nested stack, nothing for the stack itself */
  private readTemplate(
    file: string,
    below: string,
    source: Pick<TemplateSource, 'id' | 'stackName' | 'nestedIn'>,
  ): TemplateSource[] {
    const template = readJson(join(this.directory, file));
    const nested = Object.entries(objectAt(template, 'Resources')).flatMap(([logicalId, resource]) => {
      const asset = this.nestedTemplate(resource);
      return asset === undefined ? [] : [{ logicalId, asset, path: this.nestedPath(logicalId, below) }];
    });
    const isNested = (path: string) =>
      nested.some((stack) => stack.path && path.startsWith(`${stack.path}/`));
    const own = this.paths.filter(([path]) => path.startsWith(`${below}/`) && !isNested(path));
    return [
      {
        ...this.common,
        ...source,
        template,
        constructPaths: Object.fromEntries(own.map(([path, logicalId]) => [logicalId, path.slice(1)])),
      },
      ...nested.flatMap(({ logicalId, asset, path }) =>
        this.readTemplate(asset, path ?? `${below}/${logicalId}`, {
          id: `${source.id}#${logicalId}`,
          nestedIn: { id: source.id, logicalId },
        }),
      ),
    ];
  }

  /** The file of a nested stack's template, by the hash in its URL, which the assets are listed by. */
  private nestedTemplate(resource: unknown): string | undefined {
    if (!isObject(resource) || resource.Type !== 'AWS::CloudFormation::Stack') return undefined;
    const url = JSON.stringify(objectAt(resource, 'Properties').TemplateURL) ?? '';
    const [hash] = /[0-9a-f]{64}/.exec(url) ?? [];
    const { path } = objectAt(objectAt(this.files, hash ?? ''), 'source');
    return typeof path === 'string' ? path : undefined;
  }

  /** The path of the construct that is the nested stack: its resource stands beside it, as CDK lays it out. */
  private nestedPath(logicalId: string, below: string): string | undefined {
    const [resource] =
      this.paths.find(([path, id]) => id === logicalId && path.startsWith(`${below}/`)) ?? [];
    return resource && /^(.*)\.NestedStack\/[^/]*\.NestedStackResource$/.exec(resource)?.[1];
  }
}

function logicalIds(metadata: JsonObject): [string, string][] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    (Array.isArray(entries) ? entries : [])
      .filter((entry) => isObject(entry) && entry.type === 'aws:cdk:logicalId')
      .map((entry: JsonObject): [string, string] => [path, String(entry.data)]),
  );
}

/** What CDK says of the constructs of a stack, in the manifest or in a file beside it. */
function metadataOf(directory: string, artifact: JsonObject): JsonObject {
  const { additionalMetadataFile: file } = artifact;
  const more = typeof file === 'string' ? readJson(join(directory, file)) : {};
  return { ...objectAt(artifact, 'metadata'), ...(isObject(more) ? more : {}) };
}

function fileOf(artifact: JsonObject, property: string): string {
  return String(objectAt(artifact, 'properties')[property]);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf-8'));
  } catch (error) {
    throw new Error(`Can't read ${path}: ${(error as Error).message}`, { cause: error });
  }
}
