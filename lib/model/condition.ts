import { isObject } from './json';
import { ALWAYS, type Assumptions } from './possible';
import type { Template } from './template';
import { literal, type Text } from './text';

/** What a condition comes to: a constant, or another one's truth by its key. */
export type ConditionOutcome = boolean | { readonly key: string; readonly negated: boolean };

/** Resolves a value to a text when it can only be one. */
export type TextOf = (value: unknown, template: Template) => Text | undefined;

/** How many conditions that name each other are followed. */
const MAX_DEPTH = 100;

/**
 * What a named condition comes to. Conditions of one template with the same definition, and their negations,
 * share a key, so that values that depend on them are known to go together.
 */
export function conditionOutcome(name: string, template: Template, textOf: TextOf): ConditionOutcome {
  return outcomeOfName(name, template, textOf, new Set());
}

/** The assumptions under which the outcome is as wanted, or nothing when it can't be. */
export function assume(outcome: ConditionOutcome, wanted: boolean): Assumptions | undefined {
  if (typeof outcome === 'boolean') return outcome === wanted ? ALWAYS : undefined;
  return { [outcome.key]: wanted !== outcome.negated };
}

function outcomeOfName(
  name: string,
  template: Template,
  textOf: TextOf,
  within: ReadonlySet<string>,
): ConditionOutcome {
  const definition = template.conditions[name];
  if (definition === undefined || within.has(name) || within.size > MAX_DEPTH) return opaque(template, name);
  return outcomeOf(definition, template, textOf, new Set([...within, name]));
}

function outcomeOf(
  expression: unknown,
  template: Template,
  textOf: TextOf,
  within: ReadonlySet<string>,
): ConditionOutcome {
  const nested = (inner: unknown) => outcomeOf(inner, template, textOf, within);
  if (!isObject(expression)) return opaque(template, expression);
  const [[intrinsic, argument] = []] = Object.entries(expression);
  if (intrinsic === 'Condition' && typeof argument === 'string') {
    return outcomeOfName(argument, template, textOf, within);
  }
  if (!Array.isArray(argument)) return opaque(template, expression);
  const operands: unknown[] = argument;

  switch (intrinsic) {
    case 'Fn::Not': {
      const inner = nested(operands[0]);
      return typeof inner === 'boolean' ? !inner : { key: inner.key, negated: !inner.negated };
    }
    case 'Fn::Equals': {
      const [left, right] = operands.map((operand) => {
        const text = textOf(operand, template);
        return text && literal(text);
      });
      return left === undefined || right === undefined ? opaque(template, expression) : left === right;
    }
    case 'Fn::And':
    case 'Fn::Or': {
      const deciding = intrinsic === 'Fn::Or';
      const open = operands.map(nested).filter((outcome) => outcome !== !deciding);
      if (open.includes(deciding)) return deciding;
      if (open.length === 0) return !deciding;
      return open.length === 1 ? open[0] : opaque(template, expression);
    }
    default:
      return opaque(template, expression);
  }
}

function opaque(template: Template, expression: unknown): ConditionOutcome {
  return { key: `${template.id}?${JSON.stringify(expression)}`, negated: false };
}
