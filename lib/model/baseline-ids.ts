import type { TemplateSource } from './template';
import type { Succession } from './template-succession';

/** What stands before the IDs of templates that nothing has come of. */
const PREFIX = 'baseline:';

/** An ID that a template of a baseline gets, and that of what it is nested in. */
interface Given {
  readonly id: string;
  readonly parent?: string;
}

/** Gives the templates of a baseline the IDs of what has come of them, and the others IDs that nothing judged has. */
export class BaselineIds<B extends TemplateSource> {
  private readonly byId: ReadonlyMap<string, B>;
  private readonly taken: Set<string>;
  private readonly ids = new Map<B, readonly Given[]>();

  constructor(
    baseline: readonly B[],
    current: readonly TemplateSource[],
    private readonly successors: Succession<B, TemplateSource>['successors'],
  ) {
    this.byId = new Map(baseline.map((template) => [template.id, template]));
    this.taken = new Set(current.map(({ id }) => id));
  }

  /** A template by its new ID; of what several have come of, there is one for each. */
  public renamed(template: B): B[] {
    const { nestedIn } = template;
    return this.idsOf(template).map(({ id, parent }) => ({
      ...template,
      id,
      ...(nestedIn && { nestedIn: { ...nestedIn, id: parent ?? nestedIn.id } }),
    }));
  }

  private idsOf(template: B): readonly Given[] {
    const known = this.ids.get(template);
    if (known) return known;
    // It can't be nested in itself, whatever it says.
    this.ids.set(template, []);
    const ids = this.idsOfSuccessors(template);
    const given = ids.length > 0 ? ids : [{ id: this.freeId(template.id) }];
    this.ids.set(template, given);
    return given;
  }

  private idsOfSuccessors(template: B): readonly Given[] {
    const successors = this.successors.get(template) ?? [];
    const around = template.nestedIn && this.byId.get(template.nestedIn.id);
    if (!around) return successors.map(({ id }) => ({ id }));
    return this.idsOf(around).map(({ id: parent }, _, all) => {
      const nested = successors.find(({ nestedIn }) => nestedIn?.id === parent);
      // What was nested may be judged without what is around it.
      const successor = nested ?? (all.length === 1 ? successors[0] : undefined);
      return { id: successor?.id ?? this.freeId(template.id), parent };
    });
  }

  private freeId(id: string): string {
    let free = PREFIX + id;
    while (this.taken.has(free)) free = PREFIX + free;
    this.taken.add(free);
    return free;
  }
}
