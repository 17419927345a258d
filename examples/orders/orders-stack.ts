import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AuthorizationType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedNodejsFunction } from '../../lib/constructs/traced-function';
import { AuditTrail } from './audit-trail';
import { NightlyReport } from './nightly-report';
import { nodejsHandler } from './nodejs-handler';

/** Receives and accepts orders, with tracing on the whole path. */
export class OrdersStack extends Stack {
  public readonly table: TableV2;
  public readonly nightlyReport: NightlyReport;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const queue = this.takeOrders(logGroup);
    this.acceptOrders(queue, logGroup);

    // Tracing for constructs from elsewhere, here plain CloudFormation resources.
    const auditTrail = new AuditTrail(this, 'AuditTrail', { table: this.table, logGroup });
    LambdaTracing.of(auditTrail).active();

    this.nightlyReport = new NightlyReport(this, 'NightlyReport', { table: this.table, logGroup });
  }

  private takeOrders(logGroup: LogGroup): Queue {
    const queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      // AWS recommends six times the timeout of the function, to leave time for retries.
      visibilityTimeout: Duration.minutes(1),
      deadLetterQueue: {
        queue: new Queue(this, 'DeadLetters', { enforceSSL: true, retentionPeriod: Duration.days(14) }),
        maxReceiveCount: 5,
      },
    });

    const intake = new TracedNodejsFunction(this, 'Intake', {
      ...nodejsHandler('intake'),
      timeout: Duration.seconds(10),
      environment: { TABLE_NAME: this.table.tableName, QUEUE_URL: queue.queueUrl },
      logGroup,
    });
    this.table.grant(intake, 'dynamodb:PutItem');
    queue.grantSendMessages(intake);

    const api = new RestApi(this, 'Api', {
      // This is a setting of the account, not of this stack.
      cloudWatchRole: false,
      // The trace starts at the API. The functions follow its sampling decision.
      deployOptions: { tracingEnabled: true },
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
    });
    api.root
      .addResource('orders')
      .addMethod('POST', new LambdaIntegration(intake, { allowTestInvoke: false }));
    return queue;
  }

  private acceptOrders(queue: Queue, logGroup: LogGroup): void {
    const acceptance = new TracedNodejsFunction(this, 'Acceptance', {
      ...nodejsHandler('acceptance'),
      timeout: Duration.seconds(10),
      environment: { TABLE_NAME: this.table.tableName },
      logGroup,
    });
    this.table.grant(acceptance, 'dynamodb:UpdateItem');

    // The tracing mode is part of a version. `currentVersion` publishes a new version when the mode changes.
    const live = new Alias(this, 'Live', { aliasName: 'live', version: acceptance.currentVersion });
    live.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
  }
}
