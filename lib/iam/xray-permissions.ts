import { isObject, type JsonObject } from '../cloudformation/json';
import type { PartialString } from '../cloudformation/partial-string';
import { ALWAYS, and, type Assumptions, type Possible } from '../cloudformation/possible';
import { TRACING_ACTIONS, type TracingAction } from './managed-policies';
import {
  all,
  anyMatch,
  certainEffect,
  type Contribution,
  matchesPattern,
  type PolicyValues,
  statementsOf,
  type Tri,
} from './policy-document';
import { type PolicyDocument, principalsIn } from './resource-policy';
import type { RolePolicies } from './roles';

/** The permission for tracing actions. */
export interface XRayPermission {
  readonly state: 'granted' | 'missing' | 'unknown';
  /** The actions that the role surely lacks. */
  readonly missing: readonly string[];
  /** The reasons why they are missing. */
  readonly obstacles: readonly Obstacle[];
  /** The names of the policies that surely allow an action. */
  readonly policies: readonly string[];
}

/**
 * The reason why an action is not allowed: no policy allows it, a policy denies it, or it is outside the
 * permissions boundary.
 */
export type Obstacle = 'not allowed' | 'denied' | 'outside boundary';

/** The boundary of a role without one, and of everything that is not a role: it allows everything. */
export const NO_BOUNDARY: readonly Contribution[] = [certainEffect('Allow', ALWAYS)];

export const UNKNOWN_PERMISSION: XRayPermission = {
  state: 'unknown',
  missing: [],
  obstacles: [],
  policies: [],
};

/**
 * The maximum number of conditions in a role's policies. With more, the effects that depend on them are
 * unknown.
 */
const MAX_CONDITIONS = 6;

/**
 * Evaluates policies as IAM does ("Policy evaluation logic", IAM User Guide): an explicit denial takes
 * precedence, a policy must allow the action, and the permissions boundary must allow it too. Returns the
 * result in each case that the conditions make.
 *
 * @param actions the actions that are needed
 * @param isPossible returns false for cases that can't be deployed
 */
export function permissionsFor(
  actions: readonly TracingAction[],
  policies: RolePolicies,
  isPossible: (assumed: Assumptions) => boolean,
): Possible<XRayPermission>[] {
  return permissionsWith(actions, policiesForActions(actions, policies), isPossible);
}

/**
 * Evaluates policies of which only the effects on the actions are left.
 *
 * @param policies from `policiesForActions`
 */
export function permissionsWith(
  actions: readonly TracingAction[],
  policies: RolePolicies,
  isPossible: (assumed: Assumptions) => boolean,
): Possible<XRayPermission>[] {
  const { contributions, boundary } = policies;
  const conditions = new Set([...contributions, ...boundary].flatMap(({ when }) => Object.keys(when)));
  const cases =
    conditions.size > MAX_CONDITIONS ? [ALWAYS] : combinationsOf([...conditions]).filter(isPossible);
  return cases.map((when) => ({ value: permissionIn(when, actions, { contributions, boundary }), when }));
}

/** Returns the effects of policies on some of the actions. */
export function policiesForActions(
  actions: readonly TracingAction[],
  { contributions, boundary }: RolePolicies,
): RolePolicies {
  return { contributions: forActions(actions, contributions), boundary: forActions(actions, boundary) };
}

/** Returns the contributions that apply to the actions, with the states for these actions only. */
function forActions(
  actions: readonly TracingAction[],
  contributions: readonly Contribution[],
): Contribution[] {
  return contributions
    .map((contribution) => ({
      ...contribution,
      actions: actions.map((action) => contribution.actions[TRACING_ACTIONS.indexOf(action)]),
    }))
    .filter((contribution) => contribution.actions.some((applies) => applies !== 'no'));
}

function permissionIn(
  assumed: Assumptions,
  actions: readonly TracingAction[],
  policies: RolePolicies,
): XRayPermission {
  const { contributions, boundary } = policies;
  const outcomes = actions.map((_, action) =>
    all([decide(contributions, action, assumed), decide(boundary, action, assumed)]),
  );
  const lacking = actions.flatMap((_, action) => (outcomes[action] === 'no' ? [action] : []));
  const otherwise = outcomes.includes('unknown') ? 'unknown' : 'granted';
  return {
    state: lacking.length > 0 ? 'missing' : otherwise,
    missing: lacking.map((action) => actions[action]),
    obstacles: [...new Set(lacking.flatMap((action) => obstaclesOf(policies, action, assumed)))],
    policies: allowing(contributions, assumed),
  };
}

/** Returns all reasons why an action is not allowed. Each needs a fix of its own. */
function obstaclesOf(
  { contributions, boundary }: RolePolicies,
  action: number,
  assumed: Assumptions,
): Obstacle[] {
  const isDenied = [...contributions, ...boundary].some(
    ({ effect, actions, when }) =>
      effect === 'Deny' && all([actions[action], inForce(when, assumed)]) === 'yes',
  );
  const withoutDenials = (all: readonly Contribution[]) =>
    decide(
      all.filter(({ effect }) => effect === 'Allow'),
      action,
      assumed,
    );
  return [
    ...(isDenied ? ['denied' as const] : []),
    ...(withoutDenials(contributions) === 'no' ? ['not allowed' as const] : []),
    ...(withoutDenials(boundary) === 'no' ? ['outside boundary' as const] : []),
  ];
}

function allowing(contributions: readonly Contribution[], assumed: Assumptions): string[] {
  const names = contributions
    .filter(
      ({ effect, actions, when }) =>
        effect === 'Allow' && actions.includes('yes') && inForce(when, assumed) === 'yes',
    )
    .flatMap(({ policy }) => policy ?? []);
  return [...new Set(names)];
}

function decide(contributions: readonly Contribution[], action: number, assumed: Assumptions): Tri {
  const outcomes = contributions.map(({ effect, actions, when }) => ({
    effect,
    applies: all([actions[action], inForce(when, assumed)]),
  }));
  const some = (wanted: 'Allow' | 'Deny', tri: Tri) =>
    outcomes.some(({ effect, applies }) => effect === wanted && applies === tri);
  if (some('Deny', 'yes')) return 'no';
  if (some('Allow', 'yes')) return some('Deny', 'unknown') ? 'unknown' : 'yes';
  return some('Allow', 'unknown') ? 'unknown' : 'no';
}

function inForce(when: Assumptions, assumed: Assumptions): Tri {
  if (!and(when, assumed)) return 'no';
  return Object.keys(when).every((key) => key in assumed) ? 'yes' : 'unknown';
}

/** Returns every combination of the conditions being true and false, without contradictions. */
function combinationsOf(conditions: readonly string[]): Assumptions[] {
  let cases: Assumptions[] = [ALWAYS];
  for (const key of conditions) {
    cases = cases.flatMap((when) =>
      [true, false].map((holds) => and(when, { [key]: holds })).filter((found) => found !== undefined),
    );
  }
  return cases;
}

/**
 * Returns true unless a policy document surely does not allow writing to a log group. Denials are not considered.
 *
 * @param isPrincipal returns true for the principal that writes; a document without principals is about its role
 */
export function mayWriteLogs(
  { document, values }: PolicyDocument,
  logGroup: string,
  isPrincipal: (principal: string) => boolean = () => true,
): boolean {
  return statementsOf(document, values).some(
    ({ value }) => value === undefined || statementMayAllow(value, logGroup, isPrincipal, values),
  );
}

function statementMayAllow(
  statement: JsonObject,
  logGroup: string,
  isPrincipal: (principal: string) => boolean,
  values: PolicyValues,
): boolean {
  const { Effect: effect, Principal: principal, Action: action, Resource: resource } = statement;
  if (effect === 'Deny') return false;
  const matches = (element: unknown, isMatch: (text: string) => boolean) =>
    element === undefined || anyMatch(patternsIn(element, values), asTri(isMatch)) !== 'no';
  return (
    (principal === undefined || anyMatch(principalsIn(principal, values), asTri(isPrincipal)) !== 'no') &&
    matches(action, (text) => matchesPattern(text.toLowerCase(), 'logs:putlogevents')) &&
    matches(resource, (text) => isLogGroup(text, logGroup))
  );
}

function patternsIn(element: unknown, values: PolicyValues) {
  return principalsIn(isObject(element) ? [element] : element, values);
}

/** Returns a match of texts in which a part that is known only at deployment is a wildcard. */
function asTri(isMatch: (text: string) => boolean): (text: PartialString) => Tri {
  return (text) =>
    isMatch(text.map((part) => (typeof part === 'string' ? part : '*')).join('')) ? 'yes' : 'no';
}

const LOG_GROUP = ':log-group:';

/** True if a pattern can match the ARN of a log group or of a stream in it. */
function isLogGroup(pattern: string, name: string): boolean {
  const start = pattern.indexOf(LOG_GROUP);
  // A wildcard before the name can stand for all of it, as in `arn:aws:logs:*:*:*`.
  if (start < 0) return pattern.includes('*');
  const group = pattern.slice(start + LOG_GROUP.length);
  return [name, `${name}:*`, `${name}:log-stream:default`].some((candidate) =>
    matchesPattern(group, candidate),
  );
}
