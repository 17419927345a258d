import { joined, parseEmbeddedJson, stringParts } from '../../cloudformation/embedded-json';
import { isIntrinsic, isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import type { Resolver } from '../../cloudformation/resolver';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Resource } from '../../cloudformation/template';

/** What a state has a service do. */
export interface Task {
  /** The ARN of a function, or that of an action of a service. */
  readonly resource: unknown;
  /**
   * What the action is given at a path: of a list on the way, by every item, and for `*`, the keys. `undefined` stands
   * for what is left out; what is worked out when it runs isn't there.
   */
  argumentsAt(path: readonly string[]): unknown[];
}

/** What is known of the definition of a state machine. */
export interface StateMachineDefinition {
  readonly tasks: readonly Task[];
  /** The values in a definition that can't be read: what it calls can only be among them. */
  readonly mentioned: readonly unknown[];
}

/** The definitions that a state machine can have. */
export function definitionsOf(resource: Resource, resolver: Resolver): StateMachineDefinition[] {
  const properties = effectiveProperties(resource);
  const substitutions = objectAt(properties, 'DefinitionSubstitutions');
  const at = (name: string) =>
    resolver.at(properties, [name], resource.template).flatMap(({ value }) => value ?? []);
  const definitions = [
    ...at('DefinitionString').map((value) => readString(value, substitutions)),
    ...at('Definition').map((value) => readObject(value, substitutions)),
  ];
  // One that is in a file is given what the template tells it.
  return definitions.length > 0 ? definitions : [{ tasks: [], mentioned: Object.values(substitutions) }];
}

function readString(value: unknown, substitutions: JsonObject): StateMachineDefinition {
  const parts = stringParts(value).flatMap((part) =>
    typeof part === 'string' ? substituted(part, substitutions) : [part],
  );
  const marked = parseEmbeddedJson(parts);
  if (!isObject(marked?.json)) return { tasks: [], mentioned: parts.filter(isObject) };
  return { tasks: tasksIn(marked.json, (text) => joined(marked.partsOf(text))), mentioned: [] };
}

function readObject(value: unknown, substitutions: JsonObject): StateMachineDefinition {
  return { tasks: tasksIn(value, (text) => joined(substituted(text, substitutions))), mentioned: [] };
}

/** "AWS::StepFunctions::StateMachine" (CloudFormation Template Reference): `DefinitionSubstitutions` of `${Name}`. */
function substituted(text: string, substitutions: JsonObject): (string | JsonObject)[] {
  return text.split(/\$\{(\w+)\}/).map((piece, i) => {
    if (i % 2 === 0) return piece;
    if (!Object.hasOwn(substitutions, piece)) return `\${${piece}}`;
    const value = substitutions[piece];
    return isObject(value) ? value : { 'Fn::Join': ['', [value]] };
  });
}

/** What of a Map state is done by a service, besides its states ("Map workflow state", Step Functions Developer Guide). */
const BY_SERVICES = ['ItemReader', 'ResultWriter'];

/** Where Parallel and Map states have their own. */
const INNER = ['Branches', 'Iterator', 'ItemProcessor'];

function tasksIn(definition: unknown, written: (text: string) => unknown): Task[] {
  const tasks: Task[] = [];
  const machines = new Set([definition]);
  for (const machine of machines) {
    for (const state of Object.values(objectAt(machine, 'States'))) {
      if (!isObject(state)) continue;
      for (const doing of [state, ...BY_SERVICES.map((field) => objectAt(state, field))]) {
        if (doing.Resource !== undefined) tasks.push(new WrittenTask(doing, written));
      }
      for (const inner of INNER.flatMap((field) => state[field] ?? [])) machines.add(inner);
    }
  }
  return tasks;
}

class WrittenTask implements Task {
  constructor(
    private readonly fields: JsonObject,
    private readonly written: (text: string) => unknown,
  ) {}

  public get resource(): unknown {
    return this.value(this.fields.Resource);
  }

  public argumentsAt(path: readonly string[]): unknown[] {
    const given = this.fields.Arguments ?? this.fields.Parameters;
    return path
      .reduce<unknown[]>((values, key) => values.flatMap((value) => valuesAt(value, key)), [given])
      .filter((value) => typeof value !== 'string' || !IS_WORKED_OUT.test(value))
      .map((value) => this.value(value));
  }

  private value(value: unknown): unknown {
    return typeof value === 'string' ? this.written(value) : value;
  }
}

/** JSONPath and JSONata ("Transforming data in Step Functions", Step Functions Developer Guide). */
const IS_WORKED_OUT = /^(?:\$(?!\{)|\{%)/;

function valuesAt(value: unknown, key: string): unknown[] {
  return [value].flat().flatMap((item) => {
    if (!isObject(item) || isIntrinsic(item) || Object.hasOwn(item, `${key}.$`)) return [];
    return key === '*' ? Object.keys(item) : [item[key]].flat();
  });
}
