import { joined, parseEmbeddedJson, stringParts } from '../../cloudformation/embedded-json';
import { isIntrinsic, isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import type { Resolver } from '../../cloudformation/resolver';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Resource } from '../../cloudformation/template';

/** The action of a state. */
export interface Task {
  /** The ARN of a function, or that of an action of a service. */
  readonly resource: unknown;
  /**
   * Returns the arguments at a path: for a list on the path, those of every item, and for `*`, the keys. An argument that
   * is left out is `undefined`. Expressions, which are evaluated at run time, are not among them.
   */
  argumentsAt(path: readonly string[]): unknown[];
}

/** The readable parts of a state machine's definition. */
export interface StateMachineDefinition {
  readonly tasks: readonly Task[];
  /** The values in an unreadable definition. It can only call nodes that they refer to. */
  readonly referenced: readonly unknown[];
}

/** Returns the definitions that a state machine can have. */
export function definitionsOf(resource: Resource, resolver: Resolver): StateMachineDefinition[] {
  const properties = effectiveProperties(resource);
  const substitutions = objectAt(properties, 'DefinitionSubstitutions');
  const at = (name: string) =>
    resolver.at(properties, [name], resource.template).flatMap(({ value }) => value ?? []);
  const definitions = [
    ...at('DefinitionString').map((value) => readString(value, substitutions)),
    ...at('Definition').map((value) => readObject(value, substitutions)),
  ];
  // A definition in S3 is known only by its substitutions.
  return definitions.length > 0 ? definitions : [{ tasks: [], referenced: Object.values(substitutions) }];
}

function readString(value: unknown, substitutions: JsonObject): StateMachineDefinition {
  const parts = stringParts(value).flatMap((part) =>
    typeof part === 'string' ? substituted(part, substitutions) : [part],
  );
  const embedded = parseEmbeddedJson(parts);
  if (!isObject(embedded?.json)) return { tasks: [], referenced: parts.filter(isObject) };
  return { tasks: tasksIn(embedded.json, (string) => joined(embedded.partsOf(string))), referenced: [] };
}

function readObject(value: unknown, substitutions: JsonObject): StateMachineDefinition {
  return { tasks: tasksIn(value, (string) => joined(substituted(string, substitutions))), referenced: [] };
}

/** "AWS::StepFunctions::StateMachine" (CloudFormation Template Reference): `DefinitionSubstitutions` of `${Name}`. */
function substituted(string: string, substitutions: JsonObject): (string | JsonObject)[] {
  return string.split(/\$\{(\w+)\}/).map((piece, i) => {
    if (i % 2 === 0) return piece;
    if (!Object.hasOwn(substitutions, piece)) return `\${${piece}}`;
    const value = substitutions[piece];
    return isObject(value) ? value : { 'Fn::Join': ['', [value]] };
  });
}

/** Fields of a Map state with an action ("Map workflow state", Step Functions Developer Guide). */
const ACTION_FIELDS = ['ItemReader', 'ResultWriter'];

/** Fields of Parallel and Map states with inner state machines. */
const INNER_MACHINES = ['Branches', 'Iterator', 'ItemProcessor'];

function tasksIn(definition: unknown, withReferences: (string: string) => unknown): Task[] {
  const tasks: Task[] = [];
  const machines = new Set([definition]);
  for (const machine of machines) {
    for (const state of Object.values(objectAt(machine, 'States'))) {
      if (!isObject(state)) continue;
      for (const action of [state, ...ACTION_FIELDS.map((field) => objectAt(state, field))]) {
        if (action.Resource !== undefined) tasks.push(new DefinedTask(action, withReferences));
      }
      for (const inner of INNER_MACHINES.flatMap((field) => state[field] ?? [])) machines.add(inner);
    }
  }
  return tasks;
}

/** A task of a definition. */
class DefinedTask implements Task {
  constructor(
    private readonly fields: JsonObject,
    private readonly withReferences: (string: string) => unknown,
  ) {}

  public get resource(): unknown {
    return this.value(this.fields.Resource);
  }

  public argumentsAt(path: readonly string[]): unknown[] {
    const root = this.fields.Arguments ?? this.fields.Parameters;
    return path
      .reduce<unknown[]>((values, key) => values.flatMap((value) => valuesAt(value, key)), [root])
      .filter((value) => typeof value !== 'string' || !EXPRESSION.test(value))
      .map((value) => this.value(value));
  }

  private value(value: unknown): unknown {
    return typeof value === 'string' ? this.withReferences(value) : value;
  }
}

/** An expression in JSONPath or JSONata ("Transforming data in Step Functions", Step Functions Developer Guide). */
const EXPRESSION = /^(?:\$(?!\{)|\{%)/;

function valuesAt(value: unknown, key: string): unknown[] {
  return [value].flat().flatMap((item) => {
    if (!isObject(item) || isIntrinsic(item) || Object.hasOwn(item, `${key}.$`)) return [];
    return key === '*' ? Object.keys(item) : [item[key]].flat();
  });
}
