import { isObject, type JsonObject } from '../cloudformation/json';

/** The actions that a SAM policy template allows, and the ARN of the resource that it names. */
type PolicyTemplate = readonly [actions: readonly string[], arn: string];

const of = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;

const BUCKET = 'arn:${AWS::Partition}:s3:::${BucketName}';
const TABLE = of('dynamodb', 'table/${TableName}');
const DELIVERY_STREAM = of('firehose', 'deliverystream/${DeliveryStreamName}');
const STATE_MACHINE = of('states', 'stateMachine:${StateMachineName}');
const TOPIC = of('sns', '${TopicName}');

const READ_ITEMS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'];
const WRITE_ITEMS = ['dynamodb:BatchWriteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const READ_OBJECTS = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'];
const READ_PARAMETERS = ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'];
const PUT_RECORDS = ['firehose:PutRecord', 'firehose:PutRecordBatch'];
const START_EXECUTIONS = ['states:StartExecution', 'states:StartSyncExecution'];

/**
 * The SAM policy templates that allow a function to call a service ("AWS SAM policy template list", AWS SAM
 * Developer Guide), with the actions of these calls. A test compares the table with the templates that SAM
 * publishes.
 */
export const SAM_POLICY_TEMPLATES: ReadonlyMap<string, PolicyTemplate> = new Map<string, PolicyTemplate>([
  ['AWSSecretsManagerGetSecretValuePolicy', [['secretsmanager:GetSecretValue'], '${SecretArn}']],
  [
    'DynamoDBCrudPolicy',
    [[...READ_ITEMS, ...WRITE_ITEMS, 'dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem'], TABLE],
  ],
  ['DynamoDBReadPolicy', [READ_ITEMS, TABLE]],
  ['DynamoDBWritePolicy', [WRITE_ITEMS, TABLE]],
  ['EventBridgePutEventsPolicy', [['events:PutEvents'], of('events', 'event-bus/${EventBusName}')]],
  ['FirehoseCrudPolicy', [PUT_RECORDS, DELIVERY_STREAM]],
  ['FirehoseWritePolicy', [PUT_RECORDS, DELIVERY_STREAM]],
  ['KinesisCrudPolicy', [['kinesis:PutRecord', 'kinesis:PutRecords'], of('kinesis', 'stream/${StreamName}')]],
  ['LambdaInvokePolicy', [['lambda:InvokeFunction'], of('lambda', 'function:${FunctionName}')]],
  ['S3CrudPolicy', [[...READ_OBJECTS, 's3:DeleteObject', 's3:PutObject'], BUCKET]],
  ['S3FullAccessPolicy', [[...READ_OBJECTS, 's3:DeleteObject', 's3:PutObject'], BUCKET]],
  ['S3ReadPolicy', [READ_OBJECTS, BUCKET]],
  ['S3WritePolicy', [['s3:PutObject'], BUCKET]],
  ['SNSCrudPolicy', [['sns:Publish'], TOPIC]],
  ['SNSPublishMessagePolicy', [['sns:Publish'], TOPIC]],
  ['SQSSendMessagePolicy', [['sqs:SendMessage*'], of('sqs', '${QueueName}')]],
  ['SSMParameterReadPolicy', [READ_PARAMETERS, of('ssm', 'parameter/${ParameterName}')]],
  ['SSMParameterWithSlashPrefixReadPolicy', [READ_PARAMETERS, of('ssm', 'parameter${ParameterName}')]],
  ['StepFunctionsExecutionPolicy', [['states:StartExecution'], STATE_MACHINE]],
  ['StepFunctionsExecutionPolicy_v2', [START_EXECUTIONS, STATE_MACHINE]],
]);

/**
 * Returns the statement that a policy template adds, limited to calls of services.
 *
 * @param parameters the parameters that the function passes to the template
 */
export function samPolicyStatement(name: string, parameters: unknown): JsonObject | undefined {
  const [actions, arn] = SAM_POLICY_TEMPLATES.get(name) ?? [];
  if (arn === undefined || !isObject(parameters)) return undefined;
  return { Effect: 'Allow', Action: actions, Resource: { 'Fn::Sub': [arn, parameters] } };
}
