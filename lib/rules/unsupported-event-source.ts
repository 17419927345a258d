import { flatMap, type Possible } from '../cloudformation/possible';
import { nameOf } from '../cloudformation/template';
import { EVENT_SOURCE_NAMES, isUnsupported, type UnsupportedSource } from '../lambda/event-sources';
import type { EventSourceMapping, MappingTarget, LambdaFunction } from '../lambda/lambda-function';
import { sentence, sharedModeFixes } from './fixes';
import { changedModeFixes } from './template-fixes';
import { type Finding, findingOn, type Rule } from './rule';
import { alwaysHasMode, canBeActiveWhen, activePhrase, hasUnsupportedSource } from './wording';

export const UNSUPPORTED_EVENT_SOURCE: Rule = {
  id: 'LambdaXRay-UnsupportedEventSource',
  title: 'Functions with an MSK, Kafka, MQ or DocumentDB event source must not use active tracing',
  problem: 'Active function with an event source that X-Ray does not support',
  severity: 'error',
  rationale:
    'X-Ray tracing is not supported for Lambda functions with an event source mapping on Amazon MSK, ' +
    'self-managed Apache Kafka, Amazon MQ or Amazon DocumentDB. Setting such a function to Active suggests ' +
    "traces that you can't rely on.",
  fix:
    'Set the tracing mode of the function to PassThrough, or use a separate function for the event sources ' +
    'that X-Ray supports.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Consumer:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Consumer
      EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123
      Topics: [orders]`,
    correct: `Resources:
  Consumer:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: PassThrough }
  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Consumer
      EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123
      Topics: [orders]`,
    typescript: `const consumer = new lambda.Function(this, 'Consumer', {
  ...props,
  tracing: lambda.Tracing.PASS_THROUGH,
});
consumer.addEventSource(
  new ManagedKafkaEventSource({
    clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123',
    topic: 'orders',
    startingPosition: lambda.StartingPosition.LATEST,
  }),
);`,
    sam: `Resources:
  Consumer:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: PassThrough
      Events:
        Orders:
          Type: MSK
          Properties:
            Stream: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123
            StartingPosition: LATEST
            Topics: [orders]`,
  },
  repairs: ['safe', 'suggested'],
  check: ({ functions, eventSourceMappings }) => {
    const fixFor = sharedModeFixes(functions, (fn) => hasUnsupportedSource(fn) && !isSplittable(fn));
    return eventSourceMappings.flatMap((mapping) => findingsFor(mapping, fixFor));
  },
};

type ModeFix = ReturnType<typeof sharedModeFixes>;

function findingsFor(mapping: EventSourceMapping, fixFor: ModeFix): Finding[] {
  const functions = new Set(mapping.targets.map(({ value }) => value.function));
  return [...functions].flatMap((fn) => {
    const conflict = unsupportedConnections(mapping, fn).find(({ when }) => canBeActiveWhen(fn, when));
    return conflict ? [findingFor(mapping, conflict.value, fixFor)] : [];
  });
}

/** A connection of a function to an event source that X-Ray does not support. */
export interface UnsupportedConnection {
  readonly kind: UnsupportedSource;
  /** The property of the mapping that shows the kind. */
  readonly property: string;
  readonly target: MappingTarget;
}

/** Returns the connections that a mapping makes to sources that X-Ray does not support, each with its conditions. */
export function unsupportedConnections(
  mapping: EventSourceMapping,
  fn: LambdaFunction,
): Possible<UnsupportedConnection>[] {
  const targets = mapping.targets.filter(({ value }) => value.function === fn);
  return flatMap(mapping.sources, ({ kind, property }) =>
    isUnsupported(kind)
      ? targets.map(({ value: target, when }) => ({ value: { kind, property, target }, when }))
      : [],
  );
}

function findingFor(
  mapping: EventSourceMapping,
  { kind, property, target }: UnsupportedConnection,
  fixFor: ModeFix,
): Finding {
  const { resource, logicalId, path } = mapping;
  const { function: fn, through } = target;
  const name = nameOf(fn.resource);
  const source = EVENT_SOURCE_NAMES[kind];
  const via = through.length > 0 ? ` (through '${nameOf(through[0])}')` : '';
  return findingOn(resource, {
    logicalId,
    property: [...path, property].join('.'),
    message: `Function '${name}' ${activePhrase(fn)}, but this event source mapping connects it${via} to ${source}, which X-Ray does not support.`,
    fix: isSplittable(fn)
      ? `Move the event source to a separate PassThrough function. '${name}' can then stay Active for its other callers.`
      : sentence(`${fixFor(fn, 'PassThrough')}, or use a separate PassThrough function for ${source}`),
    fixes: changedModeFixes(
      fn,
      'PassThrough',
      isSplittable(fn) || !alwaysHasMode(fn, 'Active') ? 'suggested' : 'safe',
    ),
    related: [fn.resource, ...through],
  });
}

/** True if a function has other callers, which X-Ray supports. */
function isSplittable({ eventSourceMappings, hasOtherCallers }: LambdaFunction): boolean {
  return (
    hasOtherCallers ||
    eventSourceMappings.some(({ sources }) => sources.some(({ value }) => !isUnsupported(value.kind)))
  );
}
