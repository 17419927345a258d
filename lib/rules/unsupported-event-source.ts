import { and } from '../cloudformation/possible';
import { nameOf, type Resource } from '../cloudformation/template';
import { EVENT_SOURCE_NAMES, isUnsupported, type UnsupportedSource } from '../lambda/event-sources';
import type { EventSourceMapping, MappingTarget, LambdaFunction } from '../lambda/lambda-function';
import type { Finding, Rule } from './rule';
import { canBeActiveWhen, activePhrase } from './wording';

export const UNSUPPORTED_EVENT_SOURCE: Rule = {
  id: 'LambdaXRay-UnsupportedEventSource',
  title: 'No active tracing behind an event source that X-Ray does not support',
  severity: 'error',
  rationale:
    'X-Ray tracing is not supported for Lambda functions with an event source mapping on Amazon MSK, ' +
    'self-managed Apache Kafka, Amazon MQ or Amazon DocumentDB. A function behind one that is set to ' +
    'Active claims traces that are not to be relied on.',
  fix:
    'Set the tracing mode of the function to PassThrough, or split the function so that what can be traced ' +
    'has one of its own.',
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
  },
  check: (model) => model.eventSourceMappings.flatMap(findingsOf),
};

function findingsOf(mapping: EventSourceMapping): Finding[] {
  return [...new Set(mapping.targets.map((feed) => feed.value.function))].flatMap((fed) => {
    const conflict = conflictBetween(mapping, fed);
    return conflict ? [conflict] : [];
  });
}

/** A case in which the source is unsupported, feeds the function, and the function is Active: all at once. */
function conflictBetween(mapping: EventSourceMapping, fed: LambdaFunction): Finding | undefined {
  for (const source of mapping.sources) {
    const { kind, property } = source.value;
    if (!isUnsupported(kind)) continue;
    for (const feed of mapping.targets) {
      if (feed.value.function !== fed) continue;
      const meeting = and(source.when, feed.when);
      if (!meeting) continue;
      if (canBeActiveWhen(fed, meeting)) {
        return finding(mapping, kind, [...mapping.path, property].join('.'), feed.value);
      }
    }
  }
  return undefined;
}

function finding(
  mapping: EventSourceMapping,
  kind: UnsupportedSource,
  property: string,
  { function: fed, through }: MappingTarget,
): Finding {
  const name = nameOf(fed.resource);
  const source = EVENT_SOURCE_NAMES[kind];
  return {
    resource: mapping.resource,
    logicalId: mapping.logicalId,
    property,
    message:
      `This event source mapping connects ${source} to the function '${name}'${via(through)}, whose tracing mode ` +
      `${activePhrase(fed)}; X-Ray does not support tracing behind ${source}.`,
    fix: `Set the tracing mode of '${name}' to PassThrough, or give ${source} a function of its own that is PassThrough.`,
    related: [fed.resource, ...through],
  };
}

function via(through: readonly Resource[]): string {
  const [last] = through;
  return last ? ` (through '${nameOf(last)}')` : '';
}
