import { isObject, type JsonObject, objectAt, scalarText } from './json';
import {
  concat,
  type Expand,
  keyOf,
  split,
  type PartialString,
  unknownString,
  withDynamicReferences,
} from './partial-string';
import { type Assumptions, certainly, comparedValue, equality, type Possible, product } from './possible';
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
