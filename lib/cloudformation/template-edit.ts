import { isIntrinsic, isObject } from './json';

/**
 * A change of one value in a template. The path starts at the template: `['Resources', 'Fn', 'Properties', 'Role']`. An item
 * of a list has its index, and can only be set.
 */
export type TemplateEdit = { readonly path: readonly string[] } & EditAction;

export type EditAction =
  /** Sets the value, and creates the objects around it that are missing. Can add a resource, but replaces none. */
  | { readonly set: unknown }
  /** Adds an item to the end of a list, which is created if it is missing. An object becomes the first item of a list. */
  | { readonly append: unknown }
  /** Removes the value, and the objects that this leaves empty, up to `Properties` or `Globals`. */
  | { readonly remove: true };

/**
 * Returns a template with an edit. Undefined if the template has no such resource, because a loop or a macro makes it, if a
 * list or a scalar is in the way, or if there is nothing to remove.
 */
export function edited(template: unknown, edit: TemplateEdit): unknown {
  const [section, logicalId] = edit.path;
  if (section === 'Resources') {
    const isAddition = edit.path.length === 2 && 'set' in edit;
    const resource = valueAt(template, [section, logicalId]);
    if (isAddition ? resource !== undefined : !isObject(resource)) return undefined;
  }
  if ('remove' in edit) return without(template, removedPath(template, edit.path));
  const existing = valueAt(template, edit.path);
  if ('set' in edit) return withValue(template, edit.path, edit.set);
  const items = isObject(existing) && !isIntrinsic(existing) ? [existing] : (existing ?? []);
  return Array.isArray(items)
    ? withValue(template, edit.path, [...(items as unknown[]), edit.append])
    : undefined;
}

/** The length of the path to the innermost object that is never removed: a resource, and the template. */
const OUTERMOST = { Resources: 2, Globals: 0 } as const;

/** Returns the path of a value, or of the largest object around it that contains nothing else. */
export function removedPath(template: unknown, path: readonly string[]): readonly string[] {
  const outermost = OUTERMOST[path[0] as keyof typeof OUTERMOST] ?? 1;
  const parent = path.slice(0, -1);
  const siblings = valueAt(template, parent);
  const isAlone = isObject(siblings) && Object.keys(siblings).length === 1;
  return isAlone && parent.length > outermost ? removedPath(template, parent) : path;
}

/** Returns the value at a path below objects and lists. */
export function valueAt(template: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(ownValue, template);
}

function withValue(root: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(root)) {
    const index = indexIn(root, key);
    const item = index === undefined ? undefined : withValue(root[index], rest, value);
    return item === undefined ? undefined : root.map((other: unknown, i) => (i === index ? item : other));
  }
  if (root !== undefined && root !== null && !isObject(root)) return undefined;
  const child = withValue(ownValue(root, key), rest, value);
  return child === undefined ? undefined : { ...root, [key]: child };
}

function ownValue(root: unknown, key: string): unknown {
  if (Array.isArray(root)) return root[indexIn(root, key) ?? -1];
  return isObject(root) && Object.hasOwn(root, key) ? root[key] : undefined;
}

/** Returns the index of an existing item. */
export function indexIn({ length }: { readonly length: number }, key: string): number | undefined {
  return /^\d+$/.test(key) && Number(key) < length ? Number(key) : undefined;
}

function without(root: unknown, [key, ...rest]: readonly string[]): unknown {
  if (!isObject(root) || !Object.hasOwn(root, key)) return undefined;
  if (rest.length === 0) return Object.fromEntries(Object.entries(root).filter(([name]) => name !== key));
  const child = without(root[key], rest);
  return child === undefined ? undefined : { ...root, [key]: child };
}

/** True if two values of templates are equal, regardless of the order of keys. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
  );
}
