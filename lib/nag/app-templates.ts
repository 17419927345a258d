import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CfnElement, CfnResource, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct, Node } from 'constructs';
import { objectAt } from '../cloudformation/json';
import { expandLanguageExtensions } from '../cloudformation/language-extensions';
import type { ConstructAcknowledgement, Resource, TemplateSource } from '../cloudformation/template';
import { acknowledgedRules } from '../constructs/private/acknowledgements';

/** The metadata in which CDK writes the path of a resource. */
const PATH = 'aws:cdk:path';

/**
 * The synthesized templates of a whole app, nested stacks and stages included, and the way back from a
 * resource to its construct.
 *
 * The templates are read from the cloud assembly: raw overrides and includes are in them, and it is they
 * that get deployed.
 */
export class AppTemplates {
  public readonly sources: readonly (TemplateSource & { readonly file: string })[];
  private readonly stacks = new Map<string, Stack>();
  private readonly resources = new Map<Stack, CfnResource[]>();
  /** By the stack's ID and by logical ID, those that no path leads to. */
  private readonly withoutPath = new Map<string, Map<string, CfnResource>>();
  private readonly acknowledgements: ConstructAcknowledgement[] = [];

  /**
   * @param root the app or stage, synthesized
   * @throws if a template can't be read, since the app isn't synthesized
   */
  constructor(private readonly root: IConstruct) {
    for (const construct of root.node.findAll()) {
      if (CfnResource.isCfnResource(construct)) this.add(construct);
      else if (Stack.isStack(construct)) this.stacks.set(idOf(construct), construct);
      for (const rule of acknowledgedRules(construct)) {
        this.acknowledgements.push({ ...rule, constructPath: construct.node.path });
      }
    }
    this.sources = [...this.stacks].map(([id, stack]) => this.sourceOf(id, stack));
  }

  /** The construct that a resource came from; the stack, where the template has it from somewhere else. */
  public constructOf(resource: Resource): IConstruct {
    return (
      this.withoutPath.get(resource.template.id)?.get(resource.logicalId) ??
      (resource.constructPath === undefined ? undefined : constructAt(this.root, resource.constructPath)) ??
      this.stackOf(resource)
    );
  }

  /** The stack whose template a resource is in. */
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
    };
  }
}

/** What is at a path, which may be any that somebody has written into a template. */
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
 * The resources of a stack that the template doesn't tell by their paths: those may be switched off, written by hand, or
 * have come with a template that is included.
 */
function pathless(resources: readonly CfnResource[], template: unknown): CfnResource[] {
  const named = pathsIn(template);
  return resources.filter(
    (resource) => !named.has(resource.node.path) || resource.getMetadata(PATH) !== resource.node.path,
  );
}

/** The paths that stand beside one resource each: of several that have the same, one can't be told. */
function pathsIn(template: unknown): Set<string> {
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

/** To ask a current version for its logical ID has CDK render and hash its function again: it is done for few. */
function byLogicalId(stack: Stack, resources: readonly CfnResource[]): Map<string, CfnResource> {
  return new Map(resources.map((resource) => [String(stack.resolve(resource.logicalId)), resource]));
}

/** The file that a stack's template is synthesized to. */
export function templatePath(stack: Stack): string {
  return join(Stage.of(stack)?.outdir ?? '', stack.templateFile);
}

function readTemplate(stack: Stack): unknown {
  const path = templatePath(stack);
  try {
    return expandLanguageExtensions(JSON.parse(readFileSync(path, 'utf-8'))).template;
  } catch (error) {
    throw new Error(
      `Can't check the stack '${stack.node.path}': its template ${path} can't be read (${(error as Error).message}). ` +
        'Synthesize the app first.',
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

/** A stack's path, which is empty for one without an app. */
function idOf(stack: Stack): string {
  return stack.node.path || stack.artifactId;
}
