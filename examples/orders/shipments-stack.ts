import { CfnParameter, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition, Tracing } from 'aws-cdk-lib/aws-lambda';
import { ManagedKafkaEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { TracedNodejsFunction } from '../../lib/constructs/traced-function';
import { nodejsHandler } from './nodejs-handler';

export interface ShipmentsStackProps extends StackProps {
  readonly table: ITableV2;
}

/** Marks orders as shipped. A separate stack, because it needs an existing cluster. */
export class ShipmentsStack extends Stack {
  public readonly clusterArn: string;

  constructor(scope: Construct, id: string, { table, ...props }: ShipmentsStackProps) {
    super(scope, id, props);

    this.clusterArn = new CfnParameter(this, 'ClusterArn', {
      description: "ARN of the Amazon MSK cluster with the warehouse's topic 'shipments'",
      allowedPattern: 'arn:[^:]+:kafka:[^:]+:[0-9]{12}:cluster/.+',
    }).valueAsString;

    const consumer = new TracedNodejsFunction(this, 'Consumer', {
      ...nodejsHandler('shipments'),
      // X-Ray does not support functions with an Amazon MSK event source.
      tracing: Tracing.PASS_THROUGH,
      timeout: Duration.minutes(1),
      environment: { TABLE_NAME: table.tableName },
      logGroup: new LogGroup(this, 'Logs', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    table.grant(consumer, 'dynamodb:UpdateItem');
    consumer.addEventSource(
      new ManagedKafkaEventSource({
        clusterArn: this.clusterArn,
        topic: 'shipments',
        startingPosition: StartingPosition.TRIM_HORIZON,
      }),
    );
  }
}
