/**
 * The conditions under which something holds: by a key, whether what the key stands for is true. Keys that
 * `equality` makes stand for a value being equal to a literal. An empty record holds always.
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

const EQUALS = '\u0000=';

/** The key of the assumption that a value is a literal: one value can't be two literals at once. */
export function equality(value: string, literal: string): string {
  return `${value}${EQUALS}${literal}`;
}

export function certainly<T>(value: T): Possible<T>[] {
  return [{ value, when: ALWAYS }];
}

/** The assumptions of both, or nothing when they contradict each other. */
export function and(a: Assumptions, b: Assumptions): Assumptions | undefined {
  if (a === ALWAYS) return b;
  if (b === ALWAYS) return a;
  for (const [key, holds] of Object.entries(b)) {
    if (a[key] !== undefined ? a[key] !== holds : holds && isOtherwise(key, a)) return undefined;
  }
  return { ...a, ...b };
}

/** Whether the value of an equality that nothing is assumed of is assumed to be another literal. */
function isOtherwise(key: string, assumed: Assumptions): boolean {
  const end = key.indexOf(EQUALS);
  if (end < 0) return false;
  const value = key.slice(0, end + EQUALS.length);
  return Object.entries(assumed).some(([other, holds]) => holds && other.startsWith(value));
}

/** Every value that `next` makes of every value, where their assumptions agree. */
export function flatMap<A, B>(
  values: readonly Possible<A>[],
  next: (value: A) => Possible<B>[],
): Possible<B>[] {
  // Most are one, and unconditional.
  if (isCertain(values)) return next(values[0].value);
  return values.flatMap(({ value, when }) => withCondition(when, next(value)));
}

/** The possibilities that remain when something is assumed besides. */
export function withCondition<T>(assumed: Assumptions, values: readonly Possible<T>[]): Possible<T>[] {
  if (assumed === ALWAYS) return [...values];
  return values.flatMap(({ value, when }) => {
    const both = and(assumed, when);
    return both ? [{ value, when: both }] : [];
  });
}

/** The possibilities that remain in each of several cases. */
export function inCases<T>(cases: readonly Assumptions[], values: readonly Possible<T>[]): Possible<T>[] {
  return cases.flatMap((assumed) => withCondition(assumed, values));
}

function isCertain(values: readonly Possible<unknown>[]): boolean {
  return values.length === 1 && values[0].when === ALWAYS;
}

/** Every combination of one possibility each; nothing where those are too many to follow. */
export function product<T>(lists: readonly (readonly Possible<T>[])[]): Possible<T[]>[] | undefined {
  if (lists.every(isCertain)) return certainly(lists.map(([{ value }]) => value));
  let combinations: Possible<T[]>[] = [{ value: [], when: ALWAYS }];
  for (const list of lists) {
    combinations = combinations.flatMap(({ value, when }) =>
      list.flatMap((item) => {
        const both = and(when, item.when);
        return both ? [{ value: [...value, item.value], when: both }] : [];
      }),
    );
    if (combinations.length > MAX_POSSIBILITIES) return undefined;
  }
  return combinations;
}
