import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, mapping, type Resources, stack } from '../rules/templates';
import { edgeLines } from './edge-lines';

const ACCOUNT = '111122223333';

/** A stack with a queue named `jobs`. */
function jobs(id: string, place: Partial<TemplateSource>): TemplateSource {
  return stack(id, { Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } }, place);
}

/** Returns the ID of the template with the queue of an ARN, `undefined` if no template has it. */
function templateOf(
  arn: unknown,
  place: Partial<TemplateSource>,
  queues: TemplateSource[],
): string | undefined {
  const functions = stack('functions', { Fn: lambda(), M: mapping({ EventSourceArn: arn }) }, place);
  const { edges } = buildTracingModel([functions, ...queues]).traceMap;
  expect(edges.map(({ from }) => from.name.toLowerCase())).toEqual(['jobs']);
  return edges[0].from.resource?.template.id;
}

describe('an ARN resolves within its location', () => {
  const HERE = { region: 'eu-west-1', account: ACCOUNT };
  const QUEUES = [
    jobs('here', HERE),
    jobs('us', { ...HERE, region: 'us-east-1' }),
    jobs('others', { ...HERE, account: '444455556666' }),
  ];

  test.each<[string, unknown, string | undefined]>([
    ['this region and account', `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs`, 'here'],
    ['another region', `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs`, 'us'],
    ['another account', 'arn:aws:sqs:eu-west-1:444455556666:jobs', 'others'],
    ['a region without templates', `arn:aws:sqs:eu-west-3:${ACCOUNT}:jobs`, undefined],
    ['an account without templates', 'arn:aws:sqs:eu-west-1:1:jobs', undefined],
    [
      'a region that is known only at deployment',
      { 'Fn::Sub': `arn:aws:sqs:\${Region}:${ACCOUNT}:jobs` },
      'here',
    ],
    [
      'an account that is known only at deployment',
      { 'Fn::Sub': 'arn:aws:sqs:us-east-1:${Account}:jobs' },
      'us',
    ],
  ])('%s', (_, arn, template) => {
    expect(templateOf(arn, HERE, QUEUES)).toBe(template);
  });
});

describe('a name resolves to a resource:', () => {
  const one = (type: string, properties: object) => ({ Type: `AWS::${type}`, Properties: properties });
  const sub = (pattern: string) => ({ 'Fn::Sub': pattern });

  /** A state machine with a state that calls an action with these arguments. */
  const state = (action: string, args: object) =>
    one('StepFunctions::StateMachine', {
      Definition: { States: { S: { Resource: `arn:aws:states:::${action}`, Parameters: args } } },
    });

  test.each<[string, Resources, string[]]>([
    [
      'a function',
      { Fn: lambda('Active', { FunctionName: 'fn' }), Flow: state('lambda:invoke', { FunctionName: 'fn' }) },
      ['Flow -propagates-> Fn (synchronous)'],
    ],
    [
      'a function, in its destinations',
      {
        Fn: lambda('Active', { FunctionName: 'fn' }),
        Jobs: one('SQS::Queue', {}),
        Config: one('Lambda::EventInvokeConfig', {
          FunctionName: 'fn',
          DestinationConfig: { OnSuccess: { Destination: { 'Fn::GetAtt': ['Jobs', 'Arn'] } } },
        }),
      },
      ['Fn -propagates-> Jobs'],
    ],
    [
      'a table, and not the function of that name',
      {
        Fn: lambda('Active', { FunctionName: 'orders' }),
        Orders: one('DynamoDB::Table', { TableName: 'orders' }),
        Flow: state('dynamodb:getItem', { TableName: 'orders' }),
      },
      ['Flow -propagates-> Orders'],
    ],
    [
      'a function with a qualifier',
      {
        Fn: lambda('Active', { FunctionName: 'fn' }),
        Flow: state('lambda:invoke', { FunctionName: 'fn:1' }),
      },
      ['Flow -propagates-> Fn (synchronous)'],
    ],
    [
      'a function of another template',
      { Flow: state('lambda:invoke', { FunctionName: '444455556666:function:others:live' }) },
      ['Flow -propagates-> others (synchronous)'],
    ],
    [
      'a parameter',
      {
        Flags: one('SSM::Parameter', { Name: '/prod/flags' }),
        Flow: state('aws-sdk:ssm:getParameter', { Name: '/prod/flags' }),
      },
      ['Flow -propagates-> Flags'],
    ],
    [
      'a parameter with a version',
      {
        Flags: one('SSM::Parameter', { Name: '/prod/flags' }),
        Flow: state('aws-sdk:ssm:getParameter', { Name: '/prod/flags:3' }),
      },
      ['Flow -propagates-> Flags'],
    ],
    [
      'a queue by its URL',
      {
        Jobs: one('SQS::Queue', { QueueName: 'jobs' }),
        Flow: state('sqs:sendMessage', { QueueUrl: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/jobs` }),
      },
      ['Flow -propagates-> Jobs'],
    ],
    [
      'a queue by a name with a parameter',
      {
        Jobs: one('SQS::Queue', { QueueName: sub('${Env}-jobs') }),
        Flow: state('sqs:sendMessage', {
          QueueUrl: sub('https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${Env}-jobs'),
        }),
      },
      ['Flow -propagates-> Jobs'],
    ],
    [
      'a table with a name that depends on a condition',
      {
        Orders: one('DynamoDB::Table', { TableName: { 'Fn::If': ['C', 'orders', { Ref: 'AWS::NoValue' }] } }),
        Flow: state('dynamodb:getItem', { TableName: 'orders' }),
      },
      ['Flow -propagates-> Orders'],
    ],
    [
      'a SAM state machine',
      {
        Other: one('Serverless::StateMachine', { Name: 'other' }),
        Flow: state('states:startExecution', {
          StateMachineArn: `arn:aws:states:eu-west-1:${ACCOUNT}:stateMachine:other`,
        }),
      },
      ['Flow -propagates-> Other'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected);
  });

  test('a bucket, by an ARN without a location', () => {
    const photos = { Photos: one('S3::Bucket', { BucketName: 'photos' }) };
    const permission = one('Lambda::Permission', {
      FunctionName: { Ref: 'Fn' },
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::photos',
    });
    const place = { region: 'eu-west-1', account: ACCOUNT };
    expect(edgeLines(stack('t', { Fn: lambda(), ...photos, P: permission }, place))).toEqual([
      'Photos -propagates-> Fn (asynchronous) ?',
    ]);
  });

  test('no resource, if several have the name', () => {
    const queue = one('SQS::Queue', { QueueName: 'jobs' });
    const M = mapping({ EventSourceArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs` });
    expect(edgeLines({ Fn: lambda(), A: queue, B: queue, M })).toEqual(['jobs -links-> Fn (queue)']);
  });
});

describe('a name with a reference resolves to', () => {
  const one = (type: string, properties: object) => ({ Type: `AWS::${type}`, Properties: properties });
  const sub = (pattern: string) => ({ 'Fn::Sub': pattern });
  const policy = (Action: string, Resource: unknown): Resources => ({
    Fn: one('Serverless::Function', { Policies: [{ Statement: { Effect: 'Allow', Action, Resource } }] }),
  });
  const FAILED = sub(`arn:aws:sqs:eu-west-1:${ACCOUNT}:\${Jobs.QueueName}-failed`);
  const alias = (fn: string) => one('Lambda::Alias', { FunctionName: { Ref: fn }, Name: 'live' });

  test.each<[string, Resources, string[]]>([
    [
      'the resource of that name, and not the referenced one',
      {
        Jobs: one('SQS::Queue', {}),
        Failed: one('SQS::Queue', { QueueName: sub('${Jobs.QueueName}-failed') }),
        ...policy('sqs:SendMessage', FAILED),
      },
      ['Fn -propagates-> Failed'],
    ],
    [
      'the resource of that name in another template',
      { Jobs: one('SQS::Queue', {}), Fn: lambda(), M: mapping({ EventSourceArn: FAILED }) },
      ['${Jobs}-failed -links-> Fn (queue)'],
    ],
    [
      'another function',
      {
        Fn: lambda(),
        R: one('IoT::TopicRule', {
          TopicRulePayload: {
            Actions: [
              {
                Lambda: { FunctionArn: sub(`arn:aws:lambda:eu-west-1:${ACCOUNT}:function:\${Fn}-worker`) },
              },
            ],
          },
        }),
      },
      ['R -breaks-> ${Fn}-worker (asynchronous)'],
    ],
    [
      'a log group, and not a function',
      {
        Fn: lambda(),
        F: one('Logs::SubscriptionFilter', {
          LogGroupName: sub('${Fn}/errors'),
          DestinationArn: { 'Fn::GetAtt': ['Fn', 'Arn'] },
        }),
      },
      ['${Fn}/errors -breaks-> Fn (asynchronous)'],
    ],
    ...[
      ['${Log}-old/errors', 'goes on'],
      ['${Custom.Stage}/${Log}', 'ends with it'],
    ].map(([name, how]): [string, Resources, string[]] => [
      `another log group, whose name ${how}`,
      {
        Fn: lambda(),
        Custom: { Type: 'Custom::Names' },
        Log: one('Logs::LogGroup', {}),
        F: one('Logs::SubscriptionFilter', {
          LogGroupName: sub(name),
          DestinationArn: { 'Fn::GetAtt': ['Fn', 'Arn'] },
        }),
      },
      [`${name.replace('.Stage', '')} -breaks-> Fn (asynchronous)`],
    ]),
    [
      'the referenced resource at the end of a URL',
      {
        Custom: { Type: 'Custom::Names' },
        Jobs: one('SQS::Queue', {}),
        Flow: one('StepFunctions::StateMachine', {
          Definition: {
            States: {
              S: {
                Resource: 'arn:aws:states:::sqs:sendMessage',
                Parameters: { QueueUrl: sub('https://${Custom.Host}/${Jobs.QueueName}') },
              },
            },
          },
        }),
      },
      ['Flow -propagates-> Jobs'],
    ],
    [
      'the resource whose name comes before the reference',
      { Logs: one('S3::Bucket', {}), ...policy('s3:PutObject', sub('arn:aws:s3:::uploads/${Logs}/*')) },
      ['Fn -propagates-> uploads'],
    ],
    [
      'the referenced bucket, with its objects',
      { Uploads: one('S3::Bucket', {}), ...policy('s3:PutObject', sub('arn:aws:s3:::${Uploads}/raw/*')) },
      ['Fn -propagates-> Uploads'],
    ],
    [
      'the referenced table, with its stream',
      {
        Orders: one('DynamoDB::Table', {}),
        Fn: one('Serverless::Function', {
          Events: { E: { Type: 'DynamoDB', Properties: { Stream: sub('${Orders.Arn}/stream/2026') } } },
        }),
      },
      ['Orders -breaks-> Fn (stream)'],
    ],
    [
      'the referenced log group, with its log streams',
      {
        Fn: lambda(),
        Log: one('Logs::LogGroup', {}),
        P: one('Lambda::Permission', {
          FunctionName: { Ref: 'Fn' },
          Principal: 'logs.amazonaws.com',
          SourceArn: sub(`arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:\${Log}:*`),
        }),
      },
      ['Log -breaks-> Fn (asynchronous) ?'],
    ],
    [
      'the referenced resource after an unknown part',
      {
        Orders: one('Kinesis::Stream', {}),
        Fn: one('Serverless::Function', {
          Events: { E: { Type: 'Kinesis', Properties: { Stream: sub('${ArnPrefix}:stream/${Orders}') } } },
        }),
      },
      ['Orders -breaks-> Fn (stream)'],
    ],
    [
      'the referenced alias in a URI',
      {
        Fn: lambda(),
        Live: alias('Fn'),
        Api: one('ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
        I: one('ApiGatewayV2::Integration', {
          ApiId: { Ref: 'Api' },
          IntegrationUri: sub('${UriPrefix}${Live}/invocations'),
        }),
      },
      ['Api -breaks-> Fn:Live (synchronous)'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected);
  });
});

describe('a policy names a secret:', () => {
  const secret = (Name: unknown) => ({ Type: 'AWS::SecretsManager::Secret', Properties: { Name } });
  const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';

  test.each<[string, unknown, unknown, string]>([
    ['with six characters', 'prod/db', `${ARN}prod/db-AbC123`, 'Secret'],
    ['with any six characters', 'prod/db', `${ARN}prod/db-??????`, 'Secret'],
    ['with any characters', 'prod/db', `${ARN}prod/db-*`, 'Secret'],
    ['with a name that looks as if it had them', 'app-config', `${ARN}app-config-??????`, 'Secret'],
    [
      'with such characters in the middle of its name',
      { 'Fn::Sub': 'app-config${Env}' },
      { 'Fn::Sub': `${ARN}app-config\${Env}-??????` },
      'Secret',
    ],
    [
      'with a name whose end is known only at deployment',
      'x',
      { 'Fn::Sub': `${ARN}prod/\${Name}` },
      'prod/${Name}',
    ],
  ])('%s', (_, name, Resource, target) => {
    const Statement = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource };
    const Fn = { Type: 'AWS::Serverless::Function', Properties: { Policies: [{ Statement }] } };
    expect(edgeLines({ Fn, Secret: secret(name) })).toEqual([`Fn -propagates-> ${target}`]);
  });
});

describe('a node outside of the templates is named', () => {
  const topic = (TopicArn: unknown) =>
    edgeLines({
      Fn: lambda(),
      Custom: { Type: 'Custom::Names' },
      Sub: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn, Protocol: 'lambda', Endpoint: { 'Fn::GetAtt': ['Fn', 'Arn'] } },
      },
    });

  test.each<[string, unknown, string]>([
    ['by its name', 'arn:aws:sns:eu-west-1:111122223333:orders', 'orders'],
    [
      'by its name, with a parameter',
      { 'Fn::Sub': 'arn:aws:sns:eu-west-1:1:${Env}-orders' },
      '${Env}-orders',
    ],
    [
      'by its name, with an attribute of a resource',
      { 'Fn::Sub': 'arn:aws:sns:eu-west-1:1:${Custom.Stage}-orders' },
      '${Custom}-orders',
    ],
    ['by the parameter with its name', { 'Fn::Sub': 'arn:aws:sns:eu-west-1:1:${TopicName}' }, 'TopicName'],
    [
      'by its ARN, if that does not show a name',
      { 'Fn::Sub': 'arn:aws:sns:${PlaceAndName}' },
      'arn:aws:sns:${PlaceAndName}',
    ],
    ['after the parameter', { Ref: 'TopicArn' }, 'TopicArn'],
    ['after the export', { 'Fn::ImportValue': 'shared:topic-arn' }, 'import shared:topic-arn'],
    [
      'after its subscription, if it has no name',
      { 'Fn::ImportValue': { 'Fn::Sub': '${Env}-topic' } },
      'Sub',
    ],
    [
      'after its subscription, if its name is an expression',
      { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
      'Sub',
    ],
  ])('%s', (_, arn, name) => {
    expect(topic(arn)).toEqual([`${name} -propagates-> Fn (asynchronous)`]);
  });
});
