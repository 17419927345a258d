import { lambda, type Resources, stack } from '../rules/templates';
import { arn, fn, sam, SEND } from './function-templates';
import { edgeLines } from './edge-lines';

describe('a function calls the nodes that its role names', () => {
  test.each<[string, unknown, string[]]>([
    ['lambda:InvokeFunction', arn('Other'), ['Other (synchronous)']],
    ['lambda:InvokeFunction', { Ref: 'Live' }, ['Other:Live (synchronous)']],
    ['lambda:*', [arn('Other'), { 'Fn::Sub': '${Other.Arn}:*' }], ['Other (synchronous)']],
    ['sqs:SendMessage', arn('Queue'), ['Queue']],
    [
      'sqs:SendMessage',
      { 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs' },
      ['Queue'],
    ],
    ['sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:others', ['others']],
    ['SQS:send*', arn('Queue'), ['Queue']],
    ['sns:Publish', { Ref: 'Topic' }, ['Topic']],
    ['kinesis:PutRecord*', arn('Stream'), ['Stream']],
    ['firehose:PutRecordBatch', arn('Firehose'), ['Firehose']],
    ['dynamodb:GetItem', arn('Table'), ['Table']],
    ['dynamodb:Query', { 'Fn::Sub': '${Table.Arn}/index/*' }, ['Table']],
    ['dynamodb:Query', 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/*', ['Table']],
    ['s3:*', { 'Fn::Join': ['', [arn('Bucket'), '/*']] }, ['Bucket']],
    ['s3:PutObject*', 'arn:aws:s3:::others/*', ['others']],
    ['s3:PutObject', { 'Fn::Sub': '${Bucket.Arn}/stream/*' }, ['Bucket']],
    ['events:PutEvents', arn('Bus'), ['Bus']],
    [
      'events:PutEvents',
      { 'Fn::Sub': 'arn:aws:events:eu-west-1:111122223333:event-bus/default' },
      ['default'],
    ],
    ['states:StartExecution', { Ref: 'Machine' }, ['Machine']],
    ['secretsmanager:GetSecretValue', { Ref: 'Secret' }, ['Secret']],
    [
      'secretsmanager:GetSecretValue',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-??????',
      ['Secret'],
    ],
    ['ssm:GetParameter', { 'Fn::Sub': 'arn:aws:ssm:*:*:parameter${Parameter}' }, ['Parameter']],
    ['ssm:GetParameter', 'arn:aws:ssm:eu-west-1:111122223333:parameter/prod/flags', ['Parameter']],
    [
      'rds-data:ExecuteStatement',
      { 'Fn::Sub': 'arn:aws:rds:eu-west-1:111122223333:cluster:${Cluster}' },
      ['Cluster'],
    ],
    ['*', arn('Queue'), ['Queue']],
    ['sqs:SendMessage', { 'Fn::If': ['C', arn('Queue'), { Ref: 'AWS::NoValue' }] }, ['Queue']],
  ])('%s on %j', (Action, Resource, targets) => {
    expect(edgeLines(fn([{ Action, Resource }]))).toEqual(targets.map((name) => `Fn -propagates-> ${name}`));
  });

  test('in another template', () => {
    const resources = fn([{ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:jobs' }]);
    const place = { account: '111122223333', region: 'eu-west-1' };
    expect(edgeLines(stack('t', resources, place))).toEqual(['Fn -propagates-> Queue']);
  });

  test.each<[string, object]>([
    [
      'the action consumes messages',
      { Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: arn('Queue') },
    ],
    [
      'the action reads a stream',
      { Action: ['kinesis:GetRecords', 'kinesis:GetShardIterator'], Resource: arn('Stream') },
    ],
    [
      'the action reads the stream of a table',
      { Action: 'dynamodb:*', Resource: { 'Fn::GetAtt': ['Table', 'StreamArn'] } },
    ],
    [
      'the action reads the stream of a table by its ARN',
      { Action: 'dynamodb:*', Resource: { 'Fn::Sub': '${Table.Arn}/stream/*' } },
    ],
    ['the action belongs to another service', { Action: 'sqs:SendMessage', Resource: arn('Table') }],
    ['the statement is for all resources', { Action: ['sqs:SendMessage', 'dynamodb:*'], Resource: '*' }],
    [
      'the resource is a pattern',
      { Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:111122223333:jo*' },
    ],
    ['the statement has NotResource', { Action: 'sqs:SendMessage', NotResource: arn('Queue') }],
    ['the statement has NotAction', { NotAction: 'iam:*', Resource: arn('Queue') }],
    ['the action is unknown', { Action: { Ref: 'Action' }, Resource: arn('Queue') }],
    ['the resource is unknown', { Action: 'sqs:SendMessage', Resource: { Ref: 'QueueArn' } }],
  ])('but not if %s', (_, statement) => {
    expect(edgeLines(fn([statement]))).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ['all actions on it', { Action: 'sqs:*', Resource: arn('Queue') }, []],
    ['all actions on all resources', { Action: '*', Resource: '*' }, []],
    ['it for a pattern', { Action: 'sqs:SendMessage*', Resource: 'arn:aws:sqs:*:*:jo?s' }, []],
    ['another action', { Action: 'sqs:PurgeQueue', Resource: arn('Queue') }, ['Fn -propagates-> Queue']],
    [
      'it for other resources',
      { Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:x*' },
      ['Fn -propagates-> Queue'],
    ],
    [
      'it under a condition of the statement',
      { Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ['Fn -propagates-> Queue'],
    ],
    [
      'it under a condition of the template',
      { Action: '*', Resource: { 'Fn::If': ['C', '*', 'arn:aws:s3:::x'] } },
      ['Fn -propagates-> Queue'],
    ],
  ])('unless another statement denies %s', (_, denial, expected) => {
    expect(edgeLines(fn([SEND, { Effect: 'Deny', ...denial }]))).toEqual(expected);
  });

  const document = { Statement: { Effect: 'Allow', ...SEND } };
  const Policy = (type: string, properties: object) => ({
    Policy: { Type: type, Properties: { PolicyDocument: document, ...properties } },
  });

  test.each<[string, Resources]>([
    ['a policy', fn([], {}, Policy('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] }))],
    ['a role policy', fn([], {}, Policy('AWS::IAM::RolePolicy', { RoleName: { Ref: 'Role' } }))],
    [
      'a managed policy that names the role',
      fn([], {}, Policy('AWS::IAM::ManagedPolicy', { Roles: [{ Ref: 'Role' }] })),
    ],
    [
      'a managed policy that the role names',
      fn(
        [],
        {},
        {
          ...Policy('AWS::IAM::ManagedPolicy', {}),
          Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ Ref: 'Policy' }] } },
        },
      ),
    ],
    ['a statement in a SAM function', sam({ Policies: [document] })],
    [
      'a managed policy of a SAM function',
      { ...sam({ Policies: [{ Ref: 'Policy' }] }), ...Policy('AWS::IAM::ManagedPolicy', {}) },
    ],
  ])('by %s', (_, resources) => {
    expect(edgeLines(resources)).toEqual(['Fn -propagates-> Queue']);
  });

  test.each<[string, object, string]>([
    ['SQSSendMessagePolicy', { QueueName: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }, 'Queue'],
    ['SQSSendMessagePolicy', { QueueName: 'jobs' }, 'Queue'],
    ['SNSPublishMessagePolicy', { TopicName: { 'Fn::GetAtt': ['Topic', 'TopicName'] } }, 'Topic'],
    ['DynamoDBCrudPolicy', { TableName: { Ref: 'Table' } }, 'Table'],
    ['DynamoDBReadPolicy', { TableName: 'orders' }, 'Table'],
    ['S3CrudPolicy', { BucketName: { Ref: 'Bucket' } }, 'Bucket'],
    ['LambdaInvokePolicy', { FunctionName: { Ref: 'Other' } }, 'Other (synchronous)'],
    ['LambdaInvokePolicy', { FunctionName: 'other' }, 'Other (synchronous)'],
    ['StepFunctionsExecutionPolicy', { StateMachineName: { 'Fn::GetAtt': ['Machine', 'Name'] } }, 'Machine'],
    ['EventBridgePutEventsPolicy', { EventBusName: { Ref: 'Bus' } }, 'Bus'],
    ['EventBridgePutEventsPolicy', { EventBusName: 'default' }, 'default'],
    ['KinesisCrudPolicy', { StreamName: { Ref: 'Stream' } }, 'Stream'],
    ['FirehoseWritePolicy', { DeliveryStreamName: { Ref: 'Firehose' } }, 'Firehose'],
    ['AWSSecretsManagerGetSecretValuePolicy', { SecretArn: { Ref: 'Secret' } }, 'Secret'],
    ['SSMParameterReadPolicy', { ParameterName: 'prod/flags' }, 'Parameter'],
    ['SSMParameterWithSlashPrefixReadPolicy', { ParameterName: { Ref: 'Parameter' } }, 'Parameter'],
  ])('by the SAM policy template %s with %j', (name, parameters, target) => {
    expect(edgeLines(sam({ Policies: [{ [name]: parameters }] }))).toEqual([`Fn -propagates-> ${target}`]);
  });

  test.each<[string, object]>([
    ['consumes messages', { SQSPollerPolicy: { QueueName: 'jobs' } }],
    ['has no parameters', { VPCAccessPolicy: {} }],
    ['does not exist', { constructor: { QueueName: 'jobs' } }],
    ['has no value for its parameter', { SQSSendMessagePolicy: {} }],
  ])('but not by a SAM policy template that %s', (_, policy) => {
    expect(edgeLines(sam({ Policies: [policy] }))).toEqual([]);
  });

  test.each<[string, Resources]>([
    ['by a policy', fn([{ Action: ['s3:GetObject*', 's3:List*'], Resource: arn('Bucket') }])],
    ['by all buckets', fn([{ Action: 's3:GetObject', Resource: '*' }], { BUCKET: { Ref: 'Bucket' } })],
    ['by a SAM policy template', sam({ Policies: [{ S3ReadPolicy: { BucketName: { Ref: 'Bucket' } } }] })],
    [
      'with a denial of another action',
      fn([
        { Action: 's3:*', Resource: arn('Bucket') },
        { Effect: 'Deny', Action: ['s3:Put*', 's3:Delete*'], Resource: '*' },
      ]),
    ],
  ])('and the trace ends at a bucket that is only read: %s', (_, resources) => {
    expect(edgeLines(resources)).toEqual(['Fn -breaks-> Bucket']);
  });

  test('and the trace continues from a bucket that is also written', () => {
    const statements = ['s3:GetObject', 's3:PutObject'].map((Action) => ({
      Action,
      Resource: arn('Bucket'),
    }));
    expect(edgeLines(fn(statements))).toEqual(['Fn -propagates-> Bucket']);
  });

  test.each([
    [['s3:DeleteObject*'], ' ?'],
    [['s3:DeleteObject*', 's3:GetObject'], ' ?'],
    [['s3:DeleteObject*', 's3:PutObject'], ''],
  ])('and %j on a bucket notifies others with certainty only if it writes', (Action, certainty) => {
    expect(edgeLines(fn([{ Action, Resource: arn('Bucket') }]))).toEqual([
      `Fn -propagates-> Bucket${certainty}`,
    ]);
  });

  test('and a certain read replaces a possible delete', () => {
    const statements = ['s3:DeleteObject', 's3:GetObject', 's3:DeleteObject'].map((Action) => ({
      Action,
      Resource: arn('Bucket'),
    }));
    expect(edgeLines(fn(statements))).toEqual(['Fn -breaks-> Bucket']);
  });

  test('the URL of a function, and not the function itself', () => {
    const url = { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: arn('Other') } };
    const viaUrl = { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } };
    const statements = [
      { Action: 'lambda:InvokeFunctionUrl', Resource: arn('Other') },
      { Action: 'lambda:InvokeFunction', Resource: arn('Other'), Condition: viaUrl },
    ];
    expect(edgeLines(fn(statements, {}, { Url: url }))).toEqual([
      'Url -breaks-> Other (synchronous)',
      'Fn -propagates-> Url',
    ]);
  });
});

describe('a function that shares its role', () => {
  const INVOKE = { Action: 'lambda:InvokeFunction', Resource: [arn('Other'), arn('Fn')] };
  const second = (properties: object = {}) => ({
    Second: lambda('Active', { Role: arn('Role'), ...properties }),
  });

  test.each<[string, Resources, string[]]>([
    [
      'possibly makes the calls that the role allows',
      fn([SEND], {}, second()),
      ['Fn -propagates-> Queue ?', 'Second -propagates-> Queue ?'],
    ],
    [
      'makes the calls to which its environment refers',
      fn([SEND], { QUEUE: { Ref: 'Queue' } }, second()),
      ['Fn -propagates-> Queue', 'Second -propagates-> Queue ?'],
    ],
    [
      'does not call itself',
      fn([INVOKE], {}, second()),
      [
        'Fn -propagates-> Other (synchronous) ?',
        'Second -propagates-> Other (synchronous) ?',
        'Second -propagates-> Fn (synchronous) ?',
      ],
    ],
    [
      'does not call the dead-letter queue of the other',
      fn([SEND], {}, second({ DeadLetterConfig: { TargetArn: arn('Queue') } })),
      ['Second -propagates-> Queue ?'],
    ],
    [
      'possibly makes the calls of a state machine with the role',
      fn(
        [INVOKE],
        {},
        { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: arn('Role') } } },
      ),
      [
        'Fn -propagates-> Other (synchronous) ?',
        'Machine -propagates-> Other (synchronous) ?',
        'Machine -propagates-> Fn (synchronous) ?',
      ],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected);
  });

  test('makes the calls of the role if the other resource is never deployed with it', () => {
    const { Fn, ...others } = fn([SEND], {}, second());
    const resources = {
      ...others,
      Fn: { ...(Fn as object), Condition: 'IsProd' },
      Second: { ...second().Second, Condition: 'IsDev' },
    };
    const Conditions = {
      IsProd: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
      IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    };
    expect(edgeLines(stack('t', resources, { sections: { Conditions } })).sort()).toEqual([
      'Fn -propagates-> Queue',
      'Second -propagates-> Queue',
    ]);
  });
});
