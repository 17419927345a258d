import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import { CALL_ACTIONS } from '../call-actions';
import { rolePermittedCalls } from '../permitted-calls';
import { defineServices, type Propagation } from '../service';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Call, Connection, Connections, TraceMapBuilder } from '../trace-map-builder';
import { definitionsOf, type Task } from './step-functions-definition';

export const STATE_MACHINES = defineServices({
  'state-machine': {
    title: 'AWS Step Functions',
    types: ['AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine'],
    arn: { service: 'states', prefix: 'stateMachine:' },
    nameProperty: {
      'AWS::StepFunctions::StateMachine': 'StateMachineName',
      'AWS::Serverless::StateMachine': 'Name',
    },
    // While tracing is off, it still sends traces of executions to which "a trace ID is passed by an upstream service".
    propagation: 'propagates',
    joinsTraces: true,
    invocation: 'synchronous',
    tracingProperty: {
      'AWS::StepFunctions::StateMachine': ['TracingConfiguration.Enabled', 'true'],
      'AWS::Serverless::StateMachine': ['Tracing.Enabled', 'true'],
    },
    source: {
      title: 'Trace Step Functions request data in AWS X-Ray',
      url: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html',
    },
  },
});

/** State machines call what the states of their definitions name. */
const callTasks: Connection = (resource, map) => {
  const machine = map.node(resource)!;
  for (const { tasks, mentioned } of definitionsOf(resource, map.resolver)) {
    for (const task of tasks) callBy(task, machine, resource, map);
    for (const value of mentioned) callReferenced(value, machine, resource, map);
  }
};

export const STATE_MACHINE_TASKS: Connections = {
  'AWS::StepFunctions::StateMachine': callTasks,
  'AWS::Serverless::StateMachine': callTasks,
};

function callBy(task: Task, machine: TraceNode, by: Resource, map: TraceMapBuilder): void {
  const { template } = by;
  for (const { value: arn } of map.resolver.strings(task.resource, template)) {
    if (!arn) continue;
    const written = arn.map((part) => (typeof part === 'string' ? part : '')).join('');
    const integrations = integrationsOf(written);
    if (!integrations) map.callOneOf(machine, map.resolveString(arn, template), { source: by });
    for (const { kind, paths, otherwise, propagation } of integrations ?? []) {
      const call = { source: by, propagation, ...(kind === 'function' && invocationOf(task, by, map)) };
      for (const value of paths.flatMap((path) => task.argumentsAt(path))) {
        map.callOneOf(machine, map.resolve(value ?? otherwise, template, kind), call);
      }
    }
  }
}

/** "Invoke an AWS Lambda function with Step Functions" (Step Functions Developer Guide): `Event` doesn't wait. */
function invocationOf(task: Task, { template }: Resource, map: TraceMapBuilder): Pick<Call, 'invocation'> {
  const isAsynchronous = task
    .argumentsAt(['InvocationType'])
    .flatMap((type) => map.resolver.strings(type, template))
    .some(({ value }) => value && literal(value) === 'Event');
  return isAsynchronous ? { invocation: 'asynchronous' } : {};
}

function callReferenced(value: unknown, machine: TraceNode, by: Resource, map: TraceMapBuilder): void {
  for (const meant of map.resolve(value, by.template)) {
    if (CALL_ACTIONS.has(meant.node.kind)) map.connect(machine, meant, { source: by, isCertain: false });
  }
}

/** What a state machine whose definition can't be read may call: what its role may, by name. */
const callPermitted: Connection = (resource, map) => {
  const machine = map.node(resource);
  const isRead = definitionsOf(resource, map.resolver).some(({ tasks }) => tasks.length > 0);
  if (!machine || isRead) return;
  const known = new Set(machine.outgoing.map(({ to }) => to));
  for (const { value: grants } of map.shared(rolePermittedCalls).of(resource)) {
    for (const { to, source } of grants.calls) {
      if (!known.has(to.node)) map.connect(machine, to, { source: source, isCertain: false });
    }
  }
};

export const PERMITTED_BY_STATE_MACHINES: Connections = {
  'AWS::StepFunctions::StateMachine': callPermitted,
  'AWS::Serverless::StateMachine': callPermitted,
};

/** An action of a service that a state machine can have done. */
export interface Integration {
  readonly kind: NodeKind;
  /** Where, in what the action is given, that is named which it is done on. */
  readonly paths: readonly (readonly string[])[];
  /** What it is done on where none is named. */
  readonly otherwise?: string;
  /** @default - what a state machine does */
  readonly propagation?: Propagation;
}

interface Row extends Integration {
  /** What the service is called in the ARNs of its actions. */
  readonly services: readonly string[];
  readonly actions: RegExp;
}

/**
 * "Integrating services with Step Functions" (Step Functions Developer Guide): the actions that call.
 *
 * Of the services, SNS, SQS, Lambda and Step Functions have "native X-Ray support": the trace goes on there, while of
 * others "client side traces can still be collected" ("Trace Step Functions request data in AWS X-Ray", ibid.).
 */
const ROWS: readonly Row[] = [
  { services: ['lambda'], actions: /^invoke/, kind: 'function', paths: [['FunctionName']] },
  { services: ['sqs'], actions: /^sendMessage/, kind: 'queue', paths: [['QueueUrl']] },
  { services: ['sns'], actions: /^publish/, kind: 'topic', paths: [['TopicArn'], ['TargetArn']] },
  {
    services: ['states', 'sfn'],
    actions: /^start(?:Sync)?Execution$/,
    kind: 'state-machine',
    paths: [['StateMachineArn']],
  },
  {
    services: ['events', 'eventbridge'],
    actions: /^putEvents$/,
    kind: 'event-bus',
    paths: [['Entries', 'EventBusName']],
    otherwise: 'default',
    propagation: 'breaks',
  },
  {
    services: ['dynamodb'],
    actions: /Items?$|^query$|^scan$/,
    kind: 'table',
    paths: [
      ['TableName'],
      ['RequestItems', '*'],
      ...['ConditionCheck', 'Delete', 'Get', 'Put', 'Update'].map((action) => [
        'TransactItems',
        action,
        'TableName',
      ]),
    ],
  },
  { services: ['s3'], actions: /Object|^list/, kind: 'bucket', paths: [['Bucket']], propagation: 'breaks' },
  { services: ['kinesis'], actions: /^putRecord/, kind: 'stream', paths: [['StreamName'], ['StreamARN']] },
  { services: ['firehose'], actions: /^putRecord/, kind: 'delivery-stream', paths: [['DeliveryStreamName']] },
  { services: ['secretsmanager'], actions: /etSecretValue$/, kind: 'secret', paths: [['SecretId']] },
  { services: ['ssm'], actions: /^getParameter/, kind: 'parameter', paths: [['Name'], ['Names']] },
  { services: ['rdsdata'], actions: /Statement$/, kind: 'database', paths: [['ResourceArn']] },
];

const BY_SERVICE: ReadonlyMap<string, Row> = new Map(
  ROWS.flatMap((row) => row.services.map((service) => [service, row] as const)),
);

/**
 * The integration that an ARN of an action is of: `arn:aws:states:::sqs:sendMessage`, with `.sync` and the like behind
 * it; `undefined` for the ARN of something else, nothing in the list for an action that isn't a call.
 */
export function integrationsOf(arn: string): Integration[] | undefined {
  const [, service, action] = /:states:::(?:aws-sdk:)?([\w-]+):(\w+)/.exec(arn) ?? [];
  if (service === undefined) return undefined;
  const row = BY_SERVICE.get(service);
  return row?.actions.test(action) ? [row] : [];
}
