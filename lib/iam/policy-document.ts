import { isIntrinsic, isObject, type JsonObject } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import { type Assumptions, certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Template } from '../cloudformation/template';
import { WRITE_ACTIONS } from './managed-policies';

/** Whether something is so. */
export type Tri = 'yes' | 'no' | 'unknown';

/** What a statement does to the actions that writing traces takes, and when it is in force. */
export interface Contribution {
  readonly effect: 'Allow' | 'Deny';
  /** Whether it is about each of the actions, in the order of `WRITE_ACTIONS`. */
  readonly actions: readonly Tri[];
  readonly when: Assumptions;
  /** What the policy is called that says so. */
  readonly policy?: string;
}

/** As they are compared: IAM knows no case in actions. */
const WRITES = WRITE_ACTIONS.map((action) => action.toLowerCase());

/** The same contributions, with the name of the policy that they are from. */
export function fromPolicy(policy: string, contributions: readonly Contribution[]): Contribution[] {
  return contributions.map((contribution) => ({ ...contribution, policy }));
}

/** Something attached that can't be read: it may allow anything. */
export function unknownGrant(when: Assumptions): Contribution {
  return { effect: 'Allow', actions: WRITE_ACTIONS.map(() => 'unknown'), when };
}

/** Something that surely concerns both actions. */
export function certainEffect(effect: 'Allow' | 'Deny', when: Assumptions): Contribution {
  return { effect, actions: WRITE_ACTIONS.map(() => 'yes'), when };
}

/**
 * What the statements of a policy document do, as "IAM JSON policy elements reference" (IAM User Guide) has it.
 * X-Ray's writes know no resource, so that only a statement on `*` is about them ("Actions, resources, and
 * condition keys for AWS X-Ray", Service Authorization Reference).
 */
export function contributionsOf(document: unknown, template: Template, resolver: Resolver): Contribution[] {
  return statementsOf(document, template, resolver).flatMap((statement) =>
    contribution(statement, template, resolver),
  );
}

/** The statements of a policy document; `undefined` stands for those that can't be read. */
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

/** Whether `Action` or `NotAction`, `Resource` or `NotResource`, take each of the candidates in. */
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

/** What a pattern of a statement can come to, and whether it stands there in any case. */
interface Pattern {
  readonly texts: readonly Possible<PartialString | undefined>[];
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

/** Whether a pattern may match, by how it begins where it isn't known to its end. */
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

/** IAM's wildcards: `*` for any characters, `?` for one. */
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
