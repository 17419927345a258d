import type { StringsOf } from './conditions';
import { objectAt } from './json';
import { keyOf, type PartialString } from './partial-string';
import { isInSamePlace, nearest, type Template } from './template';

/** A value that a template exports. */
export interface Export {
  readonly template: Template;
  readonly value: unknown;
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

  /** Returns the export that a template imports by a name: the nearest one in its account and region. */
  public named(name: PartialString, from: Template): Export | undefined {
    this.wasUsed = true;
    this.byName ??= this.list();
    const candidates = (this.byName.get(keyOf(name)) ?? []).filter(({ template }) =>
      isInSamePlace(template.source, from.source),
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
      for (const logicalId of Object.keys(template.outputs)) {
        const output = objectAt(template.outputs, logicalId);
        const { Name: name } = objectAt(output, 'Export');
        const names = stringsOf(name, template).flatMap(({ value }) => (value ? [keyOf(value)] : []));
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
