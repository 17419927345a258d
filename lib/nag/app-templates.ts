import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type CfnElement, CfnResource, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct, Node } from 'constructs';
import { objectAt } from '../cloudformation/json';
import { expandLanguageExtensions } from '../cloudformation/language-extensions';
import type {
  CodeFile,
  ConstructAcknowledgement,
  Resource,
  TemplateSource,
} from '../cloudformation/template';
import { acknowledgedRules } from '../constructs/private/acknowledgements';
import { CodeReader } from '../input/text-files';

/** The metadata key of a resource's construct path. */
const PATH = 'aws:cdk:path';

/**
 * The synthesized templates of a whole app, including nested stacks and stages, and the constructs of their resources.
 *
 * The templates are read from the cloud assembly, because they are what is deployed: they contain raw overrides and
 * included resources.
 */
export class AppTemplates {
  public readonly sources: readonly (TemplateSource & { readonly file: string })[];
  private readonly stacks = new Map<string, Stack>();
  private readonly resources = new Map<Stack, CfnResource[]>();
  /** The resources that can't be found by construct path, by the stack's ID and by logical ID. */
  private readonly withoutPath = new Map<string, Map<string, CfnResource>>();
  private readonly acknowledgements: ConstructAcknowledgement[] = [];
  private readonly code = new CodeReader();

  /**
   * @param root the synthesized app or stage
   * @param readsCode true if rules can read the code of functions from the assets
   * @throws if a template can't be read, for example because the app is not synthesized
   */
  constructor(
    private readonly root: IConstruct,
    private readonly readsCode = true,
  ) {
    for (const construct of root.node.findAll()) {
      if (CfnResource.isCfnResource(construct)) this.add(construct);
      else if (Stack.isStack(construct)) this.stacks.set(idOf(construct), construct);
      for (const rule of acknowledgedRules(construct)) {
        this.acknowledgements.push({ ...rule, constructPath: construct.node.path });
      }
    }
    this.sources = [...this.stacks].map(([id, stack]) => this.sourceOf(id, stack));
  }

  /** Returns the construct of a resource, or the stack if the resource has no construct. */
  public constructOf(resource: Resource): IConstruct {
    return (
      this.withoutPath.get(resource.template.id)?.get(resource.logicalId) ??
      (resource.constructPath === undefined ? undefined : constructAt(this.root, resource.constructPath)) ??
      this.stackOf(resource)
    );
  }

  /** Returns true if a resource is in one of the templates, and not in the configuration. */
  public has({ template }: Resource): boolean {
    return this.stacks.has(template.id);
  }

  /** Returns the stack of a resource. */
  public stackOf(resource: Resource): Stack {
    return this.stacks.get(resource.template.id)!;
  }

  private add(resource: CfnResource): void {
    const resources = this.resources.get(resource.stack);
    if (resources) resources.push(resource);
    else this.resources.set(resource.stack, [resource]);
  }

  private sourceOf(id: string, stack: Stack): TemplateSource & { readonly file: string } {
    const template = readTemplate(stack);
    const withoutPath = byLogicalId(stack, pathless(this.resources.get(stack) ?? [], template));
    this.withoutPath.set(id, withoutPath);
    const known = (value: string) => (Token.isUnresolved(value) ? undefined : value);
    return {
      id,
      file: stack.templateFile,
      selectedBy: withStacksAround(stack).map((each) => templatePath(each).split(sep).join('/')),
      template,
      constructPaths: Object.fromEntries(
        [...withoutPath].map(([logicalId, { node }]) => [logicalId, node.path]),
      ),
      constructPath: stack.node.path,
      acknowledgements: this.acknowledgements,
      stackName: known(stack.stackName),
      account: known(stack.account),
      region: known(stack.region),
      group: Stage.of(stack)?.node.path,
      nestedIn: nestingOf(stack),
      codeOf: this.readsCode ? (logicalId) => codeIn(stack, template, logicalId, this.code) : undefined,
    };
  }
}

/** Reads the code of a function. The key of its archive is the hash of the asset, whose folder is in the cloud assembly. */
function codeIn(stack: Stack, template: unknown, logicalId: string, reader: CodeReader): readonly CodeFile[] {
  const { Properties: properties } = objectAt(objectAt(template, 'Resources'), logicalId);
  const { S3Key: key } = objectAt(properties, 'Code');
  const [hash] = (typeof key === 'string' && /[0-9a-f]{64}/.exec(key)) || [];
  if (hash === undefined) return [];
  const { assetOutdir } = Stage.of(stack) ?? {};
  return assetOutdir === undefined ? [] : reader.read(join(assetOutdir, `asset.${hash}`));
}

/** Returns the construct at a path, if there is one. The path comes from a template and can be any text. */
function constructAt({ node }: IConstruct, path: string): IConstruct | undefined {
  let at: IConstruct = node.root;
  for (const id of path.split(Node.PATH_SEP)) {
    const child: unknown = at.node.tryFindChild(id);
    if (!Construct.isConstruct(child)) return undefined;
    at = child;
  }
  return at;
}

/**
 * Returns the resources of a stack that the template doesn't identify by their paths. Path metadata can be disabled,
 * set by hand, or come from an included template.
 */
function pathless(resources: readonly CfnResource[], template: unknown): CfnResource[] {
  const paths = uniquePathsIn(template);
  return resources.filter(
    (resource) => !paths.has(resource.node.path) || resource.getMetadata(PATH) !== resource.node.path,
  );
}

/** Returns the paths of exactly one resource each. A path of several resources identifies none of them. */
function uniquePathsIn(template: unknown): Set<string> {
  const paths = new Set<string>();
  const repeated = new Set<string>();
  for (const resource of Object.values(objectAt(template, 'Resources'))) {
    const path = objectAt(resource, 'Metadata')[PATH];
    if (typeof path !== 'string') continue;
    if (paths.has(path)) repeated.add(path);
    paths.add(path);
  }
  for (const path of repeated) paths.delete(path);
  return paths;
}

/**
 * Returns resources by logical ID. Call it for few resources: for the logical ID of a current version, CDK renders and
 * hashes the function again.
 */
function byLogicalId(stack: Stack, resources: readonly CfnResource[]): Map<string, CfnResource> {
  return new Map(resources.map((resource) => [String(stack.resolve(resource.logicalId)), resource]));
}

/** Returns a stack and the stacks that it is nested in. */
function withStacksAround(stack: Stack): Stack[] {
  const parent = stack.nestedStackParent;
  return parent ? [stack, ...withStacksAround(parent)] : [stack];
}

/** Returns the path of a stack's synthesized template. */
export function templatePath(stack: Stack): string {
  return join(Stage.of(stack)?.outdir ?? '', stack.templateFile);
}

function readTemplate(stack: Stack): unknown {
  const path = templatePath(stack);
  try {
    return expandLanguageExtensions(JSON.parse(readFileSync(path, 'utf-8'))).template;
  } catch (error) {
    throw new Error(
      `Can't check the stack '${stack.node.path}', because its template ${path} can't be read ` +
        `(${(error as Error).message}). Synthesize the app first.`,
      { cause: error },
    );
  }
}

function nestingOf(stack: Stack): TemplateSource['nestedIn'] {
  if (!NestedStack.isNestedStack(stack) || !stack.nestedStackParent || !stack.nestedStackResource) {
    return undefined;
  }
  const parent = stack.nestedStackParent;
  const resource = stack.nestedStackResource as unknown as CfnElement;
  return { id: idOf(parent), logicalId: String(parent.resolve(resource.logicalId)) };
}

/** Returns the path of a stack. A stack without an app has no path, but an artifact ID. */
function idOf(stack: Stack): string {
  return stack.node.path || stack.artifactId;
}
