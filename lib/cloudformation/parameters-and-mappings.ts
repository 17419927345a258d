import { comparison, type StringsOf } from './conditions';
import { isObject, type JsonObject, objectAt, scalarText } from './json';
import {
  concat,
  type Expand,
  keyOf,
  literal,
  type PartialString,
  split,
  unknownString,
  withDynamicReferences,
} from './partial-string';
import {
  type Assumptions,
  certainly,
  comparedValue,
  equality,
  flatMap,
  type Possible,
  product,
} from './possible';
import { partitionOf, type Template } from './template';

/** Matches the keys of pseudo parameters that keep their value as long as the stack exists. */
const FIXED = /\$\{(?:[^{}]*#)?AWS::(?:AccountId|Partition|Region|StackId|StackName|URLSuffix)\}/g;

/** Returns the value of a pseudo parameter. */
export function pseudoParameter(name: string, { id, source }: Template): PartialString {
  const known: Readonly<Record<string, string | undefined>> = {
    'AWS::Region': source.region,
    'AWS::Partition': source.region && partitionOf(source.region),
    'AWS::AccountId': source.account,
    'AWS::StackName': source.stackName,
  };
  if (known[name] !== undefined) return [known[name]];
  return unknownString(name.startsWith('AWS::Stack') ? `${id}#${name}` : name);
}

/** Returns the assumptions that are the same for all deployments of a stack, such as those on its region. */
export function fixedForStack(assumed: Assumptions): Assumptions {
  return Object.fromEntries(
    Object.entries(assumed).filter(
      ([key]) => comparedValue(key)?.replace(FIXED, '').includes('${') === false,
    ),
  );
}

/** Returns the values of a parameter according to its declaration. */
export function declaredStrings(declaration: JsonObject, unknown: PartialString): Possible<PartialString>[] {
  const { Default: defaultValue, AllowedValues: allowed } = declaration;
  const key = keyOf(unknown);
  // For a list parameter, `AllowedValues` applies to the items.
  if (Array.isArray(allowed) && allowed.length > 0 && !isList(declaration)) {
    const values = [...new Set(allowed.map((value) => scalarText(value) ?? ''))];
    const others = values.slice(0, -1);
    return [
      ...others.map((value) => ({ value: [value], when: { [equality(key, value)]: true } })),
      // One of the allowed values always applies.
      {
        value: values.slice(-1),
        when: Object.fromEntries(others.map((value) => [equality(key, value), false])),
      },
    ];
  }
  const text = scalarText(defaultValue);
  if (text === undefined) return certainly(unknown);
  const isDefault = equality(key, text);
  return [
    { value: withDynamicReferences([text]), when: { [isDefault]: true } },
    { value: unknown, when: { [isDefault]: false } },
  ];
}

/**
 * Returns the strings of a list: of its items, of a list parameter, or of a split string; `undefined` if it is unknown.
 *
 * @param stringsOf resolves an item or a whole string
 * @param expand expands a string before it is split
 */
export function stringsOfList(
  list: unknown,
  { parameters }: Template,
  stringsOf: (value: unknown) => Possible<PartialString | undefined>[],
  expand: Expand,
): Possible<PartialString[] | undefined>[] {
  if (Array.isArray(list)) {
    const combinations = product(list.map(stringsOf));
    if (!combinations) return certainly(undefined);
    // CloudFormation removes items that are `AWS::NoValue`.
    return combinations.map(({ value, when }) => ({ value: value.filter((text) => !!text), when }));
  }
  if (!isObject(list)) return certainly(undefined);
  if (typeof list.Ref === 'string' && isList(objectAt(parameters, list.Ref))) {
    return stringsOf(list).map(({ value, when }) => ({ value: value && itemsOf(value), when }));
  }
  const splitting = list['Fn::Split'];
  if (!Array.isArray(splitting) || typeof splitting[0] !== 'string') return certainly(undefined);
  const [delimiter, whole] = splitting as [string, unknown];
  return stringsOf(whole).map(({ value, when }) => ({
    value: value && split(expand(value), delimiter),
    when,
  }));
}

/** True if a parameter is a list, which is passed as a comma-separated string. */
function isList({ Type: type }: JsonObject): boolean {
  return typeof type === 'string' && (type === 'CommaDelimitedList' || type.startsWith('List<'));
}

/** Returns the items of a list parameter, without the spaces around them. */
function itemsOf(list: PartialString): PartialString[] {
  return split(list, ',').map((item) =>
    concat(item.map((part) => (typeof part === 'string' ? part.trim() : part))),
  );
}

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
