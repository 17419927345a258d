import { isObject, type JsonObject } from '../cloudformation/json';
import type { PartialString } from '../cloudformation/partial-string';
import { anyMatch, matchesPattern, type PolicyValues, statementsOf, type Tri } from './policy-document';
import { type PolicyDocument, principalsIn } from './resource-policy';

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
