import type { Resource } from '../../template';
import { literal } from '../../text';
import { CALL_ACTIONS } from '../call-actions';
import type { Connection, Connections } from '../connection';
import type { Call, MapBuilder } from '../map-builder';
import { definitionsOf, type Task } from '../state-machine-definition';
import { integrationsOf } from '../state-machine-integrations';
import type { TraceNode } from '../trace-map';

/** State machines call what the states of their definitions name. */
const callTasks: Connection = (resource, map) => {
  const machine = map.node(resource)!;
  for (const { tasks, mentioned } of definitionsOf(resource, map.resolver)) {
    for (const task of tasks) callBy(task, machine, resource, map);
    for (const value of mentioned) callMentioned(value, machine, resource, map);
  }
};

export const STATE_MACHINE_TASKS: Connections = {
  'AWS::StepFunctions::StateMachine': callTasks,
  'AWS::Serverless::StateMachine': callTasks,
};

function callBy(task: Task, machine: TraceNode, by: Resource, map: MapBuilder): void {
  const { template } = by;
  for (const { value: arn } of map.resolver.texts(task.resource, template)) {
    if (!arn) continue;
    const written = arn.map((part) => (typeof part === 'string' ? part : '')).join('');
    const integrations = integrationsOf(written);
    if (!integrations) map.callOneOf(machine, map.meantByText(arn, template), { by });
    for (const { kind, paths, otherwise, effect } of integrations ?? []) {
      const call = { by, effect, ...(kind === 'function' && invocationOf(task, by, map)) };
      for (const value of paths.flatMap((path) => task.argumentsAt(path))) {
        map.callOneOf(machine, map.meant(value ?? otherwise, template, kind), call);
      }
    }
  }
}

/** "Invoke an AWS Lambda function with Step Functions" (Step Functions Developer Guide): `Event` doesn't wait. */
function invocationOf(task: Task, { template }: Resource, map: MapBuilder): Pick<Call, 'invocation'> {
  const isAsynchronous = task
    .argumentsAt(['InvocationType'])
    .flatMap((type) => map.resolver.texts(type, template))
    .some(({ value }) => value && literal(value) === 'Event');
  return isAsynchronous ? { invocation: 'asynchronous' } : {};
}

function callMentioned(value: unknown, machine: TraceNode, by: Resource, map: MapBuilder): void {
  for (const meant of map.meant(value, by.template)) {
    if (CALL_ACTIONS.has(meant.node.kind)) map.connect(machine, meant, { by, isCertain: false });
  }
}
