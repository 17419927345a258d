import { isIntrinsic, isObject, type JsonObject } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import { type Assumptions, certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Template } from '../cloudformation/template';
import { WRITE_ACTIONS } from './managed-policies';

/** A truth value that can be unknown. */
export type Tri = 'yes' | 'no' | 'unknown';

/** The effect of a policy statement on the actions needed to write traces. */
export interface Contribution {
  readonly effect: 'Allow' | 'Deny';
  /** States for each action of `WRITE_ACTIONS`, in order, if the statement applies to it. */
  readonly actions: readonly Tri[];
  readonly when: Assumptions;
  /** The name of the policy that contains the statement. */
  readonly policy?: string;
}

/** In lower case, as IAM ignores the case of actions. */
const WRITES = WRITE_ACTIONS.map((action) => action.toLowerCase());

/** Adds the name of their policy to contributions. */
export function fromPolicy(policy: string, contributions: readonly Contribution[]): Contribution[] {
  return contributions.map((contribution) => ({ ...contribution, policy }));
}

/** The contribution of an attached policy that can't be read: it can allow anything. */
export function unknownGrant(when: Assumptions): Contribution {
  return { effect: 'Allow', actions: WRITE_ACTIONS.map(() => 'unknown'), when };
}

/** A contribution that applies to both actions. */
export function certainEffect(effect: 'Allow' | 'Deny', when: Assumptions): Contribution {
  return { effect, actions: WRITE_ACTIONS.map(() => 'yes'), when };
}

/**
 * Returns the effects of a policy document's statements ("IAM JSON policy elements reference", IAM User
 * Guide). X-Ray's write actions have no resources, so only statements on `*` apply to them ("Actions,
 * resources, and condition keys for AWS X-Ray", Service Authorization Reference).
 */
export function contributionsOf(document: unknown, template: Template, resolver: Resolver): Contribution[] {
  return statementsOf(document, template, resolver).flatMap((statement) =>
    contribution(statement, template, resolver),
  );
}

/** Returns the statements of a policy document; `undefined` stands for one that can't be read. */
export function statementsOf(
  document: unknown,
  template: Template,
  resolver: Resolver,
): Possible<JsonObject | undefined>[] {
  return flatMap(resolver.at({ document }, ['document'], template), (found) => {
    if (found === undefined) return [];
    if (!isReadable(found)) return certainly(undefined);
    return resolver.items(found.Statement, template).map(({ value, when }) => ({
      value: isReadable(value) ? value : undefined,
      when,
    }));
  });
}

function isReadable(value: unknown): value is JsonObject {
  return isObject(value) && !isIntrinsic(value);
}

function contribution(
  { value: statement, when }: Possible<JsonObject | undefined>,
  template: Template,
  resolver: Resolver,
): Contribution[] {
  if (!statement) return [unknownGrant(when)];
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') return isObject(effect) ? [unknownGrant(when)] : [];
  const [onResource] = applicability(statement, 'Resource', ['*'], template, resolver);
  if (onResource === 'no') return [];
  const unconditional: Tri = statement.Condition === undefined ? 'yes' : 'unknown';
  const actions = applicability(statement, 'Action', WRITES, template, resolver).map((applies) =>
    all([applies, onResource, unconditional]),
  );
  return actions.every((applies) => applies === 'no') ? [] : [{ effect, actions, when }];
}

/** States for each candidate if an element (`Action` or `Resource`) or its `Not` form includes it. */
function applicability(
  statement: JsonObject,
  element: string,
  candidates: readonly string[],
  template: Template,
  resolver: Resolver,
): Tri[] {
  const isNegated = statement[element] === undefined;
  const patterns = statement[isNegated ? `Not${element}` : element];
  if (patterns === undefined) return candidates.map(() => 'no');
  const resolved = patternsOf(patterns, template, resolver);
  return candidates.map((candidate) => {
    const matches = anyMatch(resolved, candidate);
    if (!isNegated || matches === 'unknown') return matches;
    return matches === 'yes' ? 'no' : 'yes';
  });
}

/** The possible values of a pattern in a statement. */
interface Pattern {
  readonly texts: readonly Possible<PartialString | undefined>[];
  /** True if the pattern is part of the statement under all conditions. */
  readonly isCertain: boolean;
}

function patternsOf(patterns: unknown, template: Template, resolver: Resolver): Pattern[] {
  return resolver.items(patterns, template).map(({ value, when }) => ({
    texts: resolver.strings(value, template),
    isCertain: Object.keys(when).length === 0,
  }));
}

function anyMatch(patterns: readonly Pattern[], candidate: string): Tri {
  let isPossible = false;
  for (const { texts, isCertain } of patterns) {
    if (!texts.some(({ value: text }) => text && mayMatch(text, candidate))) continue;
    if (isCertain && texts.every(({ value: text }) => text && surelyMatches(text, candidate))) return 'yes';
    isPossible = true;
  }
  return isPossible ? 'unknown' : 'no';
}

/** True if a pattern can match. Only the literal start of a partly unknown pattern is compared. */
function mayMatch(text: PartialString, candidate: string): boolean {
  const known = literal(text);
  if (known !== undefined) return matchesPattern(known.toLowerCase(), candidate);
  const [start] = text;
  return typeof start !== 'string' || matchesPattern(`${start.toLowerCase()}*`, candidate);
}

function surelyMatches(text: PartialString, candidate: string): boolean {
  const known = literal(text);
  return known !== undefined && matchesPattern(known.toLowerCase(), candidate);
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

function all(outcomes: readonly Tri[]): Tri {
  if (outcomes.includes('no')) return 'no';
  return outcomes.includes('unknown') ? 'unknown' : 'yes';
}
