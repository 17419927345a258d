import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import type { Invocation } from '../service';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Connections, TraceMapBuilder } from '../trace-map-builder';
import { callThrough, FILTER_CRITERIA } from './event-source-mappings';
import { selfManagedKafka } from './unsupported-sources';

/** What the source is that parameters are for, where its ARN doesn't tell. */
const SOURCES: Readonly<Record<string, NodeKind>> = {
  ActiveMQBrokerParameters: 'mq',
  DynamoDBStreamParameters: 'table',
  KinesisStreamParameters: 'stream',
  ManagedStreamingKafkaParameters: 'msk',
  RabbitMQBrokerParameters: 'mq',
  SelfManagedKafkaParameters: 'kafka',
  SqsQueueParameters: 'queue',
};

/** Pipes take from a source, may have something enrich what they take, and hand it to a target. */
export const PIPES: Connections = {
  'AWS::Pipes::Pipe': (resource, map) => {
    const { properties, template } = resource;
    const pipe = map.node(resource)!;
    const filter = callThrough(['SourceParameters', ...FILTER_CRITERIA], properties, template, map);
    map.callByOneOf(sourcesOf(resource, map), [{ node: pipe, through: [] }], { source: resource, ...filter });
    map.call(pipe, properties.Enrichment, { source: resource, invocation: 'synchronous' });
    map.call(pipe, properties.Target, { source: resource, invocation: invocationOf(resource, map) });
  },
};

function sourcesOf(resource: Resource, map: TraceMapBuilder): TraceNode[] {
  const { properties, template } = resource;
  const named = map.resolve(properties.Source, template).map(({ node }) => node);
  if (named.length > 0) return named;
  for (const { value: text } of map.resolver.strings(properties.Source, template)) {
    const [, servers] = /^smk:\/\/(.+)/.exec((text && literal(text)) ?? '') ?? [];
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
