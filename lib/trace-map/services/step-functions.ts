import { joined, literal, parseEmbeddedJson, stringParts } from '../../cloudformation/partial-string';
import { isIntrinsic, isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import type { Resolver } from '../../cloudformation/resolver';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Resource } from '../../cloudformation/template';
import { rolePermittedCalls } from '../permitted-calls';
import { type Connection, isCallable, type Services } from '../service';
import type { ServiceEntries, ServiceIndex, StateMachineIntegration } from '../service-facts';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Call, TraceMapBuilder } from '../trace-map-builder';

/** Connects a state machine to the nodes that its definition calls. */
const callTasks: Connection = (resource, map) => {
  const machine = map.node(resource)!;
  for (const { tasks, referenced } of definitionsOf(resource, map.resolver)) {
    for (const task of tasks) callByTask(task, machine, resource, map);
    for (const value of referenced) callReferenced(value, machine, resource, map);
  }
};

function callByTask(task: Task, machine: TraceNode, source: Resource, map: TraceMapBuilder): void {
  const { template } = source;
  for (const { value: arn } of map.resolver.strings(task.resource, template)) {
    if (!arn) continue;
    const knownParts = arn.map((part) => (typeof part === 'string' ? part : '')).join('');
    const integrations = integrationsOf(knownParts, map.index);
    if (!integrations) map.callOneOf(machine, map.resolveString(arn, template), { source });
    for (const { kind, paths, defaultName, propagation } of integrations ?? []) {
      const call = { source, propagation, ...(kind === 'function' && invocationOf(task, source, map)) };
      for (const value of paths.flatMap((path) => task.argumentsAt(path))) {
        map.callOneOf(machine, map.resolve(value ?? defaultName, template, kind), call);
      }
    }
  }
}

/** "Invoke an AWS Lambda function with Step Functions" (Step Functions Developer Guide): `Event` does not wait. */
function invocationOf(task: Task, { template }: Resource, map: TraceMapBuilder): Pick<Call, 'invocation'> {
  const isAsynchronous = task
    .argumentsAt(['InvocationType'])
    .flatMap((type) => map.resolver.strings(type, template))
    .some(({ value }) => value && literal(value) === 'Event');
  return isAsynchronous ? { invocation: 'asynchronous' } : {};
}

function callReferenced(value: unknown, machine: TraceNode, source: Resource, map: TraceMapBuilder): void {
  for (const target of map.resolve(value, source.template)) {
    if (isCallable(target.node.kind, map.index)) map.connect(machine, target, { source, isCertain: false });
  }
}

/** Connects a state machine with an unreadable definition to the nodes that its role names. */
const callPermitted: Connection = (resource, map) => {
  const machine = map.node(resource);
  const isRead = definitionsOf(resource, map.resolver).some(({ tasks }) => tasks.length > 0);
  if (!machine || isRead) return;
  const known = new Set(machine.outgoing.map(({ to }) => to));
  for (const { value: permitted } of map.shared(rolePermittedCalls).of(resource)) {
    for (const { to, source } of permitted.calls) {
      if (!known.has(to.node)) map.connect(machine, to, { source, isCertain: false });
    }
  }
};

/** The integration of a kind of node. */
interface Integration extends StateMachineIntegration {
  readonly kind: NodeKind;
}

/**
 * Returns the integrations of an ARN of an action: `arn:aws:states:::sqs:sendMessage`, with an optional pattern such as
 * `.sync`. The list is empty if the action does not call, and `undefined` for another kind of ARN.
 *
 * SNS, SQS, Lambda and Step Functions have "native X-Ray support", so that the trace continues. For others "client side
 * traces can still be collected" ("Trace Step Functions request data in AWS X-Ray", Step Functions Developer Guide).
 */
export function integrationsOf(arn: string, index: ServiceIndex): Integration[] | undefined {
  const [, service, action] = /:states:::(?:aws-sdk:)?([\w-]+):(\w+)/.exec(arn) ?? [];
  if (service === undefined) return undefined;
  const integration = index.table(integrationsByService).get(service);
  return integration?.actions.test(action) ? [integration] : [];
}

function integrationsByService(services: ServiceEntries): ReadonlyMap<string, Integration> {
  return new Map(
    services.flatMap(([kind, { stateMachineIntegration: integration }]) =>
      integration ? integration.services.map((name) => [name, { ...integration, kind }] as const) : [],
    ),
  );
}

/** The action of a state. */
interface Task {
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
function definitionsOf(resource: Resource, resolver: Resolver): StateMachineDefinition[] {
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

export const STEP_FUNCTIONS = {
  'state-machine': {
    title: 'AWS Step Functions',
    source: {
      title: 'Trace Step Functions request data in AWS X-Ray',
      url: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html',
    },
    types: ['AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine'],
    arn: { service: 'states', prefix: 'stateMachine:' },
    nameProperty: {
      'AWS::StepFunctions::StateMachine': 'StateMachineName',
      'AWS::Serverless::StateMachine': 'Name',
    },
    aliases: {
      'AWS::StepFunctions::StateMachineAlias': ['RoutingConfiguration', 'StateMachineVersionArn'],
      'AWS::StepFunctions::StateMachineVersion': ['StateMachineArn'],
    },
    // While tracing is off, it still sends traces of executions to which "a trace ID is passed by an upstream service".
    propagation: 'propagates',
    joinsTraces: true,
    invocation: 'synchronous',
    // "UpdateStateMachine" (AWS Step Functions API Reference): parameters that are left out keep their values.
    keepsOmittedTracing: true,
    tracingProperty: {
      'AWS::StepFunctions::StateMachine': ['TracingConfiguration.Enabled', 'true'],
      'AWS::Serverless::StateMachine': ['Tracing.Enabled', 'true'],
    },
    callActions: ['states:StartExecution', 'states:StartSyncExecution'],
    stateMachineIntegration: {
      services: ['states', 'sfn'],
      actions: /^start(?:Sync)?Execution$/,
      paths: [['StateMachineArn']],
    },
    apiIntegration: { subtype: 'StepFunctions', actions: /^Start(?:Sync)?Execution$/ },
    universalTarget: { action: 'sfn:startExecution', parameter: 'StateMachineArn' },
    connections: {
      'AWS::StepFunctions::StateMachine': callTasks,
      'AWS::Serverless::StateMachine': callTasks,
    },
    fallbackConnections: {
      'AWS::StepFunctions::StateMachine': callPermitted,
      'AWS::Serverless::StateMachine': callPermitted,
    },
  },
} satisfies Services;
