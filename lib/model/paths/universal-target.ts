import { isObject } from '../json';
import { parseMarkedJson } from '../marked-json';
import { literal, type Text } from '../text';
import type { Invocation } from './service';
import type { NodeKind } from './trace-map';

/** What a universal target of a schedule calls, and how if that is a function. */
export interface UniversalTarget {
  readonly kind: NodeKind;
  readonly name: Text;
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
export function universalTarget(arn: Text, input: Text): UniversalTarget | undefined {
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
function parse(json: Text): Readonly<Record<string, Text | undefined>> {
  const marked = parseMarkedJson(json);
  if (!isObject(marked?.json)) return {};
  const entries = Object.entries(marked.json).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, marked.partsOf(value)] as const] : [],
  );
  return Object.fromEntries(entries);
}
