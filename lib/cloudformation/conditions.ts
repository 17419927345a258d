import { isObject, type JsonObject, objectAt, scalarText } from './json';
import { keyOf, literal, mayBeEqual, type PartialString, withoutCommonText } from './partial-string';
import { ALWAYS, and, type Assumptions, combineCases, equality, isPossible, type Possible } from './possible';
import type { Resource, Template } from './template';

/** The assumptions under which a condition is true, and those under which it is false. */
export interface ConditionOutcome {
  readonly holds: readonly Assumptions[];
  readonly fails: readonly Assumptions[];
}

/** Returns the strings that a value of a template can resolve to. */
export type StringsOf = (value: unknown, template: Template) => Possible<PartialString | undefined>[];

/**
 * The maximum number of cases of one condition. A condition with more is treated as known only at deployment.
 */
const MAX_CASES = 32;

/** The maximum depth of conditions that refer to other conditions. */
const MAX_DEPTH = 100;

/**
 * Evaluates the conditions of templates. Conditions on the same value, such as a parameter, share their
 * assumptions, so the value is the same in all of them.
 */
export class Conditions {
  private readonly known = new Map<string, ConditionOutcome>();
  private readonly inProgress = new Set<string>();

  constructor(private readonly stringsOf: StringsOf) {}

  /** Evaluates a condition by its name. */
  public outcome(name: string, template: Template): ConditionOutcome {
    const key = `${template.id}?${name}`;
    const known = this.known.get(key);
    if (known) return known;
    const definition = Object.hasOwn(template.conditions, name) ? template.conditions[name] : undefined;
    if (definition === undefined || this.inProgress.has(key) || this.inProgress.size > MAX_DEPTH) {
      return opaque(template, name);
    }
    this.inProgress.add(key);
    const outcome = this.expression(definition, template);
    this.inProgress.delete(key);
    this.known.set(key, outcome);
    return outcome;
  }

  /** Evaluates the expression of a condition. */
  public expression(expression: unknown, template: Template): ConditionOutcome {
    const outcome = this.evaluate(expression, template);
    const [holds, fails] = [distinct(outcome.holds), distinct(outcome.fails)];
    return Math.max(holds.length, fails.length) > MAX_CASES ? opaque(template, expression) : { holds, fails };
  }

  /**
   * Returns the cases in which the conditions of all of some resources are true.
   *
   * @param assumed additional assumptions
   */
  public casesOf(resources: readonly Resource[], assumed: Assumptions): Assumptions[] {
    return resources.reduce<Assumptions[]>(
      (cases, { condition, template }) =>
        condition === undefined ? cases : combineCases(cases, this.outcome(condition, template).holds),
      [assumed],
    );
  }

  private evaluate(expression: unknown, template: Template): ConditionOutcome {
    const [[intrinsic, argument] = []] = isObject(expression) ? Object.entries(expression) : [];
    if (intrinsic === 'Condition' && typeof argument === 'string') return this.outcome(argument, template);
    if (!Array.isArray(argument)) return opaque(template, expression);
    const operands = argument as unknown[];
    switch (intrinsic) {
      case 'Fn::Equals':
        return this.equals(operands[0], operands[1], template);
      case 'Fn::Not':
        return not(this.expression(operands[0], template));
      case 'Fn::And':
        return all(operands.map((operand) => this.expression(operand, template)));
      case 'Fn::Or':
        return not(all(operands.map((operand) => not(this.expression(operand, template)))));
      default:
        return opaque(template, expression);
    }
  }

  private equals(left: unknown, right: unknown, template: Template): ConditionOutcome {
    const holds: Assumptions[] = [];
    const fails: Assumptions[] = [];
    for (const a of this.stringsOf(left, template)) {
      for (const b of this.stringsOf(right, template)) {
        const both = and(a.when, b.when);
        if (!both) continue;
        const outcome = comparison(a.value ?? [], b.value ?? []);
        for (const when of outcome.holds) holds.push(...[and(both, when)].filter((found) => !!found));
        for (const when of outcome.fails) fails.push(...[and(both, when)].filter((found) => !!found));
      }
    }
    return { holds, fails };
  }
}

/** Compares two strings: of `${Stage}-api` and `prod-api`, the rest that decides is whether `Stage` is `prod`. */
export function comparison(a: PartialString, b: PartialString): ConditionOutcome {
  const [one, other] = withoutCommonText(a, b);
  if (!mayBeEqual(one, other)) return constant(false);
  if (keyOf(one) === keyOf(other)) return constant(true);
  const [left, right] = [literal(one), literal(other)];
  if (right !== undefined) return assumption(equality(keyOf(one), right));
  if (left !== undefined) return assumption(equality(keyOf(other), left));
  return assumption([keyOf(one), keyOf(other)].sort().join(' equals '));
}

function constant(holds: boolean): ConditionOutcome {
  return holds ? { holds: [ALWAYS], fails: [] } : { holds: [], fails: [ALWAYS] };
}

function assumption(key: string): ConditionOutcome {
  return { holds: [{ [key]: true }], fails: [{ [key]: false }] };
}

function opaque(template: Template, expression: unknown): ConditionOutcome {
  return assumption(`${template.id}?${JSON.stringify(expression)}`);
}

function not({ holds, fails }: ConditionOutcome): ConditionOutcome {
  return { holds: fails, fails: holds };
}

function all(outcomes: readonly ConditionOutcome[]): ConditionOutcome {
  const holds = outcomes.reduce<readonly Assumptions[]>(
    (cases, outcome) =>
      distinct(
        cases.flatMap((a) => outcome.holds.flatMap((b) => [and(a, b)].filter((found) => !!found))),
      ).slice(0, MAX_CASES + 1),
    [ALWAYS],
  );
  return { holds, fails: outcomes.flatMap(({ fails }) => fails).slice(0, 4 * MAX_CASES) };
}

function distinct(cases: readonly Assumptions[]): Assumptions[] {
  if (cases.some((when) => Object.keys(when).length === 0)) return [ALWAYS];
  const keyed = cases.map((when) => [JSON.stringify(Object.entries(when).sort()), when] as const);
  return [...new Map(keyed).values()];
}

/** Returns the items of a list. */
type ItemsOf = (list: unknown) => readonly Possible<unknown>[];

/**
 * Returns the cases that the `Rules` section of a template forbids: CloudFormation creates or updates a stack
 * only if all assertions hold whose rule's condition holds ("CloudFormation template Rules syntax"). Rules say nothing
 * about other templates, which may be deployed to another region, and nothing at all if they forbid every case.
 *
 * @param conditions evaluates conditions
 */
export function casesForbiddenByRules(
  template: Template,
  conditions: Conditions,
  itemsOf: ItemsOf,
): readonly Assumptions[] {
  const isOwn = (key: string) => key.includes(`\${${template.id}#`) || key.startsWith(`${template.id}?`);
  const forbidden = Object.keys(template.rules)
    .flatMap((name) => casesForbiddenByRule(name, template, conditions, itemsOf))
    .filter((when) => Object.keys(when).every(isOwn));
  return isPossible(ALWAYS, forbidden) ? forbidden : [];
}

function casesForbiddenByRule(
  name: string,
  template: Template,
  conditions: Conditions,
  itemsOf: ItemsOf,
): Assumptions[] {
  const { RuleCondition: condition, Assertions: assertions } = objectAt(template.rules, name);
  if (!Array.isArray(assertions)) return [];
  const premise = condition === undefined ? [] : [condition];
  return assertions.flatMap((assertion) => {
    const assert = isObject(assertion) ? assertion.Assert : undefined;
    const violated = { 'Fn::And': [...premise, { 'Fn::Not': [assert] }] };
    return conditions.expression(asCondition(violated, itemsOf), template).holds;
  });
}

const OPERATORS = ['Fn::And', 'Fn::Or', 'Fn::Not'];

/** Expresses functions that only rules have with the functions of conditions. Others are known only at deployment. */
function asCondition(expression: unknown, itemsOf: ItemsOf): unknown {
  const [[name, argument] = []] = isObject(expression) ? Object.entries(expression) : [];
  if (name === undefined || !Array.isArray(argument)) return expression;
  const operands = argument as unknown[];
  if (OPERATORS.includes(name)) {
    return { [name]: operands.map((operand) => asCondition(operand, itemsOf)) };
  }
  return LIST_FUNCTIONS[name]?.(operands, (list) => certainItems(list, itemsOf)) ?? expression;
}

/** Returns a condition with the meaning of a function on lists; undefined if the lists are unknown. */
type ListFunction = (
  operands: readonly unknown[],
  itemsOf: (list: unknown) => readonly unknown[] | undefined,
) => JsonObject | undefined;

const LIST_FUNCTIONS: Readonly<Partial<Record<string, ListFunction>>> = {
  'Fn::Contains': ([list, value], itemsOf) => isOneOf(value, itemsOf(list)),
  'Fn::EachMemberEquals': ([list, value], itemsOf) => {
    const items = itemsOf(list);
    return items && { 'Fn::And': items.map((item) => equals(item, value)) };
  },
  'Fn::EachMemberIn': ([list, allowed], itemsOf) => {
    const [items, others] = [itemsOf(list), itemsOf(allowed)];
    return items && others && { 'Fn::And': items.map((item) => isOneOf(item, others)) };
  },
};

/** Returns the items of a list; undefined if it depends on the deployment. */
function certainItems(list: unknown, itemsOf: ItemsOf): unknown[] | undefined {
  if (Array.isArray(list)) return list as unknown[];
  const items = itemsOf(list);
  const isCertain = items.every(({ value, when }) => when === ALWAYS && scalarText(value) !== undefined);
  return isCertain ? items.map(({ value }) => value) : undefined;
}

function isOneOf(value: unknown, items: readonly unknown[] | undefined): JsonObject | undefined {
  return items && { 'Fn::Or': items.map((item) => equals(item, value)) };
}

function equals(a: unknown, b: unknown): JsonObject {
  return { 'Fn::Equals': [a, b] };
}
