import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, objectAt, scalarText } from '../cloudformation/json';
import {
  acknowledgedRuleId,
  type CodeFile,
  type ConstructAcknowledgement,
  PACK_NAME,
} from '../cloudformation/template';
import { CodeReader, displayed, identityOf, isNetworkPath, QuotedFolders } from './text-files';
import { MANIFEST } from './find-files';
import type { Loaded, LoadedTemplate } from './loaded-template';
import { SourcePositions } from './source-positions';
import { TemplateFiles } from './template-files';

/** The name of the file with the report of CDK's validation, in the directory of the app's assembly. */
const REPORT = 'validation-report.json';

/** Limits the number of nested stacks, which can grow exponentially with the number of files. */
const MAX_NESTED = 10_000;

const HINT = 'It is part of a cloud assembly. Synthesize the app again.';

/**
 * Reads the templates of a CDK cloud assembly (`cdk.out`): its stacks, the stacks nested in them, and those of the
 * assemblies of its stages.
 *
 * @param directory the folder with the `manifest.json`
 */
export function readCloudAssembly(directory: string): Loaded {
  const files = new TemplateFiles(undefined, undefined, new QuotedFolders([directory]));
  const templates = new CloudAssemblies(files).read(directory);
  return { templates, errors: files.errors };
}

/** Reads cloud assemblies, each once. A manifest can name an assembly that the user names, too, or name itself. */
export class CloudAssemblies {
  private readonly seen = new Set<string>();

  constructor(private readonly files: TemplateFiles) {}

  /** @param manifest the manifest of the assembly, if it was read before */
  public read(directory: string, manifest?: JsonObject): LoadedTemplate[] {
    const report = join(directory, REPORT);
    const validation = existsSync(report) ? this.files.readObject(report, HINT) : undefined;
    return this.assembly(directory, manifest, {
      directory,
      suppressed: suppressedViolations(validation ?? {}),
    });
  }

  private assembly(directory: string, given: JsonObject | undefined, whole: WholeAssembly): LoadedTemplate[] {
    const identity = identityOf(directory);
    if (this.seen.has(identity)) return [];
    this.seen.add(identity);
    const manifest = given ?? this.files.readObject(join(directory, MANIFEST), HINT) ?? {};
    const artifacts = Object.entries(objectAt(manifest, 'artifacts')).filter(
      (entry): entry is [string, JsonObject] => isObject(entry[1]),
    );
    const assets = new Map(
      artifacts
        .filter(([, { type }]) => type === 'cdk:asset-manifest')
        .flatMap(([name, artifact]) => this.assetFiles(directory, name, artifact)),
    );
    return artifacts.flatMap(([name, artifact]) => {
      switch (artifact.type) {
        case 'aws:cloudformation:stack':
          return new StackReader(directory, name, artifact, assets, whole, this.files).read();
        case 'cdk:cloud-assembly': {
          const nested = fileOf(directory, name, artifact, 'directoryName', this.files);
          return nested === undefined ? [] : this.assembly(nested, undefined, whole);
        }
        default:
          return [];
      }
    });
  }

  private assetFiles(directory: string, name: string, artifact: JsonObject): [string, unknown][] {
    const file = fileOf(directory, name, artifact, 'file', this.files);
    const manifest = file === undefined ? undefined : this.files.readObject(file, HINT);
    return Object.entries(objectAt(manifest, 'files'));
  }
}

/** The assembly of an app, around the assemblies of its stages. */
interface WholeAssembly {
  readonly directory: string;
  /** The acknowledged findings in its report of CDK's validation. */
  readonly suppressed: readonly ConstructAcknowledgement[];
}

/** Reads the template of a stack and of the stacks nested in it. */
class StackReader {
  private readonly common: Pick<LoadedTemplate, 'account' | 'region' | 'group'>;
  private readonly path?: string;
  private readonly paths: ConstructPaths;
  private readonly sources: SourcePositions;
  private readonly acknowledgements: readonly ConstructAcknowledgement[];
  private nested = 0;
  private readonly code = new CodeReader();

  constructor(
    private readonly directory: string,
    private readonly name: string,
    private readonly artifact: JsonObject,
    private readonly assets: ReadonlyMap<string, unknown>,
    { directory: root, suppressed }: WholeAssembly,
    private readonly files: TemplateFiles,
  ) {
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(scalarText(artifact.environment) ?? '') ?? [];
    this.common = {
      account: account === 'unknown-account' ? undefined : account,
      region: region === 'unknown-region' ? undefined : region,
      group: displayed(directory),
    };
    this.path = typeof artifact.displayName === 'string' ? artifact.displayName : undefined;
    const metadata = this.metadata();
    this.paths = new ConstructPaths(metadata);
    this.sources = new SourcePositions(metadata, root);
    const acknowledged = acknowledgedRules(metadata);
    const isAcknowledged = ({ ruleId, constructPath }: ConstructAcknowledgement) =>
      acknowledged.some((given) => given.ruleId === ruleId && isWithin(constructPath, given.constructPath));
    this.acknowledgements = [
      ...acknowledged,
      ...suppressed.filter(
        (given) => isWithin(given.constructPath, this.path ?? '') && !isAcknowledged(given),
      ),
    ];
  }

  public read(): LoadedTemplate[] {
    const file = fileOf(this.directory, this.name, this.artifact, 'templateFile', this.files);
    if (file === undefined) return [];
    const { stackName } = objectAt(this.artifact, 'properties');
    return this.readTemplate([file], '', {
      id: displayed(file),
      // CDK omits a stack name that equals the name of the artifact.
      stackName: typeof stackName === 'string' ? stackName : this.name,
    });
  }

  /**
   * @param files the file of the template, followed by the files of the templates around it
   * @param stack the path of the nested stack; empty for the stack itself
   */
  private readTemplate(
    [file, ...around]: readonly string[],
    stack: string,
    source: Pick<LoadedTemplate, 'id' | 'stackName' | 'nestedIn'>,
  ): LoadedTemplate[] {
    const parsed = this.files.read(file, 'declared', HINT);
    if (!parsed || around.includes(file) || ++this.nested > MAX_NESTED) return [];
    const nested = Object.entries(objectAt(parsed.template, 'Resources')).flatMap(([logicalId, resource]) => {
      const asset = this.nestedTemplate(resource);
      return asset === undefined ? [] : [{ logicalId, asset }];
    });
    return [
      {
        ...this.common,
        ...source,
        file: displayed(file),
        template: parsed.template,
        locate: parsed.locate,
        sourceOf: this.sources.of,
        codeOf: (logicalId) => this.codeOf(objectAt(parsed.template, 'Resources')[logicalId]),
        constructPath: stack === '' ? this.path : stack.slice(1),
        constructPaths: this.paths.in(stack),
        acknowledgements: this.acknowledgements.filter(({ constructPath: path }) =>
          this.isRelated(path, stack),
        ),
      },
      ...nested.flatMap(({ logicalId, asset }) =>
        this.readTemplate([asset, file, ...around], this.paths.nestedStack(stack, logicalId), {
          id: `${source.id}#${logicalId}`,
          nestedIn: { id: source.id, logicalId },
        }),
      ),
    ];
  }

  /** Returns true if a construct is in a stack or around it. */
  private isRelated(construct: string, stack: string): boolean {
    return this.paths.stackOf(`/${construct}`) === stack || isWithin(stack.slice(1), construct);
  }

  /** Returns the file of a nested stack's template. The hash in its URL is the key of the asset. */
  private nestedTemplate(resource: unknown): string | undefined {
    if (!isObject(resource) || resource.Type !== 'AWS::CloudFormation::Stack') return undefined;
    const url = JSON.stringify(objectAt(resource, 'Properties').TemplateURL) ?? '';
    return this.assetIn(url);
  }

  /** Reads the code of a function. The hash in the key of its archive is the key of the asset. */
  private codeOf(resource: unknown): readonly CodeFile[] {
    const { S3Key: key } = objectAt(objectAt(resource, 'Properties'), 'Code');
    const folder = typeof key === 'string' ? this.assetIn(key) : undefined;
    return folder === undefined ? [] : this.code.read(folder);
  }

  /** Returns the file or folder of the asset whose hash a text contains. */
  private assetIn(text: string): string | undefined {
    const [hash = ''] = /[0-9a-f]{64}/.exec(text) ?? [];
    const { path } = objectAt(this.assets.get(hash), 'source');
    return typeof path === 'string' ? localPath(this.directory, path, this.files) : undefined;
  }

  /** Returns the metadata of the constructs of a stack, from the manifest and from a separate file. */
  private metadata(): JsonObject {
    const { additionalMetadataFile: file } = this.artifact;
    const path = typeof file === 'string' ? localPath(this.directory, file, this.files) : undefined;
    const more = path === undefined ? undefined : this.files.readObject(path, HINT);
    return { ...objectAt(this.artifact, 'metadata'), ...more };
  }
}

/** Returns the file or directory of an artifact. Reports an artifact without it. */
function fileOf(
  directory: string,
  name: string,
  artifact: JsonObject,
  property: string,
  files: TemplateFiles,
): string | undefined {
  const file = objectAt(artifact, 'properties')[property];
  if (typeof file === 'string') return localPath(directory, file, files);
  const message = `The artifact ${name} has no ${property}. ${HINT}`;
  files.report({ file: displayed(join(directory, MANIFEST)), message });
  return undefined;
}

/** Returns the path of a file that a manifest names. Reports a path of another computer. */
function localPath(directory: string, path: string, files: TemplateFiles): string | undefined {
  if (!isNetworkPath(path)) return join(directory, path);
  const message = `The manifest names ${path}, a path of another computer, which is not read. ${HINT}`;
  files.report({ file: displayed(join(directory, MANIFEST)), message });
  return undefined;
}

function isWithin(path: string, around: string): boolean {
  return around === '' || path === around || path.startsWith(`${around}/`);
}

/** The path of the resource of a nested stack, which CDK puts beside the construct of the nested stack. */
const NESTED_STACK_RESOURCE = /^(.*)\.NestedStack\/[^/]*\.NestedStackResource$/;

/** The construct paths of a stack and of the stacks nested in it, from the metadata. They start with `/`. */
class ConstructPaths {
  /** Construct paths by logical ID, by the path of the nested stack; empty for the stack itself. */
  private readonly byStack = new Map<string, Map<string, string>>();
  private readonly nested: ReadonlySet<string | undefined>;

  constructor(metadata: JsonObject) {
    const paths = logicalIds(metadata);
    this.nested = new Set(paths.map(([path]) => NESTED_STACK_RESOURCE.exec(path)?.[1]));
    for (const [path, logicalId] of paths) {
      const stack = this.stackOf(path);
      const own = this.byStack.get(stack) ?? new Map<string, string>();
      this.byStack.set(stack, own.set(logicalId, path));
    }
  }

  /** Returns the construct paths in a stack by logical ID, without the first slash. */
  public in(stack: string): Record<string, string> {
    const own = this.byStack.get(stack) ?? [];
    return Object.fromEntries([...own].map(([logicalId, path]) => [logicalId, path.slice(1)]));
  }

  /** Returns the path of the nested stack of a resource. */
  public nestedStack(stack: string, logicalId: string): string {
    const resource = this.byStack.get(stack)?.get(logicalId) ?? '';
    return NESTED_STACK_RESOURCE.exec(resource)?.[1] ?? `${stack}/${logicalId}`;
  }

  /** Returns the path of the nested stack that a construct is or is in; empty for the stack itself. */
  public stackOf(path: string): string {
    let stack = path;
    while (stack !== '' && !this.nested.has(stack)) stack = parentOf(stack);
    return stack;
  }
}

function logicalIds(metadata: JsonObject): [path: string, logicalId: string][] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    (Array.isArray(entries) ? entries : [])
      .filter((entry) => isObject(entry) && entry.type === 'aws:cdk:logicalId')
      .flatMap(({ data }: JsonObject): [string, string][] => {
        const logicalId = scalarText(data);
        return logicalId === undefined ? [] : [[path, logicalId]];
      }),
  );
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** The type of the metadata that `Validations.of(construct).acknowledge()` adds to a construct. */
const METADATA_TYPE = 'aws:cdk:acknowledged-rules';

/**
 * Returns the rules that are acknowledged on a stack or on constructs in it. CDK writes these acknowledgements to the
 * stack's metadata. It does not write acknowledgements on a stage or the app; see `suppressedViolations` for those.
 */
function acknowledgedRules(metadata: JsonObject): ConstructAcknowledgement[] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    (Array.isArray(entries) ? entries : [])
      .filter((entry): entry is JsonObject => isObject(entry) && entry.type === METADATA_TYPE)
      .flatMap(({ data }) => (isObject(data) ? Object.entries(data) : []))
      .flatMap(([id, reason]) => acknowledgement(id, reason, path.replace(/^\//, ''))),
  );
}

/**
 * Returns the acknowledged findings of the pack in `validation-report.json`. CDK writes them if the pack was a plugin
 * during synthesis and the acknowledgement contains the name of the pack, even on a stage or the app. Acknowledgements
 * on a stage or the app with only the rule ID are not in the cloud assembly.
 */
function suppressedViolations(report: JsonObject): ConstructAcknowledgement[] {
  return objectsIn(report.pluginReports)
    .filter(({ pluginName }) => scalarText(pluginName)?.toLowerCase() === PACK_NAME.toLowerCase())
    .flatMap(({ suppressedViolations }) => objectsIn(suppressedViolations))
    .flatMap(({ ruleName, reason, violatingConstructs }) =>
      objectsIn(violatingConstructs).flatMap(({ constructPath }) =>
        typeof ruleName === 'string' && typeof constructPath === 'string'
          ? acknowledgement(ruleName, reason, constructPath)
          : [],
      ),
    );
}

function acknowledgement(id: string, reason: unknown, constructPath: string): ConstructAcknowledgement[] {
  const ruleId = acknowledgedRuleId(id);
  if (ruleId === undefined) return [];
  return [{ ruleId, reason: typeof reason === 'string' ? reason : '', constructPath }];
}

function objectsIn(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
