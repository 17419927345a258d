import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import { certaintyWithFilter, type Connections, FILTER_CRITERIA, type Services } from '../service';
import { NOT_INTEGRATED } from '../service-facts';
import type { Invocation, NodeKind, TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';
import { selfManagedKafka } from './unsupported-sources';

/** The kind of source by the name of its parameters, for a source with an unknown ARN. */
const SOURCES: Readonly<Record<string, NodeKind>> = {
  ActiveMQBrokerParameters: 'mq',
  DynamoDBStreamParameters: 'table',
  KinesisStreamParameters: 'stream',
  ManagedStreamingKafkaParameters: 'msk',
  RabbitMQBrokerParameters: 'mq',
  SelfManagedKafkaParameters: 'kafka',
  SqsQueueParameters: 'queue',
};

/** A pipe reads from a source, can call an enrichment, and sends the result to a target. */
const CONNECTIONS: Connections = {
  'AWS::Pipes::Pipe': (resource, map) => {
    const { properties, template } = resource;
    const pipe = map.node(resource)!;
    const filter = ['SourceParameters', ...FILTER_CRITERIA];
    map.callByOneOf(sourcesOf(resource, map), [{ node: pipe, through: [] }], {
      source: resource,
      ...certaintyWithFilter(filter, properties, template, map),
    });
    map.call(pipe, properties.Enrichment, { source: resource, invocation: 'synchronous' });
    map.call(pipe, properties.Target, { source: resource, invocation: invocationOf(resource, map) });
  },
};

function sourcesOf(resource: Resource, map: TraceMapBuilder): TraceNode[] {
  const { properties, template } = resource;
  const named = map.resolve(properties.Source, template).map(({ node }) => node);
  if (named.length > 0) return named;
  for (const { value: string } of map.resolver.strings(properties.Source, template)) {
    const [, servers] = /^smk:\/\/(.+)/.exec((string && literal(string)) ?? '') ?? [];
    if (servers !== undefined) return selfManagedKafka(servers.split(','), resource, map);
  }
  const kind = Object.entries(SOURCES).find(
    ([name]) => map.valuesAt(resource, ['SourceParameters', name]).length > 0,
  )?.[1];
  if (kind === 'kafka') return selfManagedKafka([], resource, map);
  return kind ? map.resolveAs(kind, properties.Source, resource) : [];
}

/** "REQUEST_RESPONSE (default) - Invoke synchronously" (PipeTargetLambdaFunctionParameters, EventBridge Pipes Reference). */
function invocationOf(resource: Resource, map: TraceMapBuilder): Invocation {
  const path = ['TargetParameters', 'LambdaFunctionParameters', 'InvocationType'];
  const types = map.resolver.stringsAt(resource.properties, path, resource.template);
  const isAsynchronous = types.some(({ value }) => value && literal(value) === 'FIRE_AND_FORGET');
  return isAsynchronous ? 'asynchronous' : 'synchronous';
}

export const PIPES = {
  pipe: {
    title: 'Amazon EventBridge Pipes',
    // The page about EventBridge describes events of a bus only.
    source: NOT_INTEGRATED,
    types: ['AWS::Pipes::Pipe'],
    arn: { service: 'pipes', prefix: 'pipe/' },
    nameProperty: 'Name',
    propagation: 'breaks',
    invocation: 'synchronous',
    connections: CONNECTIONS,
  },
} satisfies Services;
