import { lambda, type Resources } from '../rules/templates';
import { edgeSources } from './edge-lines';

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const JOBS = { 'Fn::GetAtt': ['Jobs', 'Arn'] };
const one = (type: string, properties: object) => ({ Type: `AWS::${type}`, Properties: properties });
const event = (Type: string, properties: object = {}) => ({
  Fn: one('Serverless::Function', { Events: { E: { Type, Properties: properties } } }),
});
const QUEUE = { Jobs: one('SQS::Queue', {}) };
const WORKER = { Fn: lambda('Active') };

test.each<[string, Resources, string[]]>([
  [
    'several event source mappings',
    {
      ...WORKER,
      ...QUEUE,
      M1: one('Lambda::EventSourceMapping', { EventSourceArn: JOBS, FunctionName: FN }),
      M2: one('Lambda::EventSourceMapping', { EventSourceArn: JOBS, FunctionName: FN }),
    },
    ['Jobs -> Fn by M1, M2'],
  ],
  [
    'notifications of a bucket',
    {
      ...WORKER,
      B: one('S3::Bucket', {
        NotificationConfiguration: { LambdaConfigurations: [{ Function: FN }], EventBridgeConfiguration: {} },
      }),
    },
    ['B -> Fn by B', 'B -> default by B'],
  ],
  [
    'delivery streams',
    {
      ...WORKER,
      S: one('Kinesis::Stream', {}),
      D: one('KinesisFirehose::DeliveryStream', {
        KinesisStreamSourceConfiguration: { KinesisStreamARN: { 'Fn::GetAtt': ['S', 'Arn'] } },
        ExtendedS3DestinationConfiguration: {
          ProcessingConfiguration: {
            Processors: [{ Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: FN }] }],
          },
        },
      }),
    },
    ['S -> D by D', 'D -> Fn by D'],
  ],
  [
    'distributions',
    {
      ...WORKER,
      V: one('Lambda::Version', { FunctionName: { Ref: 'Fn' } }),
      D: one('CloudFront::Distribution', {
        DistributionConfig: {
          DefaultCacheBehavior: { LambdaFunctionAssociations: [{ LambdaFunctionARN: { Ref: 'V' } }] },
        },
      }),
    },
    ['D -> Fn by D'],
  ],
  ['function URLs', { ...WORKER, Url: one('Lambda::Url', { TargetFunctionArn: FN }) }, ['Url -> Fn by Url']],
  [
    'function URLs of SAM',
    { Fn: one('Serverless::Function', { FunctionUrlConfig: { AuthType: 'NONE' } }) },
    ['FnUrl -> Fn by Fn'],
  ],
  [
    'data sources',
    {
      ...WORKER,
      Api: one('AppSync::GraphQLApi', {}),
      Source: one('AppSync::DataSource', {
        ApiId: { 'Fn::GetAtt': ['Api', 'ApiId'] },
        LambdaConfig: { LambdaFunctionArn: FN },
      }),
    },
    ['Api -> Fn by Source'],
  ],
  [
    'integrations with a function, and with a queue',
    {
      ...WORKER,
      ...QUEUE,
      Api: one('ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
      I: one('ApiGatewayV2::Integration', { ApiId: { Ref: 'Api' }, IntegrationUri: FN }),
      J: one('ApiGatewayV2::Integration', {
        ApiId: { Ref: 'Api' },
        IntegrationSubtype: 'SQS-SendMessage',
        RequestParameters: { QueueUrl: { Ref: 'Jobs' } },
      }),
    },
    ['Api -> Fn by I', 'Api -> Jobs by J'],
  ],
  ['events of an HTTP API', event('HttpApi'), ['ServerlessHttpApi -> Fn by Fn']],
  ['events of a REST API', event('Api'), ['ServerlessRestApi -> Fn by Fn']],
  [
    'events of a user pool',
    { ...event('Cognito', { UserPool: { Ref: 'Pool' } }), Pool: one('Cognito::UserPool', {}) },
    ['Pool -> Fn by Fn'],
  ],
  [
    'events of a topic through a queue',
    { ...event('SNS', { Topic: { Ref: 'T' }, SqsSubscription: true }), T: one('SNS::Topic', {}) },
    ['T -> FnEQueue by Fn', 'FnEQueue -> Fn by Fn'],
  ],
  [
    'triggers of a user pool',
    { ...WORKER, Pool: one('Cognito::UserPool', { LambdaConfig: { PreSignUp: FN } }) },
    ['Pool -> Fn by Pool'],
  ],
  [
    'subscriptions of a topic',
    {
      ...WORKER,
      T: one('SNS::Topic', {}),
      S: one('SNS::Subscription', { TopicArn: { Ref: 'T' }, Protocol: 'lambda', Endpoint: FN }),
    },
    ['T -> Fn by S'],
  ],
  [
    'subscriptions of a log group',
    {
      ...WORKER,
      L: one('Logs::LogGroup', {}),
      F: one('Logs::SubscriptionFilter', { LogGroupName: { Ref: 'L' }, DestinationArn: FN }),
    },
    ['L -> Fn by F'],
  ],
  [
    'rules of AWS IoT',
    {
      ...WORKER,
      R: one('IoT::TopicRule', { TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: FN } }] } }),
    },
    ['R -> Fn by R'],
  ],
  [
    'target groups',
    {
      ...WORKER,
      G: one('ElasticLoadBalancingV2::TargetGroup', { TargetType: 'lambda', Targets: [{ Id: FN }] }),
    },
    ['G -> Fn by G'],
  ],
  [
    'pipes',
    { ...WORKER, ...QUEUE, P: one('Pipes::Pipe', { Source: JOBS, Target: FN }) },
    ['Jobs -> P by P', 'P -> Fn by P'],
  ],
  [
    'states',
    {
      ...WORKER,
      ...QUEUE,
      Flow: one('StepFunctions::StateMachine', {
        Definition: {
          States: {
            A: { Resource: FN },
            B: { Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: { Ref: 'Jobs' } } },
          },
        },
      }),
    },
    ['Flow -> Fn by Flow', 'Flow -> Jobs by Flow'],
  ],
  [
    'connectors',
    {
      ...WORKER,
      ...QUEUE,
      C: one('Serverless::Connector', {
        Source: { Id: 'Fn' },
        Destination: { Id: 'Jobs' },
        Permissions: ['Write'],
      }),
    },
    ['Fn -> Jobs by C'],
  ],
  [
    'permissions',
    { ...WORKER, P: one('Lambda::Permission', { FunctionName: FN, Principal: 'ses.amazonaws.com' }) },
    ['ses.amazonaws.com -> Fn by P'],
  ],
  [
    'policies, and not the environment too',
    {
      ...QUEUE,
      Fn: lambda('Active', {
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: { QUEUE: { Ref: 'Jobs' } } },
      }),
      Role: one('IAM::Role', {}),
      Policy: one('IAM::Policy', {
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: JOBS }] },
      }),
    },
    ['Fn -> Jobs by Policy'],
  ],
  [
    'the environment alone',
    { ...QUEUE, Fn: lambda('Active', { Environment: { Variables: { QUEUE: { Ref: 'Jobs' } } } }) },
    ['Fn -> Jobs by Fn'],
  ],
])('lists the sources of calls: %s', (_, resources, expected) => {
  expect(edgeSources(resources)).toEqual(expected);
});
