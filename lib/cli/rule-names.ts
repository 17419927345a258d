import { RULES } from '../rules';
import { type Rule, RULE_PREFIX } from '../rules/rule';

/** Returns a rule by its ID. The prefix `LambdaXRay-` is optional. */
export function findRule(name: string): Rule | undefined {
  return RULES.find(({ id }) => id === name || id === RULE_PREFIX + name);
}

/** Returns the message for an unknown rule ID, with a suggestion. */
export function unknownRuleMessage(name: string): string {
  const ids = RULES.map(({ id }) => id);
  const written = name.toLowerCase().startsWith(RULE_PREFIX.toLowerCase()) ? name : RULE_PREFIX + name;
  return `There is no rule ${JSON.stringify(name)}.${didYouMean(written, ids)} Run cdk-lambda-xray rules for a list of all rules.`;
}

/** Returns ` Did you mean X?` if one of the names is similar, otherwise an empty string. */
export function didYouMean(written: string, names: readonly string[]): string {
  const nearest = nearestOf(written, names);
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`;
}

function nearestOf(written: string, names: readonly string[]): string | undefined {
  const wanted = written.toLowerCase();
  const [nearest] = names
    .map((name) => ({ name, distance: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, distance: edits }) => edits <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.name;
}

/** Returns the number of characters to insert, remove or replace (Levenshtein distance). */
function distance(a: string, b: string): number {
  // Names are short: a much longer text is not similar to any, and comparing it would take long.
  if (Math.abs(a.length - b.length) > b.length) return Number.MAX_SAFE_INTEGER;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j] + 1, row[j - 1] + 1));
    }
    previous = row;
  }
  return previous[b.length];
}
