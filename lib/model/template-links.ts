import { objectAt } from './json';
import type { Possible } from './possible';
import { addressOf, agree, nearest, type Resource, type Template } from './template';
import { keyOf, type Text } from './text';

/** A value that a template exports. */
export interface Export {
  readonly template: Template;
  readonly value: unknown;
}

/** How templates that are deployed together hang together: nested stacks, stack names and exports. */
export class TemplateLinks {
  private readonly byId = new Map<string, Template>();
  private readonly nested = new Map<string, Template>();
  private readonly byStackName = new Map<string, Template[]>();
  private exports?: Map<string, Export[]>;

  /**
   * @param templates all of them
   * @param textsOf resolves the names of exports
   */
  constructor(
    private readonly templates: readonly Template[],
    private readonly textsOf: (value: unknown, template: Template) => Possible<Text | undefined>[],
  ) {
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

  /** The resource that creates a nested stack. */
  public creatorOf({ source: { nestedIn } }: Template): Resource | undefined {
    return nestedIn && this.byId.get(nestedIn.id)?.resources.get(nestedIn.logicalId);
  }

  /** The template of the nested stack that a resource creates. */
  public createdBy(resource: Resource): Template | undefined {
    return this.nested.get(addressOf(resource));
  }

  /** The one stack of a name, in a region where that is known. */
  public stackNamed(name: string | undefined, region: string | undefined): Template | undefined {
    const [stack, ...more] = (this.byStackName.get(name ?? '') ?? []).filter(({ source }) =>
      agree(source.region, region),
    );
    return more.length === 0 ? stack : undefined;
  }

  /** The export that a name means in a template: the nearest of its account and region. */
  public exported(name: Text, from: Template): Export | undefined {
    const candidates = (this.allExports().get(keyOf(name)) ?? []).filter(
      ({ template: { source } }) =>
        agree(source.account, from.source.account) && agree(source.region, from.source.region),
    );
    return nearest(candidates, from);
  }

  private allExports(): ReadonlyMap<string, readonly Export[]> {
    if (this.exports) return this.exports;
    // A name may be made of what is imported, and ask for the exports while they are listed: it sees those before it.
    const exports = (this.exports = new Map<string, Export[]>());
    for (const template of this.templates) {
      for (const logicalId of Object.keys(template.outputs)) {
        const output = objectAt(template.outputs, logicalId);
        const { Name: name } = objectAt(output, 'Export');
        const names = this.textsOf(name, template).flatMap(({ value: text }) => (text ? [keyOf(text)] : []));
        for (const key of new Set(names)) {
          const exported = exports.get(key) ?? [];
          exports.set(key, exported);
          exported.push({ template, value: output.Value });
        }
      }
    }
    return exports;
  }
}
