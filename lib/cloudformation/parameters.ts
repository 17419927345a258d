import { type JsonObject, objectAt, scalarText } from './json';
import { concat, keyOf, split, type PartialString, withDynamicReferences } from './partial-string';
import { certainly, equality, type Possible } from './possible';

/** The values that a parameter takes by its declaration alone. */
export function declaredStrings(declaration: JsonObject, unknown: PartialString): Possible<PartialString>[] {
  const { Default: standard, AllowedValues: allowed } = declaration;
  const key = keyOf(unknown);
  // Of a list, it's the items that are to be among them.
  if (Array.isArray(allowed) && allowed.length > 0 && !isList(declaration)) {
    const values = [...new Set(allowed.map((value) => scalarText(value) ?? ''))];
    const others = values.slice(0, -1);
    return [
      ...others.map((value) => ({ value: [value], when: { [equality(key, value)]: true } })),
      // There is no case in which it is none of them.
      {
        value: values.slice(-1),
        when: Object.fromEntries(others.map((value) => [equality(key, value), false])),
      },
    ];
  }
  const text = scalarText(standard);
  if (text === undefined) return certainly(unknown);
  const isDefault = equality(key, text);
  return [
    { value: withDynamicReferences([text]), when: { [isDefault]: true } },
    { value: unknown, when: { [isDefault]: false } },
  ];
}

/** Whether a parameter of a template is a list, which is written as a string with commas. */
export function isListParameter(parameters: JsonObject, name: string): boolean {
  return isList(objectAt(parameters, name));
}

function isList({ Type: type }: JsonObject): boolean {
  return typeof type === 'string' && (type === 'CommaDelimitedList' || type.startsWith('List<'));
}

/** The items of a parameter that is a list: the spaces around them don't count. */
export function itemsOf(list: PartialString): PartialString[] {
  return split(list, ',').map((item) =>
    concat(item.map((part) => (typeof part === 'string' ? part.trim() : part))),
  );
}
