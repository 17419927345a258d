import type { Conditions } from './conditions';
import { isObject, type JsonObject, objectAt, scalarText } from './json';
import { ALWAYS, type Assumptions, type Possible } from './possible';
import type { Template } from './template';

/** Returns the items of a list. */
type ItemsOf = (list: unknown) => readonly Possible<unknown>[];

/**
 * Returns the cases that the `Rules` section of a template forbids: CloudFormation creates or updates a stack
 * only if all assertions hold whose rule's condition holds ("CloudFormation template Rules syntax").
 *
 * @param conditions evaluates conditions
 */
export function casesForbiddenByRules(
  template: Template,
  conditions: Conditions,
  itemsOf: ItemsOf,
): readonly Assumptions[] {
  return Object.keys(template.rules).flatMap((name) => {
    const { RuleCondition: condition, Assertions: assertions } = objectAt(template.rules, name);
    if (!Array.isArray(assertions)) return [];
    const premise = condition === undefined ? [] : [condition];
    return assertions.flatMap((assertion) => {
      const assert = isObject(assertion) ? assertion.Assert : undefined;
      const violated = { 'Fn::And': [...premise, { 'Fn::Not': [assert] }] };
      const { holds } = conditions.expression(asCondition(violated, itemsOf), template);
      // Nothing can be said about a template that no stack can have.
      return holds.filter((when) => when !== ALWAYS);
    });
  });
}

const OPERATORS = ['Fn::And', 'Fn::Or', 'Fn::Not'];

/** Expresses the functions that only rules have by those of conditions. Others are known only at deployment. */
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
