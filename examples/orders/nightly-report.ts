import { Duration, NestedStack } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Instrumentation } from '../../lib/constructs/instrumentation';
import { TracedNodejsFunction } from '../../lib/constructs/traced-function';
import { nodejsHandler } from './nodejs-handler';

export interface NightlyReportProps {
  readonly table: ITableV2;
  readonly logGroup: LogGroup;
}

/** Counts the orders every night. */
export class NightlyReport extends NestedStack {
  constructor(scope: Construct, id: string, { table, logGroup }: NightlyReportProps) {
    super(scope, id);

    const fn = new TracedNodejsFunction(this, 'Function', {
      ...nodejsHandler('nightly-report'),
      timeout: Duration.minutes(5),
      environment: { TABLE_NAME: table.tableName },
      logGroup,
      // Instead of Powertools' Tracer, which the other handlers use.
      instrumentation: Instrumentation.openTelemetry(),
    });
    table.grant(fn, 'dynamodb:Scan');

    new Rule(this, 'Nightly', {
      schedule: Schedule.cron({ hour: '3', minute: '0' }),
      targets: [new LambdaFunction(fn)],
    });
  }
}
