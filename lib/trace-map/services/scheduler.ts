import { parseEmbeddedJson } from '../../cloudformation/embedded-json';
import { isObject, type JsonObject } from '../../cloudformation/json';
import { literal, type PartialString } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import type { Invocation } from '../service';
import type { NodeKind } from '../trace-map';
import type { Connections, TraceMapBuilder } from '../trace-map-builder';

/** Schedules of EventBridge Scheduler; those of rules are with the rules. */
export const SCHEDULES: Connections = {
  'AWS::Scheduler::Schedule': (resource, map) => {
    for (const target of map.valuesAt(resource, ['Target'])) {
      if (isObject(target)) callTarget(target, resource, map);
    }
  },
};

function callTarget({ Arn: arn, Input: input }: JsonObject, by: Resource, map: TraceMapBuilder): void {
  const { template } = by;
  const schedule = map.node(by)!;
  map.call(schedule, arn, { source: by });
  for (const { value: action } of map.resolver.strings(arn, template)) {
    for (const { value: parameters } of map.resolver.strings(input, template)) {
      const target = action && parameters && universalTarget(action, parameters);
      if (!target) continue;
      const { kind, name, invocation } = target;
      map.callByOneOf([schedule], map.resolveString(name, template, kind), { source: by, invocation });
    }
  }
}

/** What a universal target of a schedule calls, and how if that is a function. */
export interface UniversalTarget {
  readonly kind: NodeKind;
  readonly name: PartialString;
  readonly invocation: Invocation;
}

/** The API actions that call something, and the parameter that says what. */
const ACTIONS: ReadonlyMap<string, readonly [parameter: string, NodeKind]> = new Map([
  ['lambda:invoke', ['FunctionName', 'function']],
  ['sns:publish', ['TopicArn', 'topic']],
  ['sqs:sendMessage', ['QueueUrl', 'queue']],
  ['kinesis:putRecord', ['StreamName', 'stream']],
  ['firehose:putRecord', ['DeliveryStreamName', 'delivery-stream']],
  ['sfn:startExecution', ['StateMachineArn', 'state-machine']],
]);

/**
 * Reads a target by which a schedule calls any API action ("Using universal targets in EventBridge Scheduler",
 * EventBridge Scheduler User Guide).
 *
 * @param arn names the action, unlike the ARN of any other target
 * @param input the action's parameters, as JSON
 */
function universalTarget(arn: PartialString, input: PartialString): UniversalTarget | undefined {
  const end = arn.at(-1);
  const [, action] = (typeof end === 'string' && /:scheduler:::aws-sdk:(.+)/.exec(end)) || [];
  const [parameter, kind] = ACTIONS.get(action ?? '') ?? [];
  if (parameter === undefined || kind === undefined) return undefined;
  const parameters = parse(input);
  const name = parameters[parameter];
  if (!name) return undefined;
  const isAsynchronous = literal(parameters.InvocationType ?? []) === 'Event';
  return { kind, name, invocation: isAsynchronous ? 'asynchronous' : 'synchronous' };
}

/** The parameters that are strings, with the references in them; none where Scheduler would refuse what it is given. */
function parse(json: PartialString): Readonly<Record<string, PartialString | undefined>> {
  const marked = parseEmbeddedJson(json);
  if (!isObject(marked?.json)) return {};
  const entries = Object.entries(marked.json).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, marked.partsOf(value)] as const] : [],
  );
  return Object.fromEntries(entries);
}
