import type { TemplateSource } from './template';

/** The templates of nested stacks, by the templates that they are nested in, and the logical IDs there. */
export class NestedTemplates<T extends TemplateSource> {
  private readonly byParent = new Map<string, Map<string, T>>();

  constructor(templates: readonly T[]) {
    for (const template of templates) {
      const { nestedIn } = template;
      if (!nestedIn) continue;
      const siblings = this.byParent.get(nestedIn.id) ?? new Map<string, T>();
      this.byParent.set(nestedIn.id, siblings.set(nestedIn.logicalId, template));
    }
  }

  public in({ id }: TemplateSource): ReadonlyMap<string, T> {
    return this.byParent.get(id) ?? new Map<string, T>();
  }
}
