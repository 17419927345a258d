import type { TraceEffect } from './service';
import type { NodeKind } from './trace-map';

/** An action of a service that a state machine can have done. */
export interface Integration {
  readonly kind: NodeKind;
  /** Where, in what the action is given, that is named which it is done on. */
  readonly paths: readonly (readonly string[])[];
  /** What it is done on where none is named. */
  readonly otherwise?: string;
  /** @default - what a state machine does */
  readonly effect?: TraceEffect;
}

interface Row extends Integration {
  /** What the service is called in the ARNs of its actions. */
  readonly services: readonly string[];
  readonly actions: RegExp;
}

/**
 * "Integrating services with Step Functions" (Step Functions Developer Guide): the actions that call.
 *
 * Of the services, SNS, SQS, Lambda and Step Functions have "native X-Ray support": the trace goes on there, while of
 * others "client side traces can still be collected" ("Trace Step Functions request data in AWS X-Ray", ibid.).
 */
const ROWS: readonly Row[] = [
  { services: ['lambda'], actions: /^invoke/, kind: 'function', paths: [['FunctionName']] },
  { services: ['sqs'], actions: /^sendMessage/, kind: 'queue', paths: [['QueueUrl']] },
  { services: ['sns'], actions: /^publish/, kind: 'topic', paths: [['TopicArn'], ['TargetArn']] },
  {
    services: ['states', 'sfn'],
    actions: /^start(?:Sync)?Execution$/,
    kind: 'state-machine',
    paths: [['StateMachineArn']],
  },
  {
    services: ['events', 'eventbridge'],
    actions: /^putEvents$/,
    kind: 'event-bus',
    paths: [['Entries', 'EventBusName']],
    otherwise: 'default',
    effect: 'drops',
  },
  {
    services: ['dynamodb'],
    actions: /Items?$|^query$|^scan$/,
    kind: 'table',
    paths: [
      ['TableName'],
      ['RequestItems', '*'],
      ...['ConditionCheck', 'Delete', 'Get', 'Put', 'Update'].map((action) => [
        'TransactItems',
        action,
        'TableName',
      ]),
    ],
  },
  { services: ['s3'], actions: /Object|^list/, kind: 'bucket', paths: [['Bucket']], effect: 'drops' },
  { services: ['kinesis'], actions: /^putRecord/, kind: 'stream', paths: [['StreamName'], ['StreamARN']] },
  { services: ['firehose'], actions: /^putRecord/, kind: 'delivery-stream', paths: [['DeliveryStreamName']] },
  { services: ['secretsmanager'], actions: /etSecretValue$/, kind: 'secret', paths: [['SecretId']] },
  { services: ['ssm'], actions: /^getParameter/, kind: 'parameter', paths: [['Name'], ['Names']] },
  { services: ['rdsdata'], actions: /Statement$/, kind: 'database', paths: [['ResourceArn']] },
];

const BY_SERVICE: ReadonlyMap<string, Row> = new Map(
  ROWS.flatMap((row) => row.services.map((service) => [service, row] as const)),
);

/**
 * The integration that an ARN of an action is of: `arn:aws:states:::sqs:sendMessage`, with `.sync` and the like behind
 * it; `undefined` for the ARN of something else, nothing in the list for an action that isn't a call.
 */
export function integrationsOf(arn: string): Integration[] | undefined {
  const [, service, action] = /:states:::(?:aws-sdk:)?([\w-]+):(\w+)/.exec(arn) ?? [];
  if (service === undefined) return undefined;
  const row = BY_SERVICE.get(service);
  return row?.actions.test(action) ? [row] : [];
}
