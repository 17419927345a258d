import { literal } from '../../cloudformation/partial-string';
import { addressOf, nameOf, type Resource } from '../../cloudformation/template';
import type { UnsupportedSource } from '../../lambda/event-sources';
import type { Service } from '../service';
import type { TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';

const PAGE = {
  title: 'Visualize Lambda function invocations using AWS X-Ray',
  url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
};

/** The event sources whose functions X-Ray can't trace, by the names that `isUnsupported` knows them by. */
export const UNSUPPORTED: Readonly<Record<UnsupportedSource, Service>> = {
  msk: {
    title: 'Amazon MSK',
    types: ['AWS::MSK::Cluster', 'AWS::MSK::ServerlessCluster'],
    arn: { service: 'kafka', prefix: 'cluster/' },
    nameProperty: 'ClusterName',
    propagation: 'breaks',
    invocation: 'stream',
    source: PAGE,
  },
  kafka: {
    title: 'Self-managed Apache Kafka',
    types: [],
    propagation: 'breaks',
    invocation: 'stream',
    source: PAGE,
  },
  mq: {
    title: 'Amazon MQ',
    types: ['AWS::AmazonMQ::Broker'],
    arn: { service: 'mq', prefix: 'broker:' },
    nameProperty: 'BrokerName',
    propagation: 'breaks',
    invocation: 'queue',
    source: PAGE,
  },
  documentdb: {
    title: 'Amazon DocumentDB',
    types: ['AWS::DocDB::DBCluster'],
    arn: { service: 'rds', prefix: 'cluster:' },
    nameProperty: 'DBClusterIdentifier',
    propagation: 'breaks',
    invocation: 'stream',
    source: PAGE,
  },
};

/**
 * A cluster of Apache Kafka that AWS doesn't run, by its bootstrap servers.
 *
 * @param servers as the template has them
 * @param poller what polls it
 * @param otherwise what it is called where no server is known
 */
export function selfManagedKafka(
  servers: readonly unknown[],
  poller: Resource,
  map: TraceMapBuilder,
  otherwise = nameOf(poller),
): TraceNode[] {
  const { template } = poller;
  const known = servers
    .flatMap((server) => map.resolver.strings(server, template))
    .flatMap(({ value }) => (value && literal(value)) || []);
  const address = known.join(', ');
  return [map.outside('kafka', address || otherwise, template.source, address || addressOf(poller))];
}
