import type { StringsOf } from './conditions';
import { objectAt, scalarText } from './json';
import { keyOf, type PartialString } from './partial-string';
import { addressOf, agree, nearest, type Resource, type Template } from './template';

/** The links between templates that are deployed together: nested stacks and stack names. */
export class Stacks {
  private readonly byId = new Map<string, Template>();
  private readonly nested = new Map<string, Template>();
  private readonly byStackName = new Map<string, Template[]>();

  constructor(templates: readonly Template[]) {
    for (const template of templates) {
      const { stackName, nestedIn } = template.source;
      this.byId.set(template.id, template);
      if (nestedIn)
        this.nested.set(addressOf({ template: nestedIn, logicalId: nestedIn.logicalId }), template);
      if (stackName) {
        const named = this.byStackName.get(stackName) ?? [];
        this.byStackName.set(stackName, named);
        named.push(template);
      }
    }
  }

  /** Returns the resource that creates a nested stack. */
  public creatorOf({ source: { nestedIn } }: Template): Resource | undefined {
    return nestedIn && this.byId.get(nestedIn.id)?.resources.get(nestedIn.logicalId);
  }

  /** Returns the resources that create the nested stacks around a resource, from the inside out. */
  public around({ template }: Pick<Resource, 'template'>): Resource[] {
    const stacks: Resource[] = [];
    for (let stack = this.creatorOf(template); stack; stack = this.creatorOf(stack.template)) {
      if (stacks.includes(stack)) break;
      stacks.push(stack);
    }
    return stacks;
  }

  /** Returns the template of the stack around all nested stacks around a template: it is not nested in a known one. */
  public outermost(template: Template): Template {
    return this.around({ template }).at(-1)?.template ?? template;
  }

  /** Returns the template of the nested stack that a resource creates. */
  public createdBy(resource: Resource): Template | undefined {
    return this.nested.get(addressOf(resource));
  }

  /** Returns the stack of a name; undefined if there are several. An unknown region matches any. */
  public stackNamed(name: string | undefined, region: string | undefined): Template | undefined {
    const [stack, ...more] = (this.byStackName.get(name ?? '') ?? []).filter(({ source }) =>
      agree(source.region, region),
    );
    return more.length === 0 ? stack : undefined;
  }
}

/** True for a resource without a condition, in a stack that is not nested. */
export function isAlwaysCreated({ condition, template }: Resource): boolean {
  return condition === undefined && template.source.nestedIn === undefined;
}

/** A value that a template publishes for other stacks: an export, or an SSM parameter that CDK reads elsewhere. */
export interface Export {
  readonly key: string;
  readonly template: Template;
  readonly value: unknown;
  /** The condition under which it is published. */
  readonly condition?: unknown;
  /** The region in which it can be read. */
  readonly region?: string;
}

/** A published value that a template reads. */
export interface Lookup {
  readonly name: PartialString;
  readonly template: Template;
  /** The region in which it is read, if it is another one. */
  readonly region?: string;
  /** True for an SSM parameter. */
  readonly isParameter?: boolean;
}

/**
 * The maximum number of passes over the exports. An export's name can contain an imported value, whose
 * export's name can contain another.
 */
const MAX_LISTINGS = 10;

/** The exports of templates that are deployed together. */
export class Exports {
  private wasUsed = false;

  /**
   * @param templates all templates of the deployment
   * @param resolveWith returns a resolver of export names that knows the given exports
   * @param byName the known exports; found on first use if left out
   */
  constructor(
    private readonly templates: readonly Template[],
    private readonly resolveWith: (exports: Exports) => StringsOf,
    private byName?: ReadonlyMap<string, readonly Export[]>,
  ) {}

  /** Returns the value that a template imports by a name: the nearest one in its account and region. */
  public named(lookup: Lookup): Export | undefined {
    this.wasUsed = true;
    this.byName ??= this.list();
    const { template: from, region = from.source.region } = lookup;
    const candidates = (this.byName.get(keyOfLookup(lookup)) ?? []).filter(
      (found) => agree(found.template.source.account, from.source.account) && agree(found.region, region),
    );
    return nearest(candidates, from);
  }

  /**
   * Names of exports can contain imported values. Each pass therefore resolves the names with the exports of
   * the previous pass, and the order of the exports stays the same.
   */
  private list(): ReadonlyMap<string, readonly Export[]> {
    let previous = new Exports(this.templates, this.resolveWith, new Map());
    for (let listing = 1; listing < MAX_LISTINGS; listing++) {
      const current = this.listWith(previous);
      if (!previous.wasUsed) return current;
      previous = new Exports(this.templates, this.resolveWith, current);
    }
    return this.listWith(previous);
  }

  private listWith(previous: Exports): Map<string, Export[]> {
    const stringsOf = this.resolveWith(previous);
    const exports = new Map<string, Export[]>();
    for (const template of this.templates) {
      for (const { name, ...published } of publishedBy(template)) {
        const keys = stringsOf(name, template).flatMap(({ value }) =>
          value ? [keyOfLookup({ ...published, name: value })] : [],
        );
        for (const key of new Set(keys)) {
          const exported = exports.get(key) ?? [];
          exports.set(key, exported);
          exported.push({ ...published, key });
        }
      }
    }
    return exports;
  }
}

function keyOfLookup({ name, isParameter }: Pick<Lookup, 'name' | 'isParameter'>): string {
  return `${isParameter ? 'parameter' : 'export'} ${keyOf(name)}`;
}

interface Published extends Omit<Export, 'key'> {
  readonly name: unknown;
  readonly isParameter?: boolean;
}

function publishedBy(template: Template): Published[] {
  const { region } = template.source;
  const outputs = Object.keys(template.outputs).map((logicalId) => {
    const output = objectAt(template.outputs, logicalId);
    const { Value: value, Condition: condition } = output;
    return { template, region, name: objectAt(output, 'Export').Name, value, condition };
  });
  return [...outputs, ...[...template.resources.values()].flatMap(parametersOf)];
}

/**
 * Returns the SSM parameters that a resource creates. With `crossRegionReferences`, CDK writes the values to
 * parameters in the region of the stack that reads them.
 */
function parametersOf({ type, properties, template }: Resource): Published[] {
  const { region } = template.source;
  if (type === 'AWS::SSM::Parameter') {
    return [{ template, region, name: properties.Name, value: properties.Value, isParameter: true }];
  }
  if (type !== 'Custom::CrossRegionExportWriter') return [];
  const writer = objectAt(properties, 'WriterProps');
  return Object.entries(objectAt(writer, 'exports')).map(([name, value]) => ({
    template,
    region: scalarText(writer.region),
    name,
    value,
    isParameter: true,
  }));
}

/** Returns the SSM parameter that an attribute of a custom resource of CDK reads: its name, and its region. */
export function ssmParameterOf(
  { type, properties }: Resource,
  attribute: string,
): { readonly name: unknown; readonly region?: string; readonly isParameter: true } | undefined {
  if (type === 'Custom::CrossRegionExportReader') return { name: attribute, isParameter: true };
  // CloudFront's EdgeFunction reads the version of a function in us-east-1.
  return type === 'Custom::CrossRegionStringParameterReader' && attribute === 'FunctionArn'
    ? { name: properties.ParameterName, region: scalarText(properties.Region), isParameter: true }
    : undefined;
}
