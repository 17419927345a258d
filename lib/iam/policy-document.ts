import { isIntrinsic, isObject, type JsonObject } from '../cloudformation/json';
import { asValue, literal, type PartialString } from '../cloudformation/partial-string';
import {
  ALWAYS,
  and,
  type Assumptions,
  casesWithout,
  certainly,
  flatMap,
  type Possible,
  product,
  withCondition,
} from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Template } from '../cloudformation/template';
import { TRACING_ACTIONS, type TracingAction } from './managed-policies';

/** A truth value that can be unknown. */
export type Tri = 'yes' | 'no' | 'unknown';

/** The effect of a policy statement on the tracing actions. */
export interface Contribution {
  readonly effect: 'Allow' | 'Deny';
  /** States for each action of `TRACING_ACTIONS`, in order, if the statement applies to it. */
  readonly actions: readonly Tri[];
  readonly when: Assumptions;
  /** The name of the policy that contains the statement. */
  readonly policy?: string;
}

/** Reads the values in a policy document. */
export interface PolicyValues {
  /** Returns the values that an `Fn::If` can have, and any other value as it is. */
  branches(value: unknown): Possible<unknown>[];
  /** Returns the items of a list, and any other value as the only item. */
  items(value: unknown): Possible<unknown>[];
  strings(value: unknown): Possible<PartialString | undefined>[];
}

/** The readers of values without functions such as `Fn::If`. */
export const PLAIN_VALUES: Pick<PolicyValues, 'branches' | 'items'> = {
  branches: certainly,
  items: (value) => [value].flat().flatMap((item: unknown) => (item === undefined ? [] : certainly(item))),
};

/** Returns the reader of a document whose values are those of a template. */
export function templateValues(template: Template, resolver: Resolver): PolicyValues {
  return {
    branches: (value) => resolver.at({ value }, ['value'], template),
    items: (value) => resolver.items(value, template),
    strings: (value) => resolver.strings(value, template),
  };
}

/** Adds the name of their policy to contributions. */
export function fromPolicy(policy: string, contributions: readonly Contribution[]): Contribution[] {
  return contributions.map((contribution) => ({ ...contribution, policy }));
}

/** Returns the contributions that remain under additional assumptions. */
export function within(assumed: Assumptions, contributions: readonly Contribution[]): Contribution[] {
  return contributions.flatMap((contribution) => {
    const when = and(assumed, contribution.when);
    return when ? [{ ...contribution, when }] : [];
  });
}

/** The contribution of an attached policy that can't be read: it can allow anything. */
export function unknownGrant(when: Assumptions): Contribution {
  return { effect: 'Allow', actions: TRACING_ACTIONS.map(() => 'unknown'), when };
}

/** A contribution that surely applies to some of the actions. */
export function certainEffect(
  effect: 'Allow' | 'Deny',
  when: Assumptions,
  actions: readonly TracingAction[] = TRACING_ACTIONS,
): Contribution {
  return {
    effect,
    actions: TRACING_ACTIONS.map((action) => (actions.includes(action) ? 'yes' : 'no')),
    when,
  };
}

/**
 * Returns the effects of a policy document's statements ("IAM JSON policy elements reference", IAM User
 * Guide). The tracing actions have no resources, so only statements on `*` apply to them ("Actions,
 * resources, and condition keys for AWS X-Ray", Service Authorization Reference).
 *
 * @param matches states if a statement applies to the caller and the context of the request
 */
export function contributionsOf(
  document: unknown,
  values: PolicyValues,
  matches: (statement: JsonObject) => Tri = isUnconditional,
): Contribution[] {
  return writtenStatements(document, values).flatMap(({ value: statement, when }) => {
    if (!statement) return [unknownGrant(when)];
    if (isOfOtherServices(statement)) return [];
    const text = matches === isUnconditional ? literalStatement(statement) : undefined;
    const known = text === undefined ? undefined : contributionsByText.get(text);
    if (known) return within(when, known);
    const forms = flatMap(casesOfStatement(statement, values), (form) => casesOfTexts(form, values));
    const cases = withCondition(when, forms).map((found) =>
      contribution(found.value, found.when, values, matches),
    );
    // Conditions without influence on the effect would only add cases.
    const found = areAlike(cases) ? cases[0].map((one) => ({ ...one, when })) : cases.flat();
    if (text !== undefined && when === ALWAYS && contributionsByText.size < MAX_TEXTS) {
      contributionsByText.set(text, found);
    }
    return found;
  });
}

/** The maximum number of statements whose effects are kept. */
const MAX_TEXTS = 1_000;

/** The effects of literal statements. CDK writes the same statement for each traced function. */
const contributionsByText = new Map<string, readonly Contribution[]>();

/** Returns a statement as text if no template changes its meaning: it has only strings, and no dynamic references. */
function literalStatement(statement: JsonObject): string | undefined {
  const isLiteral = (value: unknown) => typeof value === 'string' && !value.includes('{');
  return Object.values(statement).every((value) =>
    Array.isArray(value) ? value.every(isLiteral) : isLiteral(value),
  )
    ? JSON.stringify(statement)
    : undefined;
}

/** Matches an action of any service but X-Ray: its service is literal and has no wildcard. */
const OTHER_ACTION = /^(?!xray:)[a-z0-9-]+:/i;

/** True if a statement certainly applies to no tracing action, whatever its resources and conditions are. Most do. */
function isOfOtherServices({ Effect: effect, Action: actions }: JsonObject): boolean {
  if (effect !== 'Allow' && effect !== 'Deny') return false;
  const isOther = (action: unknown) => typeof action === 'string' && OTHER_ACTION.test(action);
  return Array.isArray(actions) ? actions.length > 0 && actions.every(isOther) : isOther(actions);
}

/** True if the effects of a statement are the same in all of its cases. */
function areAlike(cases: readonly (readonly Contribution[])[]): boolean {
  const effects = cases.map((found) => JSON.stringify(found.map(({ effect, actions }) => [effect, actions])));
  return new Set(effects).size === 1;
}

function isUnconditional(statement: JsonObject): Tri {
  return hasCondition(statement) ? 'unknown' : 'yes';
}

/** True if a statement applies to some requests only. IAM accepts an empty condition, which always holds. */
export function hasCondition({ Condition: condition }: JsonObject): boolean {
  return condition !== undefined && !(isObject(condition) && Object.keys(condition).length === 0);
}

/**
 * Returns the statements of a policy document in each case that an `Fn::If` in a statement makes; `undefined` stands
 * for one that can't be read.
 */
export function statementsOf(document: unknown, values: PolicyValues): Possible<JsonObject | undefined>[] {
  return flatMap(writtenStatements(document, values), (statement) =>
    statement ? casesOfStatement(statement, values) : certainly(undefined),
  );
}

/** Returns the possible forms of a statement, or the statement as it is if there are too many. */
function casesOfStatement(statement: JsonObject, values: PolicyValues): Possible<JsonObject>[] {
  const elements = Object.entries(statement);
  const combinations = product(
    elements.map(([name, element]) =>
      flatMap(values.branches(element), (value) =>
        name === 'Effect' ? effectsIn(value, values) : casesOfList(value, values),
      ),
    ),
  );
  if (!combinations) return certainly(statement);
  return combinations.map(({ value: resolved, when }) => ({
    value: Object.fromEntries(elements.map(([name], i) => [name, resolved[i]])),
    when,
  }));
}

/** Returns the possible forms of a list with an `Fn::If` among its items, and any other value as it is. */
function casesOfList(value: unknown, values: PolicyValues): Possible<unknown>[] {
  if (!Array.isArray(value)) return certainly(value);
  return product(value.map((item) => values.branches(item))) ?? certainly(value);
}

/** The elements of a statement whose values a parameter can set. Others are compared as they are. */
const TEXTS: readonly string[] = ['Action', 'NotAction', 'Resource', 'NotResource'];

/**
 * Returns a statement in each case that the defaults of parameters for its actions and resources make; the statement as it
 * is if there are too many.
 */
function casesOfTexts(statement: JsonObject, values: PolicyValues): Possible<JsonObject>[] {
  const elements = Object.entries(statement);
  const combinations = product(
    elements.map(([name, element]) => (TEXTS.includes(name) ? textsIn(element, values) : certainly(element))),
  );
  if (!combinations) return certainly(statement);
  return combinations.map(({ value: texts, when }) => ({
    value: Object.fromEntries(elements.map(([name], i) => [name, texts[i]])),
    when,
  }));
}

/** Returns the lists that an element can be: the default of a parameter and its other values. Others stay as they are. */
function textsIn(element: unknown, values: PolicyValues): Possible<unknown>[] {
  const lists = Array.isArray(element) ? certainly<unknown[]>(element) : listsOf(values.items(element));
  const cases = lists.flatMap(({ value: items, when }) =>
    withCondition(when, product(items.map((item) => textsOf(item, values))) ?? certainly(items)),
  );
  // Allowed values without a default are alternatives: the policy is unknown.
  const isOpen = cases.some(({ value: texts }) => texts.some((text) => isObject(text)));
  return cases.length > 1 && isOpen ? cases : certainly(element);
}

/** Groups the items of lists of which there is one in each case. */
function listsOf(items: readonly Possible<unknown>[]): Possible<unknown[]>[] {
  const lists = new Map<string, { value: unknown[]; when: Assumptions }>();
  for (const { value, when } of items) {
    const key = JSON.stringify(when);
    const list = lists.get(key) ?? { value: [], when };
    lists.set(key, list);
    list.value.push(value);
  }
  const found = [...lists.values()];
  // An empty list has no items.
  const empty = casesWithout(
    [ALWAYS],
    found.map(({ when }) => when),
  );
  return [...found, ...empty.map((when) => ({ value: [], when }))];
}

/** Returns the strings that an item can be, and the item as it is if there is one only. */
function textsOf(item: unknown, values: PolicyValues): Possible<unknown>[] {
  const texts = flatMap(values.branches(item), (branch) => values.strings(branch));
  if (texts.length < 2) return certainly(item);
  return texts.map(({ value: text, when }) => ({ value: text && asValue(text), when }));
}

/** Returns the effects that a function such as `Ref` can have; the function itself if that is unknown. */
function effectsIn(effect: unknown, values: PolicyValues): Possible<unknown>[] {
  return values
    .strings(effect)
    .map(({ value: text, when }) => ({ value: (text && literal(text)) ?? effect, when }));
}

/**
 * Returns the statements of a policy document as they are written; `undefined` stands for one that can't be
 * read.
 */
export function writtenStatements(
  document: unknown,
  values: PolicyValues,
): Possible<JsonObject | undefined>[] {
  return flatMap(values.items(document), (found) => {
    if (!isReadable(found)) return certainly(undefined);
    return values.items(found.Statement).map(({ value, when }) => ({
      value: isReadable(value) ? value : undefined,
      when,
    }));
  });
}

function isReadable(value: unknown): value is JsonObject {
  return isObject(value) && !isIntrinsic(value);
}

function contribution(
  statement: JsonObject,
  when: Assumptions,
  values: PolicyValues,
  matches: (statement: JsonObject) => Tri,
): Contribution[] {
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') return isObject(effect) ? [unknownGrant(when)] : [];
  const [onResource] = applicability(statement, 'Resource', ['*'], values);
  const matchesRequest = matches(statement);
  const actions = applicability(statement, 'Action', TRACING_ACTIONS, values).map((applies) =>
    all([applies, onResource, matchesRequest]),
  );
  return actions.every((applies) => applies === 'no') ? [] : [{ effect, actions, when }];
}

/** States for each candidate if an element (`Action` or `Resource`) or its `Not` form includes it. */
export function applicability(
  statement: JsonObject,
  element: 'Action' | 'Resource',
  candidates: readonly string[],
  values: PolicyValues,
): Tri[] {
  const isNegated = statement[element] === undefined;
  const patterns = statement[isNegated ? `Not${element}` : element];
  if (patterns === undefined) return candidates.map(() => 'no');
  const resolved = patternsOf(patterns, values);
  return candidates.map((candidate) => {
    // IAM ignores the case of actions.
    const matches = anyMatch(resolved, (text) => matchOf(text, candidate.toLowerCase()));
    return isNegated ? not(matches) : matches;
  });
}

export function not(value: Tri): Tri {
  if (value === 'unknown') return value;
  return value === 'yes' ? 'no' : 'yes';
}

/** The possible values of a pattern in a statement. */
export interface Pattern {
  readonly texts: readonly Possible<PartialString | undefined>[];
  /** True if the pattern is part of the statement under all conditions. */
  readonly isCertain: boolean;
}

export function patternsOf(patterns: unknown, values: PolicyValues): Pattern[] {
  return values.items(patterns).map(({ value, when }) => ({
    texts: values.strings(value),
    isCertain: Object.keys(when).length === 0,
  }));
}

/** States if one of the patterns matches. */
export function anyMatch(patterns: readonly Pattern[], match: (text: PartialString) => Tri): Tri {
  return any(
    patterns.map(({ texts, isCertain }) => {
      const matches = texts.map(({ value: text }) => (text ? match(text) : 'no'));
      if (matches.every((one) => one === 'no')) return 'no';
      return isCertain && matches.every((one) => one === 'yes') ? 'yes' : 'unknown';
    }),
  );
}

/** States if a pattern matches. Only the literal start of a partly unknown pattern is compared. */
function matchOf(text: PartialString, candidate: string): Tri {
  const known = literal(text);
  if (known !== undefined) return matchesPattern(known.toLowerCase(), candidate) ? 'yes' : 'no';
  const [start] = text;
  const mayMatch = typeof start !== 'string' || matchesPattern(`${start.toLowerCase()}*`, candidate);
  return mayMatch ? 'unknown' : 'no';
}

/** Matches a pattern with IAM's wildcards: `*` for any characters, `?` for one. */
export function matchesPattern(pattern: string, candidate: string): boolean {
  let [p, c, star, mark] = [0, 0, -1, 0];
  while (c < candidate.length) {
    if (pattern[p] === '?' || (pattern[p] === candidate[c] && pattern[p] !== '*')) {
      p++;
      c++;
    } else if (pattern[p] === '*') {
      star = p++;
      mark = c;
    } else if (star >= 0) {
      p = star + 1;
      c = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

export function all(outcomes: readonly Tri[]): Tri {
  if (outcomes.includes('no')) return 'no';
  return outcomes.includes('unknown') ? 'unknown' : 'yes';
}

function any(outcomes: readonly Tri[]): Tri {
  return not(all(outcomes.map(not)));
}
