/**
 * The conditions under which something holds: by a condition's key, whether it is true.
 * An empty record holds always.
 */
export type Assumptions = Readonly<Record<string, boolean>>;

export const ALWAYS: Assumptions = Object.freeze({});

/** One of the values that something can take, and when it does. */
export interface Possible<T> {
  readonly value: T;
  readonly when: Assumptions;
}

/** More alternatives than this for one value are not followed: the value becomes unknown. */
export const MAX_POSSIBILITIES = 64;

export function certainly<T>(value: T): Possible<T>[] {
  return [{ value, when: ALWAYS }];
}

/** The assumptions of both, or nothing when they contradict each other. */
export function together(a: Assumptions, b: Assumptions): Assumptions | undefined {
  if (a === ALWAYS) return b;
  if (b === ALWAYS) return a;
  for (const [key, holds] of Object.entries(b)) {
    if (a[key] !== undefined && a[key] !== holds) return undefined;
  }
  return { ...a, ...b };
}

/** Every value that `next` makes of every value, where their assumptions agree. */
export function chain<A, B>(
  values: readonly Possible<A>[],
  next: (value: A) => Possible<B>[],
): Possible<B>[] {
  return values.flatMap(({ value, when }) => under(when, next(value)));
}

/** The possibilities that remain when something is assumed besides. */
export function under<T>(assumed: Assumptions, values: readonly Possible<T>[]): Possible<T>[] {
  return values.flatMap(({ value, when }) => {
    const both = together(assumed, when);
    return both ? [{ value, when: both }] : [];
  });
}
