import { comparison, type StringsOf } from './conditions';
import { isObject, scalarText } from './json';
import { literal, type PartialString, withDynamicReferences } from './partial-string';
import { type Assumptions, certainly, flatMap, type Possible, product } from './possible';
import type { Template } from './template';

/**
 * Resolves lookups in the mappings of templates (`Fn::FindInMap`). A lookup with an unknown key can return
 * any entry, each on the assumption that the key is the entry's.
 */
export class Mappings {
  /** The keys of lookups without a default value: the looked-up key must be one of them. */
  private readonly requiredKeys = new Map<string, readonly string[]>();

  /** @param stringsOf resolves the keys and the default value of a lookup */
  constructor(private readonly stringsOf: StringsOf) {}

  /**
   * Returns the strings that a lookup can resolve to.
   *
   * @param argument the argument of the intrinsic function
   * @param unknown the result if the lookup can't be resolved
   */
  public texts(
    argument: unknown,
    template: Template,
    unknown: PartialString,
  ): Possible<PartialString | undefined>[] {
    const opaque = certainly<PartialString | undefined>(unknown);
    return flatMap(this.entries(argument, template), (entry) => {
      if (entry?.isDefault) return this.stringsOf(entry.value, template);
      // Values of a mapping are literal.
      const text = scalarText(entry?.value);
      return text === undefined ? opaque : certainly(withDynamicReferences([text]));
    });
  }

  /** Returns the lists that a lookup can resolve to, and any other value as it is. */
  public lists(value: unknown, template: Template): Possible<unknown>[] {
    const argument = isObject(value) ? value['Fn::FindInMap'] : undefined;
    if (argument === undefined) return certainly(value);
    return flatMap(this.entries(argument, template), (entry) => certainly(entry ? entry.value : value));
  }

  /** Returns the entries that a lookup can find; `undefined` if it can't be resolved. */
  private entries(argument: unknown, template: Template): Possible<Entry | undefined>[] {
    const [mapName, topKey, secondKey, options] = Array.isArray(argument) ? (argument as unknown[]) : [];
    const keys = product([mapName, topKey, secondKey].map((key) => this.stringsOf(key, template)));
    if (!keys) return certainly(undefined);
    const defaultValue = isObject(options) ? options.DefaultValue : undefined;
    return flatMap(keys, ([map, top, second]) => {
      const name = map && literal(map);
      const mapping =
        name !== undefined && Object.hasOwn(template.mappings, name) ? template.mappings[name] : undefined;
      const rows = matching(mapping, top);
      const found = flatMap(rows, (row) =>
        flatMap(matching(row, second), (value) => certainly<Entry>({ value, isDefault: false })),
      );
      if (defaultValue === undefined) {
        this.requireOneOf(mapping, top);
        return found.length > 0 ? found : certainly<Entry | undefined>(undefined);
      }
      const missing = [...absent(mapping, top), ...flatMap(rows, (row) => absent(row, second))];
      return [...found, ...flatMap(missing, () => certainly({ value: defaultValue, isDefault: true }))];
    });
  }

  /**
   * True if a deployment under these assumptions is possible: every lookup without a default value must find
   * its key.
   */
  public isPossible(assumed: Assumptions): boolean {
    return [...this.requiredKeys.values()].every((keys) => keys.some((key) => assumed[key] !== false));
  }

  private requireOneOf(mapping: unknown, key: PartialString | undefined): void {
    if (!isObject(mapping) || !key || literal(key) !== undefined) return;
    const keys = Object.keys(mapping).flatMap((name) => comparison(key, [name]).holds.flatMap(Object.keys));
    if (keys.length > 0) this.requiredKeys.set(keys.join('\n'), keys);
  }
}

/** A value that a lookup finds. */
interface Entry {
  readonly value: unknown;
  readonly isDefault: boolean;
}

/**
 * Returns the entry of a mapping at a key; for an unknown key, every entry that it can be the key of, on the assumption
 * that it is.
 */
function matching(mapping: unknown, key: PartialString | undefined): Possible<unknown>[] {
  if (!isObject(mapping) || !key) return [];
  const known = literal(key);
  if (known !== undefined) return Object.hasOwn(mapping, known) ? certainly(mapping[known]) : [];
  return Object.entries(mapping).flatMap(([name, value]) =>
    comparison(key, [name]).holds.map((when) => ({ value, when })),
  );
}

/** Returns the case in which a mapping has no entry at a key. */
function absent(mapping: unknown, key: PartialString | undefined): Possible<undefined>[] {
  if (!isObject(mapping) || !key) return certainly(undefined);
  const known = literal(key);
  if (known !== undefined) return Object.hasOwn(mapping, known) ? [] : certainly(undefined);
  const others = Object.keys(mapping).flatMap((name) => comparison(key, [name]).fails);
  return [{ value: undefined, when: Object.assign({}, ...others) as Assumptions }];
}
