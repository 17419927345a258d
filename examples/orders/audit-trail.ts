import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, CfnFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface AuditTrailProps {
  readonly table: ITableV2;
  readonly logGroup: LogGroup;
}

const LOG_CHANGES = `
exports.handler = async ({ Records }) => {
  for (const { eventName, dynamodb } of Records) console.log({ change: eventName, order: dynamodb.Keys.id.S });
};
`;

/** Logs every change of the table. Written with L1 constructs, without any tracing code. */
export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, { table, logGroup }: AuditTrailProps) {
    super(scope, id);

    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    table.grantStreamRead(role);
    logGroup.grantWrite(role);

    const fn = new CfnFunction(this, 'Function', {
      runtime: Runtime.NODEJS_22_X.name,
      handler: 'index.handler',
      code: { zipFile: LOG_CHANGES },
      role: role.roleArn,
      memorySize: 256,
      loggingConfig: { logGroup: logGroup.logGroupName, logFormat: LoggingFormat.JSON },
    });
    const changes = new CfnEventSourceMapping(this, 'Changes', {
      functionName: fn.ref,
      eventSourceArn: table.tableStreamArn,
      startingPosition: 'TRIM_HORIZON',
      maximumRetryAttempts: 3,
      bisectBatchOnFunctionError: true,
    });
    // Lambda rejects the mapping if the role cannot read the stream.
    changes.node.addDependency(role);
  }
}
