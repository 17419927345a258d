import { literal } from '../../cloudformation/partial-string';
import { addressOf, nameOf, type Resource } from '../../cloudformation/template';
import {
  certaintyWithFilter,
  FILTER_CRITERIA,
  type SamEvent,
  type SamEventCallers,
  type Services,
} from '../service';
import type { TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';

/**
 * Returns the node of a self-managed Apache Kafka cluster, by its bootstrap servers.
 *
 * @param servers the servers, as the template has them
 * @param poller the resource that polls the cluster
 * @param defaultName the node's name if no server is known
 */
export function selfManagedKafka(
  servers: readonly unknown[],
  poller: Resource,
  map: TraceMapBuilder,
  defaultName = nameOf(poller),
): TraceNode[] {
  const { template } = poller;
  const known = servers
    .flatMap((server) => map.resolver.strings(server, template))
    .flatMap(({ value }) => (value && literal(value)) || []);
  const address = known.join(', ');
  return [map.outside('kafka', address || defaultName, template.source, address || addressOf(poller))];
}

function kafkaOfSamEvent(
  { properties, resource, logicalId }: SamEvent,
  map: TraceMapBuilder,
): SamEventCallers {
  const servers = map.resolver
    .itemsAt(properties, 'KafkaBootstrapServers', resource.template)
    .map(({ value }) => value);
  const certainty = certaintyWithFilter(FILTER_CRITERIA, properties, resource.template, map);
  return { callers: selfManagedKafka(servers, resource, map, logicalId), ...certainty };
}

const SOURCE = {
  title: 'Visualize Lambda function invocations using AWS X-Ray',
  url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
};

/** Event sources for which X-Ray does not support active tracing, under the same names as in `isUnsupported`. */
export const UNSUPPORTED_SOURCES = {
  msk: {
    title: 'Amazon MSK',
    source: SOURCE,
    types: ['AWS::MSK::Cluster', 'AWS::MSK::ServerlessCluster'],
    arn: { service: 'kafka', prefix: 'cluster/' },
    nameProperty: 'ClusterName',
    propagation: 'breaks',
    invocation: 'stream',
    eventSource: 'msk',
    samEvents: { MSK: { property: 'Stream' } },
  },
  kafka: {
    title: 'Self-managed Apache Kafka',
    source: SOURCE,
    types: [],
    propagation: 'breaks',
    invocation: 'stream',
    eventSource: 'kafka',
    samEvents: { SelfManagedKafka: kafkaOfSamEvent },
  },
  mq: {
    title: 'Amazon MQ',
    source: SOURCE,
    types: ['AWS::AmazonMQ::Broker'],
    arn: { service: 'mq', prefix: 'broker:' },
    nameProperty: 'BrokerName',
    propagation: 'breaks',
    invocation: 'queue',
    eventSource: 'mq',
    samEvents: { MQ: { property: 'Broker' } },
  },
  documentdb: {
    title: 'Amazon DocumentDB',
    source: SOURCE,
    types: ['AWS::DocDB::DBCluster'],
    arn: { service: 'rds', prefix: 'cluster:' },
    nameProperty: 'DBClusterIdentifier',
    propagation: 'breaks',
    invocation: 'stream',
    eventSource: 'documentdb',
    samEvents: { DocumentDB: { property: 'Cluster' } },
  },
} satisfies Services;
