import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import { isCallable } from '../calls';
import { rolePermittedCalls } from '../permitted-calls';
import type { Connection, Services } from '../service';
import type { StateMachineIntegration } from '../service-facts';
import type { ServiceEntries, ServiceIndex } from '../service-index';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Call, TraceMapBuilder } from '../trace-map-builder';
import { definitionsOf, type Task } from './step-functions-definition';

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
