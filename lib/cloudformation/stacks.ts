import { addressOf, agree, type Resource, type Template } from './template';

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
