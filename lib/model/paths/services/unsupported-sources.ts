import type { UnsupportedSource } from '../../event-source-kind';
import type { Service } from '../service';

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
    passes: 'drops',
    invocation: 'stream',
    source: PAGE,
  },
  kafka: {
    title: 'Self-managed Apache Kafka',
    types: [],
    passes: 'drops',
    invocation: 'stream',
    source: PAGE,
  },
  mq: {
    title: 'Amazon MQ',
    types: ['AWS::AmazonMQ::Broker'],
    arn: { service: 'mq', prefix: 'broker:' },
    nameProperty: 'BrokerName',
    passes: 'drops',
    invocation: 'queue',
    source: PAGE,
  },
  documentdb: {
    title: 'Amazon DocumentDB',
    types: ['AWS::DocDB::DBCluster'],
    arn: { service: 'rds', prefix: 'cluster:' },
    nameProperty: 'DBClusterIdentifier',
    passes: 'drops',
    invocation: 'stream',
    source: PAGE,
  },
};
