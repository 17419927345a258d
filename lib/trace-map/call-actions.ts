import { matchesPattern } from '../iam/policy-document';
import type { NodeKind } from './trace-map';
import type { Call } from './trace-map-builder';

/**
 * The actions that calling something takes, by what it is: not those that consuming, watching or managing it takes
 * ("Actions, resources, and condition keys for AWS services", Service Authorization Reference). Some need none.
 */
export const CALL_ACTIONS: ReadonlyMap<NodeKind, readonly string[]> = new Map<NodeKind, readonly string[]>([
  ['function', ['lambda:InvokeAsync', 'lambda:InvokeFunction']],
  ['function-url', ['lambda:InvokeFunctionUrl']],
  ['queue', ['sqs:SendMessage', 'sqs:SendMessageBatch']],
  ['topic', ['sns:Publish']],
  ['stream', ['kinesis:PutRecord', 'kinesis:PutRecords']],
  ['delivery-stream', ['firehose:PutRecord', 'firehose:PutRecordBatch']],
  ['event-bus', ['events:PutEvents']],
  ['state-machine', ['states:StartExecution', 'states:StartSyncExecution']],
  [
    'table',
    [
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLSelect',
      'dynamodb:PartiQLUpdate',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
    ],
  ],
  [
    'bucket',
    [
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:ListBucket',
      's3:PutObject',
    ],
  ],
  ['secret', ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue']],
  ['parameter', ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath']],
  [
    'database',
    ['rds-data:BatchExecuteStatement', 'rds-data:ExecuteSql', 'rds-data:ExecuteStatement', 'rds-db:connect'],
  ],
  ['rest-api', ['execute-api:Invoke']],
  ['http-api', ['execute-api:Invoke']],
  ['graphql-api', ['appsync:GraphQL']],
  ['event-api', ['appsync:EventPublish']],
  ['load-balancer', []],
]);

/** Those with which the trace ends, though what is called hands on the traces of other calls: nothing comes of them. */
const READING: ReadonlySet<string> = new Set(['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket']);

/** Those of which a bucket makes no event that surely notifies anyone. */
const DELETING: ReadonlySet<string> = new Set(['s3:DeleteObject', 's3:DeleteObjectVersion']);

/** How something is called where nothing but these actions can be the call; nothing where that is as always. */
export function callBy(actions: readonly string[]): Pick<Call, 'propagation' | 'isCertain'> {
  const others = actions.filter((action) => !READING.has(action));
  if (others.length === 0) return { propagation: 'breaks' };
  return others.every((action) => DELETING.has(action)) ? { isCertain: false } : {};
}

const ALL: readonly (readonly [action: string, lowerCase: string])[] = [...CALL_ACTIONS.values()]
  .flat()
  .map((action) => [action, action.toLowerCase()] as const);

/** Those of the actions that a pattern in a policy is for. */
export function callActionsFor(pattern: string): string[] {
  const lowerCase = pattern.toLowerCase();
  return ALL.filter(([, action]) => matchesPattern(lowerCase, action)).map(([action]) => action);
}
