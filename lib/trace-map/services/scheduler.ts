import { literal, parseEmbeddedJson, type PartialString } from '../../cloudformation/partial-string';
import { isObject, type JsonObject } from '../../cloudformation/json';
import type { Resource } from '../../cloudformation/template';
import type { Connections, Services } from '../service';
import type { ServiceEntries } from '../service-facts';
import type { Invocation, NodeKind } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';

/** Schedules of EventBridge Scheduler. Those of EventBridge rules are connected by the rules. */
const CONNECTIONS: Connections = {
  'AWS::Scheduler::Schedule': (resource, map) => {
    for (const target of map.valuesAt(resource, ['Target'])) {
      if (isObject(target)) callTarget(target, resource, map);
    }
  },
};

function callTarget({ Arn: arn, Input: input }: JsonObject, source: Resource, map: TraceMapBuilder): void {
  const { template } = source;
  const schedule = map.node(source)!;
  map.call(schedule, arn, { source });
  for (const { value: action } of map.resolver.strings(arn, template)) {
    for (const { value: parameters } of map.resolver.strings(input, template)) {
      const target = action && parameters && universalTarget(action, parameters, map);
      if (!target) continue;
      const { kind, name, invocation } = target;
      map.callByOneOf([schedule], map.resolveString(name, template, kind), { source, invocation });
    }
  }
}

/** The resource that a universal target calls, and the invocation if it is a function. */
interface UniversalTarget {
  readonly kind: NodeKind;
  readonly name: PartialString;
  readonly invocation: Invocation;
}

/**
 * Reads a target that calls an API action ("Using universal targets in EventBridge Scheduler", EventBridge Scheduler User
 * Guide).
 *
 * @param arn the ARN of the target, which names the action
 * @param input the action's parameters, as JSON
 */
function universalTarget(
  arn: PartialString,
  input: PartialString,
  map: TraceMapBuilder,
): UniversalTarget | undefined {
  const end = arn.at(-1);
  const [, action] = (typeof end === 'string' && /:scheduler:::aws-sdk:(.+)/.exec(end)) || [];
  const called = map.index.table(universalTargetsByAction).get(action ?? '');
  if (!called) return undefined;
  const parameters = stringParameters(input);
  const name = parameters[called.parameter];
  if (!name) return undefined;
  const isAsynchronous = literal(parameters.InvocationType ?? []) === 'Event';
  return { kind: called.kind, name, invocation: isAsynchronous ? 'asynchronous' : 'synchronous' };
}

function universalTargetsByAction(services: ServiceEntries) {
  return new Map(
    services.flatMap(([kind, { universalTarget: target }]) =>
      target ? [[target.action, { kind, parameter: target.parameter }] as const] : [],
    ),
  );
}

/** Returns the parameters that are strings; none if the input is no JSON object, which Scheduler rejects. */
function stringParameters(json: PartialString): Readonly<Record<string, PartialString | undefined>> {
  const embedded = parseEmbeddedJson(json);
  if (!isObject(embedded?.json)) return {};
  const entries = Object.entries(embedded.json).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, embedded.partsOf(value)] as const] : [],
  );
  return Object.fromEntries(entries);
}

export const SCHEDULER = {
  schedule: {
    title: 'Amazon EventBridge schedule',
    source: {
      title: 'Amazon EventBridge integration with AWS X-Ray',
      url: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-related-service-xray.html',
    },
    types: ['AWS::Scheduler::Schedule'],
    // The ARN of an EventBridge rule. Templates do not refer to schedules of EventBridge Scheduler by their ARNs.
    arn: { service: 'events', prefix: 'rule/' },
    // A schedule is not called, so it has no trace to propagate. It starts none: "X-Ray doesn't trace […]
    // scheduled events".
    propagation: 'breaks',
    invocation: 'asynchronous',
    failureTargets: { 'AWS::Scheduler::Schedule': ['Target.DeadLetterConfig.Arn'] },
    connections: CONNECTIONS,
    samEvents: { Schedule: 'generated', ScheduleV2: 'generated' },
  },
} satisfies Services;
