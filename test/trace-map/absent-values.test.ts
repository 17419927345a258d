import { lambda, type Resources } from '../rules/templates';
import { edgeLines } from './edge-lines';

const NOTHING = { Ref: 'AWS::NoValue' };
const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

const one = (type: string, properties: unknown) => ({ Type: `AWS::${type}`, Properties: properties });
const event = (Type: string, properties: unknown) =>
  one('Serverless::Function', { Events: { E: { Type, Properties: properties } } });
const task = (state: unknown) =>
  one('StepFunctions::StateMachine', { Definition: { StartAt: 'S', States: { S: state } } });

describe('ignores an absent value:', () => {
  test.each<[string, object]>([
    ['the function of a URL', one('Lambda::Url', { TargetFunctionArn: NOTHING })],
    ['the variables of a function', one('Lambda::Function', { Environment: { Variables: NOTHING } })],
    ['one variable of a function', one('Lambda::Function', { Environment: { Variables: { A: NOTHING } } })],
    ['the role of a function', one('Lambda::Function', { Role: NOTHING })],
    ['the destination of a function', one('Lambda::Function', { DeadLetterConfig: { TargetArn: NOTHING } })],
    ['the API of a method', one('ApiGateway::Method', { RestApiId: NOTHING, Integration: { Uri: FN } })],
    ['the integration of a method', one('ApiGateway::Method', { RestApiId: 'abc', Integration: NOTHING })],
    ['the URI of a method', one('ApiGateway::Method', { RestApiId: 'abc', Integration: { Uri: NOTHING } })],
    ['the API of a stage', one('ApiGateway::Stage', { RestApiId: NOTHING })],
    ['the API of an integration', one('ApiGatewayV2::Integration', { ApiId: NOTHING, IntegrationUri: FN })],
    ['the ID of an API', one('ApiGatewayV2::Integration', { ApiId: '', IntegrationUri: FN })],
    ['the function of a data source', one('AppSync::DataSource', { ApiId: 'abc', LambdaConfig: NOTHING })],
    ['the triggers of a user pool', one('Cognito::UserPool', { LambdaConfig: NOTHING })],
    ['the target of a schedule', one('Scheduler::Schedule', { Target: { Arn: NOTHING, Input: '{}' } })],
    [
      'the input of a schedule',
      one('Scheduler::Schedule', { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:lambda:invoke' } }),
    ],
    [
      'the protocol of a subscription',
      one('SNS::Subscription', { TopicArn: 't', Protocol: NOTHING, Endpoint: FN }),
    ],
    [
      'the topic of a subscription',
      one('SNS::Subscription', { TopicArn: NOTHING, Protocol: 'lambda', Endpoint: FN }),
    ],
    [
      'the group of a listener',
      one('ElasticLoadBalancingV2::Listener', { DefaultActions: [{ TargetGroupArn: NOTHING }] }),
    ],
    ['the principal of a permission', one('Lambda::Permission', { FunctionName: FN, Principal: NOTHING })],
    ['the resource of a state', task({ Type: 'Task', Resource: NOTHING })],
    ['the definition of a state machine', one('StepFunctions::StateMachine', { Definition: NOTHING })],
    ['the source of a pipe', one('Pipes::Pipe', { Source: NOTHING })],
    ['the queue of an event', event('SQS', { Queue: NOTHING })],
  ])('%s', (_, resource) => {
    expect(edgeLines({ Fn: lambda(), Resource: resource })).toEqual([]);
  });
});

describe('ignores an empty value:', () => {
  test.each<[string, object]>([
    [
      'a notification of a bucket',
      one('S3::Bucket', { NotificationConfiguration: { LambdaConfigurations: [null] } }),
    ],
    [
      'the bus of a bucket',
      one('S3::Bucket', { NotificationConfiguration: { EventBridgeConfiguration: null } }),
    ],
    [
      'the parameter of a processor',
      one('KinesisFirehose::DeliveryStream', {
        S3DestinationConfiguration: { ProcessingConfiguration: { Processors: [{ Parameters: [null] }] } },
      }),
    ],
    ['the target of a rule', one('Events::Rule', { ScheduleExpression: 'rate(1 day)', Targets: [null] })],
    ['the target of a schedule', one('Scheduler::Schedule', { Target: null })],
    [
      'the action of an IoT rule',
      one('IoT::TopicRule', { TopicRulePayload: { Actions: [{ Lambda: null }] } }),
    ],
    [
      'the target of a group',
      one('ElasticLoadBalancingV2::TargetGroup', { TargetType: 'lambda', Targets: [null] }),
    ],
    ['the integration of a method', one('ApiGateway::Method', { RestApiId: 'abc', Integration: null })],
    ['the subscription of a topic', one('SNS::Topic', { Subscription: [null] })],
    ['the triggers of a user pool', one('Cognito::UserPool', { LambdaConfig: null })],
    ['the trigger of a user pool', one('Cognito::UserPool', { LambdaConfig: { PreSignUp: null } })],
    ['the authorizer of an API', one('Serverless::Api', { Auth: { Authorizers: { A: null } } })],
    ['the route of an API', one('Serverless::WebSocketApi', { Routes: { $default: null } })],
    ['the connector of a function', { ...one('Lambda::Function', {}), Connectors: { C: null } }],
    [
      'the end of a connector',
      one('Serverless::Connector', { Source: null, Destination: null, Permissions: null }),
    ],
    ['the event of a function', one('Serverless::Function', { Events: { E: null } })],
    ['the type of an event', one('Serverless::Function', { Events: { E: { Type: null } } })],
    ['a state of a state machine', task(null)],
    ['the branches of a state', task({ Type: 'Parallel', Branches: [null] })],
    ['the arguments of a state', task({ Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: null })],
  ])('%s', (_, resource) => {
    expect(edgeLines({ Fn: lambda(), Resource: resource })).toEqual([]);
  });
});

describe('an incomplete ARN resolves to no node:', () => {
  const RESOURCES: Resources = { Jobs: one('SQS::Queue', { QueueName: 'jobs' }) };

  test.each([
    'arn:',
    'arn:aws',
    'arn:aws:sqs',
    'arn:aws:sqs:eu-west-1',
    'arn:aws:sqs:eu-west-1:111122223333',
  ])('%s', (Target) => {
    expect(edgeLines({ ...RESOURCES, Pipe: one('Pipes::Pipe', { Source: 'x', Target }) })).toEqual([]);
  });
});
