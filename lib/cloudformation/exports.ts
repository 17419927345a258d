import type { StringsOf } from './conditions';
import { objectAt } from './json';
import { keyOf, type PartialString } from './partial-string';
import { isInSamePlace, nearest, type Template } from './template';

/** A value that a template exports. */
export interface Export {
  readonly template: Template;
  readonly value: unknown;
}

/** How often exports are listed for names that are made of what is imported, which may again have such names. */
const MAX_LISTINGS = 10;

/** What templates that are deployed together export. */
export class Exports {
  private isAsked = false;

  /**
   * @param templates all of them
   * @param knowing resolves the names of exports, as far as others are known
   * @param byName what is known to be exported
   */
  constructor(
    private readonly templates: readonly Template[],
    private readonly knowing: (exports: Exports) => StringsOf,
    private byName?: ReadonlyMap<string, readonly Export[]>,
  ) {}

  /** The export that a name means in a template: the nearest of its account and region. */
  public named(name: PartialString, from: Template): Export | undefined {
    this.isAsked = true;
    this.byName ??= this.listed();
    const candidates = (this.byName.get(keyOf(name)) ?? []).filter(({ template }) =>
      isInSamePlace(template.source, from.source),
    );
    return nearest(candidates, from);
  }

  /**
   * A name may be made of what is imported itself: so all are listed again by what was known of them before. In which
   * order they stand is then the same.
   */
  private listed(): ReadonlyMap<string, readonly Export[]> {
    let before = new Exports(this.templates, this.knowing, new Map());
    for (let listing = 1; listing < MAX_LISTINGS; listing++) {
      const now = this.listedBy(before);
      if (!before.isAsked) return now;
      before = new Exports(this.templates, this.knowing, now);
    }
    return this.listedBy(before);
  }

  private listedBy(before: Exports): Map<string, Export[]> {
    const textsOf = this.knowing(before);
    const exports = new Map<string, Export[]>();
    for (const template of this.templates) {
      for (const logicalId of Object.keys(template.outputs)) {
        const output = objectAt(template.outputs, logicalId);
        const { Name: name } = objectAt(output, 'Export');
        const names = textsOf(name, template).flatMap(({ value }) => (value ? [keyOf(value)] : []));
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
