import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnElement, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { acknowledgedRules } from '../constructs/acknowledgements';
import type { ConstructAcknowledgement, Resource, TemplateSource } from '../model/template';

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
  private readonly elements = new Map<string, Map<string, CfnElement>>();
  private readonly byPath = new Map<string, IConstruct>();
  private readonly acknowledgements: readonly ConstructAcknowledgement[];

  /**
   * @param root the app or stage, synthesized
   * @throws if a template can't be read, since the app isn't synthesized
   */
  constructor(root: IConstruct) {
    const constructs = root.node.findAll();
    for (const construct of constructs) {
      this.byPath.set(construct.node.path, construct);
      if (Stack.isStack(construct)) this.stacks.set(idOf(construct), construct);
      if (CfnElement.isCfnElement(construct)) this.add(construct);
    }
    this.acknowledgements = constructs.flatMap((construct) =>
      acknowledgedRules(construct).map((rule) => ({ ...rule, constructPath: construct.node.path })),
    );
    this.sources = [...this.stacks].map(([id, stack]) => this.sourceOf(id, stack));
  }

  /** The construct that a resource came from; the stack, where the template has it from somewhere else. */
  public constructOf(resource: Resource): IConstruct {
    return (
      this.elements.get(resource.template.id)?.get(resource.logicalId) ??
      this.byPath.get(resource.constructPath ?? '') ??
      this.stackOf(resource)
    );
  }

  /** The stack whose template a resource is in. */
  public stackOf(resource: Resource): Stack {
    return this.stacks.get(resource.template.id)!;
  }

  private add(element: CfnElement): void {
    const id = idOf(element.stack);
    const elements = this.elements.get(id) ?? new Map<string, CfnElement>();
    this.elements.set(id, elements);
    elements.set(String(element.stack.resolve(element.logicalId)), element);
  }

  private sourceOf(id: string, stack: Stack): TemplateSource & { readonly file: string } {
    const elements = this.elements.get(id) ?? new Map<string, CfnElement>();
    const known = (value: string) => (Token.isUnresolved(value) ? undefined : value);
    return {
      id,
      file: stack.templateFile,
      template: readTemplate(stack),
      constructPaths: Object.fromEntries(
        [...elements].map(([logicalId, { node }]) => [logicalId, node.path]),
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

/** The file that a stack's template is synthesized to. */
export function templatePath(stack: Stack): string {
  return join(Stage.of(stack)?.outdir ?? '', stack.templateFile);
}

function readTemplate(stack: Stack): unknown {
  const path = templatePath(stack);
  try {
    return JSON.parse(readFileSync(path, 'utf-8'));
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
