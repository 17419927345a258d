import type { EventSourceKind } from '../../event-source-kind';
import { eventSourcesOf } from '../../event-sources';
import type { Resource } from '../../template';
import type { Connections } from '../connection';
import { callThrough, FILTER_CRITERIA } from '../filtered';
import { selfManagedKafka } from '../kafka';
import type { MapBuilder } from '../map-builder';
import type { NodeKind } from '../trace-map';
import type { TraceNode } from '../trace-map';

/** The nodes that event sources are; where nothing tells what a mapping's source is, it is none. */
const NODE_KINDS: Readonly<Record<Exclude<EventSourceKind, 'unknown'>, NodeKind>> = {
  sqs: 'queue',
  kinesis: 'stream',
  dynamodb: 'table',
  msk: 'msk',
  kafka: 'kafka',
  mq: 'mq',
  documentdb: 'documentdb',
};

/**
 * What Lambda polls and hands to functions ("How Lambda processes records from stream and queue-based event sources",
 * AWS Lambda Developer Guide).
 */
export const EVENT_SOURCE_MAPPINGS: Connections = {
  'AWS::Lambda::EventSourceMapping': (resource, map) => {
    const { properties, template } = resource;
    const called = map.meant(properties.FunctionName, template);
    const filter = callThrough(FILTER_CRITERIA, properties, template, map);
    map.callByOneOf(sourcesOf(resource, map), called, { by: resource, ...filter });
  },
};

function sourcesOf(resource: Resource, map: MapBuilder): TraceNode[] {
  const { properties } = resource;
  const kinds = new Set(eventSourcesOf(resource, map.resolver).map(({ value: { kind } }) => kind));
  return [...kinds].flatMap((kind) => {
    if (kind === 'unknown') return [];
    return kind === 'kafka'
      ? selfManagedKafka(map.valuesAt(resource, BOOTSTRAP_SERVERS), resource, map)
      : map.meantOfKind(NODE_KINDS[kind], properties.EventSourceArn, resource);
  });
}

const BOOTSTRAP_SERVERS = ['SelfManagedEventSource', 'Endpoints', 'KafkaBootstrapServers'];
