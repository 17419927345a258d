import { lambda, type Resources, stack } from '../rules/templates';
import { arn, fn, sam, SEND } from './function-templates';
import { edgeLines } from './edge-lines';

describe('a function calls what its role may call by name', () => {
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
  ])('%s on %j', (Action, Resource, called) => {
    expect(edgeLines(fn([{ Action, Resource }]))).toEqual(called.map((name) => `Fn -propagates-> ${name}`));
  });

  test('wherever that is', () => {
    const resources = fn([{ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:jobs' }]);
    const place = { account: '111122223333', region: 'eu-west-1' };
    expect(edgeLines(stack('t', resources, place))).toEqual(['Fn -propagates-> Queue']);
  });

  test.each<[string, object]>([
    ['it takes messages', { Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: arn('Queue') }],
    [
      'it reads a stream',
      { Action: ['kinesis:GetRecords', 'kinesis:GetShardIterator'], Resource: arn('Stream') },
    ],
    [
      'it reads the stream of a table',
      { Action: 'dynamodb:*', Resource: { 'Fn::GetAtt': ['Table', 'StreamArn'] } },
    ],
    [
      'it reads the stream of a table by its ARN',
      { Action: 'dynamodb:*', Resource: { 'Fn::Sub': '${Table.Arn}/stream/*' } },
    ],
    ['it is an action of something else', { Action: 'sqs:SendMessage', Resource: arn('Table') }],
    ['it names nothing', { Action: ['sqs:SendMessage', 'dynamodb:*'], Resource: '*' }],
    [
      'it names many at once',
      { Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:111122223333:jo*' },
    ],
    ['it names what it is not about', { Action: 'sqs:SendMessage', NotResource: arn('Queue') }],
    ['it names actions that it is not about', { NotAction: 'iam:*', Resource: arn('Queue') }],
    ['the action is not known', { Action: { Ref: 'Action' }, Resource: arn('Queue') }],
    ['the resource is not known', { Action: 'sqs:SendMessage', Resource: { Ref: 'QueueArn' } }],
  ])('but not where %s', (_, statement) => {
    expect(edgeLines(fn([statement]))).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ['all of it', { Action: 'sqs:*', Resource: arn('Queue') }, []],
    ['all of it, for all there is', { Action: '*', Resource: '*' }, []],
    ['it, for some', { Action: 'sqs:SendMessage*', Resource: 'arn:aws:sqs:*:*:jo?s' }, []],
    ['something else', { Action: 'sqs:PurgeQueue', Resource: arn('Queue') }, ['Fn -propagates-> Queue']],
    ['it to others', { Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:x*' }, ['Fn -propagates-> Queue']],
    [
      'it under a condition',
      { Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ['Fn -propagates-> Queue'],
    ],
    [
      'it in one case',
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
      'a managed policy that attaches itself',
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
    ['a statement in the function of SAM', sam({ Policies: [document] })],
    [
      'a managed policy of the function of SAM',
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
  ])('by the policy template %s of SAM with %j', (name, parameters, called) => {
    expect(edgeLines(sam({ Policies: [{ [name]: parameters }] }))).toEqual([`Fn -propagates-> ${called}`]);
  });

  test.each<[string, object]>([
    ['takes messages', { SQSPollerPolicy: { QueueName: 'jobs' } }],
    ['needs nothing', { VPCAccessPolicy: {} }],
    ['SAM does not know', { constructor: { QueueName: 'jobs' } }],
    ['lacks its parameter', { SQSSendMessagePolicy: {} }],
  ])('but not by a policy template that %s', (_, policy) => {
    expect(edgeLines(sam({ Policies: [policy] }))).toEqual([]);
  });

  test.each<[string, Resources]>([
    ['by a policy', fn([{ Action: ['s3:GetObject*', 's3:List*'], Resource: arn('Bucket') }])],
    ['by all buckets', fn([{ Action: 's3:GetObject', Resource: '*' }], { BUCKET: { Ref: 'Bucket' } })],
    ['by a policy template of SAM', sam({ Policies: [{ S3ReadPolicy: { BucketName: { Ref: 'Bucket' } } }] })],
    [
      'though something else is denied',
      fn([
        { Action: 's3:*', Resource: arn('Bucket') },
        { Effect: 'Deny', Action: ['s3:Put*', 's3:Delete*'], Resource: '*' },
      ]),
    ],
  ])('and nothing comes of reading from a bucket: %s', (_, resources) => {
    expect(edgeLines(resources)).toEqual(['Fn -breaks-> Bucket']);
  });

  test('but of writing to it besides, there does', () => {
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
  ])('and what comes of %j in a bucket is sure only where that writes', (Action, certainty) => {
    expect(edgeLines(fn([{ Action, Resource: arn('Bucket') }]))).toEqual([
      `Fn -propagates-> Bucket${certainty}`,
    ]);
  });

  test('and reading, which it surely does, says more than what may come of deleting', () => {
    const statements = ['s3:DeleteObject', 's3:GetObject', 's3:DeleteObject'].map((Action) => ({
      Action,
      Resource: arn('Bucket'),
    }));
    expect(edgeLines(fn(statements))).toEqual(['Fn -breaks-> Bucket']);
  });

  test('by the URL of a function, and not the function itself', () => {
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
      'may call what the role may',
      fn([SEND], {}, second()),
      ['Fn -propagates-> Queue ?', 'Second -propagates-> Queue ?'],
    ],
    [
      'calls that of it which its environment refers to',
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
      'with a state machine may call what that calls',
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

  test('with what is never there beside it calls what the role may', () => {
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
