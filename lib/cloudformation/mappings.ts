import type { StringsOf } from './conditions';
import { isObject, scalarText } from './json';
import { keyOf, literal, type PartialString, withDynamicReferences } from './partial-string';
import { type Assumptions, certainly, flatMap, equality, type Possible, product } from './possible';
import type { Template } from './template';

/**
 * What templates look up in their mappings (`Fn::FindInMap`). Where a key isn't known, it's each entry, in the case
 * that the key is that entry's.
 */
export class Mappings {
  /** The keys of mappings of which one has to be what is asked for, since there is no other value. */
  private readonly demanded = new Map<string, readonly string[]>();

  /**
   * @param textsOf resolves the keys that are asked for, and the value where a mapping has none
   */
  constructor(private readonly textsOf: StringsOf) {}

  /**
   * The texts that a look-up can come to.
   *
   * @param argument of the intrinsic function
   * @param unknown stands for what can't be followed
   */
  public texts(
    argument: unknown,
    template: Template,
    unknown: PartialString,
  ): Possible<PartialString | undefined>[] {
    const [mapName, topKey, secondKey, options] = Array.isArray(argument) ? (argument as unknown[]) : [];
    const opaque = certainly<PartialString | undefined>(unknown);
    const keys = product([mapName, topKey, secondKey].map((key) => this.textsOf(key, template)));
    if (!keys) return opaque;
    const standard = isObject(options) ? options.DefaultValue : undefined;
    return flatMap(keys, ([map, top, second]) => {
      const name = map && literal(map);
      const mapping =
        name !== undefined && Object.hasOwn(template.mappings, name) ? template.mappings[name] : undefined;
      const rows = matching(mapping, top);
      // Values of a mapping are literal.
      const found = flatMap(rows, (row) =>
        flatMap(matching(row, second), (entry) => {
          const text = scalarText(entry);
          return text === undefined
            ? opaque
            : certainly<PartialString | undefined>(withDynamicReferences([text]));
        }),
      );
      if (standard === undefined) {
        this.demand(mapping, top);
        return found.length > 0 ? found : opaque;
      }
      const missing = [...absent(mapping, top), ...flatMap(rows, (row) => absent(row, second))];
      return [...found, ...flatMap(missing, () => this.textsOf(standard, template))];
    });
  }

  /** Whether something can be deployed at all: a value that a mapping is asked for has to be one of its keys. */
  public isPossible(assumed: Assumptions): boolean {
    return [...this.demanded.values()].every((keys) => keys.some((key) => assumed[key] !== false));
  }

  private demand(mapping: unknown, key: PartialString | undefined): void {
    if (!isObject(mapping) || !key) return;
    const keys = Object.keys(mapping).map((name) => equality(keyOf(key), name));
    if (keys.length > 0) this.demanded.set(keys.join('\n'), keys);
  }
}

/** The entry of a mapping under a key; where the key isn't known, each of them, when the key is its. */
function matching(mapping: unknown, key: PartialString | undefined): Possible<unknown>[] {
  if (!isObject(mapping) || !key) return [];
  const known = literal(key);
  if (known === undefined) {
    return Object.entries(mapping).map(([name, value]) => ({
      value,
      when: { [equality(keyOf(key), name)]: true },
    }));
  }
  return Object.hasOwn(mapping, known) ? certainly(mapping[known]) : [];
}

/** When a mapping has no entry under a key. */
function absent(mapping: unknown, key: PartialString | undefined): Possible<undefined>[] {
  if (!isObject(mapping) || !key) return certainly(undefined);
  const known = literal(key);
  if (known !== undefined) return Object.hasOwn(mapping, known) ? [] : certainly(undefined);
  const names = Object.keys(mapping);
  return [
    {
      value: undefined,
      when: Object.fromEntries(names.map((name) => [equality(keyOf(key), name), false])),
    },
  ];
}
