/**
 * Conditions under which a value applies: for each key, if the statement that it stands for is true. Keys
 * made by `equality` state that a value equals a literal. An empty record always applies.
 */
export type Assumptions = Readonly<Record<string, boolean>>;

export const ALWAYS: Assumptions = Object.freeze({});

/** The cases of what always applies. One list for all, because most resources are always created. Don't change it. */
export const IN_ALL_CASES: Assumptions[] = [ALWAYS];

/** One of the values that something can have, with the assumptions under which it has it. */
export interface Possible<T> {
  readonly value: T;
  readonly when: Assumptions;
}

/** The maximum number of alternatives of one value. A value with more becomes unknown. */
export const MAX_POSSIBILITIES = 64;

/** The maximum number of assumptions that the search for a possible case tries. */
const MAX_STEPS = 500;

const EQUALS = '\u0000=';

/**
 * Returns the key of the assumption that a value equals a literal. A value can't equal two literals at once.
 */
export function equality(value: string, literal: string): string {
  return `${value}${EQUALS}${literal}`;
}

export function certainly<T>(value: T): Possible<T>[] {
  return [{ value, when: ALWAYS }];
}

/** The maximum number of lists that `shared` keeps. */
const MAX_SHARED = 1_000;

const sharedLists = new Map<unknown, Possible<unknown>[]>();

/**
 * Returns one list for all lists with the same certain text, number or boolean, and other lists as they are. A model keeps
 * several lists per function, and most of them are equal. Don't change the list.
 */
export function shared<T>(values: Possible<T>[]): Possible<T>[] {
  if (!isCertain(values) || typeof values[0].value === 'object') return values;
  const known = sharedLists.get(values[0].value);
  if (known) return known as Possible<T>[];
  if (sharedLists.size < MAX_SHARED) sharedLists.set(values[0].value, values);
  return values;
}

/** Combines assumptions; undefined if they contradict each other. */
export function and(a: Assumptions, b: Assumptions): Assumptions | undefined {
  if (a === ALWAYS) return b;
  if (b === ALWAYS) return a;
  for (const [key, holds] of Object.entries(b)) {
    if (a[key] !== undefined ? a[key] !== holds : holds && isOtherwise(key, a)) return undefined;
  }
  return { ...a, ...b };
}

/** Returns true if a case includes another, narrower one. */
export function includes(wider: Assumptions, narrower: Assumptions): boolean {
  return Object.entries(wider).every(([key, holds]) => narrower[key] === holds);
}

/** Returns the cases that are in both lists, without those that another one includes. */
export function combineCases(a: readonly Assumptions[], b: readonly Assumptions[]): Assumptions[] {
  const cases: Assumptions[] = [];
  for (const one of a) {
    for (const other of b) {
      const both = and(one, other);
      if (both && !cases.some((wider) => includes(wider, both))) cases.push(both);
    }
  }
  return cases.filter((when) => !cases.some((wider) => wider !== when && includes(wider, when)));
}

/** The maximum number of cases that `casesWithout` returns. */
const MAX_REMAINING = 256;

/** Returns the cases that remain without others. With too many of them, some are left out. */
export function casesWithout(
  cases: readonly Assumptions[],
  excluded: readonly Assumptions[],
): readonly Assumptions[] {
  return excluded.reduce<readonly Assumptions[]>((remaining, when) => {
    const opposites = Object.entries(when).map(([key, holds]) => ({ [key]: !holds }));
    return combineCases(remaining, opposites).slice(0, MAX_REMAINING);
  }, cases);
}

/** Returns the value that the key of an equality compares with a literal; undefined for other keys. */
export function comparedValue(key: string): string | undefined {
  const end = key.indexOf(EQUALS);
  return end < 0 ? undefined : key.slice(0, end);
}

/** True if the value of an equality is assumed to equal another literal. The key itself is not among the assumptions. */
function isOtherwise(key: string, assumed: Assumptions): boolean {
  const value = comparedValue(key);
  if (value === undefined) return false;
  const start = value + EQUALS;
  return Object.entries(assumed).some(([other, holds]) => holds && other.startsWith(start));
}

/**
 * True if the assumptions can hold although some cases are impossible: an assignment of all statements
 * contains them and none of the impossible cases.
 */
export function isPossible(
  assumed: Assumptions,
  impossible: readonly Assumptions[],
  search = { steps: MAX_STEPS },
): boolean {
  const open = impossible
    .map((when) => undecided(when, assumed))
    .filter((statements) => statements !== undefined)
    .sort((a, b) => a.length - b.length);
  if (open.length === 0 || search.steps-- === 0) return true;
  const [[first]] = open;
  if (!first) return false;
  const [key, holds] = first;
  return [!holds, holds].some((value) => {
    const both = and(assumed, { [key]: value });
    return both !== undefined && isPossible(both, impossible, search);
  });
}

/** Finds the cases that have something in common with assumptions, in time that does not grow with the others. */
export class CaseIndex {
  private readonly bySubject = new Map<string, Assumptions[]>();

  public constructor(cases: readonly Assumptions[]) {
    for (const when of cases) {
      for (const subject of subjectsOf(when)) {
        const known = this.bySubject.get(subject);
        if (known) known.push(when);
        else this.bySubject.set(subject, [when]);
      }
    }
  }

  /** Returns the cases about a value or condition of the assumptions, and the cases that these have to do with. */
  public relatedTo(assumed: Assumptions): Assumptions[] {
    const subjects = new Set(subjectsOf(assumed));
    const related = new Set<Assumptions>();
    // The loop also visits the subjects that are added meanwhile.
    for (const subject of subjects) {
      for (const when of this.bySubject.get(subject) ?? []) {
        related.add(when);
        for (const other of subjectsOf(when)) subjects.add(other);
      }
    }
    return [...related];
  }
}

/** Returns the values and conditions that assumptions are about. */
function subjectsOf(assumed: Assumptions): string[] {
  return Object.keys(assumed).map((key) => comparedValue(key) ?? key);
}

/** Returns the statements of a case that are still open; undefined if the assumptions contradict the case. */
function undecided(when: Assumptions, assumed: Assumptions): (readonly [string, boolean])[] | undefined {
  const open: (readonly [string, boolean])[] = [];
  for (const [key, holds] of Object.entries(when)) {
    const known = assumed[key] ?? (isOtherwise(key, assumed) ? false : undefined);
    if (known === undefined) open.push([key, holds]);
    else if (known !== holds) return undefined;
  }
  return open;
}

/** Maps every value to its possible results and combines their assumptions. */
export function flatMap<A, B>(
  values: readonly Possible<A>[],
  next: (value: A) => Possible<B>[],
): Possible<B>[] {
  // Most values are certain.
  if (isCertain(values)) return next(values[0].value);
  return values.flatMap(({ value, when }) => withCondition(when, next(value)));
}

/** Returns the possibilities that remain under additional assumptions: the same list if there are none. Don't change it. */
export function withCondition<T>(assumed: Assumptions, values: readonly Possible<T>[]): Possible<T>[] {
  if (assumed === ALWAYS) return values as Possible<T>[];
  return values.flatMap(({ value, when }) => {
    const both = and(assumed, when);
    return both ? [{ value, when: both }] : [];
  });
}

/** Returns the possibilities that remain in each of several cases. */
export function inCases<T>(cases: readonly Assumptions[], values: readonly Possible<T>[]): Possible<T>[] {
  const [only, ...others] = cases;
  if (only && others.length === 0) return withCondition(only, values);
  return cases.flatMap((assumed) => withCondition(assumed, values));
}

/** Maps every value to another one, and leaves out those without. `flatMap` would reserve memory for 17 items. */
export function mapKnown<A, B>(
  values: readonly Possible<A>[],
  next: (value: A) => B | undefined,
): Possible<B>[] {
  const found: Possible<B>[] = [];
  for (const { value, when } of values) {
    const known = next(value);
    if (known !== undefined) found.push({ value: known, when });
  }
  return found.slice();
}

function isCertain(values: readonly Possible<unknown>[]): boolean {
  return values.length === 1 && values[0].when === ALWAYS;
}

/** Returns every combination of one possibility of each list; undefined if there are too many. */
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
