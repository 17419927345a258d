import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import type { TraceNode } from '../../lib/trace-map/trace-map';
import { valueLines } from '../cloudformation/resolved';
import { lambda, type Resources, stack } from '../rules/templates';
import { edgeLines } from './edge-lines';

const one = (type: string, properties: object) => ({ Type: `AWS::${type}`, Properties: properties });
const CONDITIONS = {
  Prod: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
  Never: { 'Fn::Equals': ['a', 'b'] },
};
const byProd = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['Prod', then, otherwise] });

function nodesOf(resources: Resources, source: Partial<TemplateSource> = {}): readonly TraceNode[] {
  return buildTracingModel([stack('t', resources, { sections: { Conditions: CONDITIONS }, ...source })])
    .traceMap.nodes;
}

/** A subscription of a topic, by default of a function. */
const subscription = (TopicArn: unknown, more: object = {}) =>
  one('SNS::Subscription', {
    TopicArn,
    Protocol: 'lambda',
    Endpoint: { 'Fn::GetAtt': ['Fn', 'Arn'] },
    ...more,
  });
const ORDERS = 'arn:aws:sns:eu-west-1:111122223333:orders';
const EMAIL = { Protocol: 'email', Endpoint: 'ops@example.com' };

test.each<[what: string, Resources, string[]]>([
  ['functions, called or not', { Fn: lambda('Active') }, ['Fn']],
  [
    'the caller of a function',
    { Fn: lambda('Active'), T: one('SNS::Topic', {}), S: subscription({ Ref: 'T' }) },
    ['Fn', 'T'],
  ],
  ['a caller outside of the templates', { Fn: lambda('Active'), S: subscription(ORDERS) }, ['Fn', 'orders']],
  ['no topic without subscriptions', { Fn: lambda('Active'), T: one('SNS::Topic', {}) }, ['Fn']],
  [
    'no topic with email subscriptions only',
    { Fn: lambda('Active'), T: one('SNS::Topic', {}), S: subscription({ Ref: 'T' }, EMAIL) },
    ['Fn'],
  ],
  [
    'no topic outside of the templates with email subscriptions only',
    { Fn: lambda('Active'), S: subscription(ORDERS, EMAIL) },
    ['Fn'],
  ],
])('the map contains %s', (_, resources, expected) => {
  expect(nodesOf(resources).map(({ name }) => name)).toEqual(expected);
});

/** Returns the node of a topic with these properties. */
function topic(properties: object, more: object = {}) {
  const resources = {
    Fn: lambda('Active'),
    T: { ...one('SNS::Topic', properties), ...more },
    S: subscription({ Ref: 'T' }),
  };
  return nodesOf(resources).find(({ name }) => name === 'T')!;
}

test.each<[what: string, TraceNode['recording'], Parameters<typeof topic>, string[]]>([
  ['active tracing', 'yes', [{ TracingConfig: 'Active' }], ['"yes"']],
  ['no tracing property', 'no', [{}], ['"no"']],
  ['pass-through tracing', 'no', [{ TracingConfig: 'PassThrough' }], ['"no"']],
  ['tracing by a parameter', 'unknown', [{ TracingConfig: { Ref: 'Traced' } }], ['"unknown"']],
  [
    'tracing that differs by a condition',
    'unknown',
    [{ TracingConfig: byProd('Active', 'PassThrough') }],
    ['"yes" if ${t#Env}=prod', '"no" if not ${t#Env}=prod'],
  ],
  [
    'tracing that is equal under a condition',
    'yes',
    [{ TracingConfig: byProd('Active', 'Active') }],
    ['"yes" if ${t#Env}=prod', '"yes" if not ${t#Env}=prod'],
  ],
  [
    'a condition of its own',
    'yes',
    [{ TracingConfig: 'Active' }, { Condition: 'Prod' }],
    ['"yes" if ${t#Env}=prod'],
  ],
])('a topic with %s has the recording %s', (_, expected, [properties, more], expectedLines) => {
  const { recording, recordings } = topic(properties, more);
  expect(recording).toBe(expected);
  expect(valueLines(recordings)).toEqual(expectedLines);
});

test('a topic that is never created is not on the map', () => {
  expect(topic({ TracingConfig: 'Active' }, { Condition: 'Never' })).toBeUndefined();
});

test.each<[what: string, TraceNode['recording'], Resources]>([
  ['a topic outside of the templates', 'unknown', { S: subscription(ORDERS) }],
  [
    'a queue outside of the templates',
    'never',
    {
      M: one('Lambda::EventSourceMapping', {
        EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
        FunctionName: { Ref: 'Fn' },
      }),
    },
  ],
  [
    'an API with stages outside of the templates',
    'unknown',
    {
      Api: one('ApiGateway::RestApi', {}),
      Get: one('ApiGateway::Method', {
        RestApiId: { Ref: 'Api' },
        Integration: {
          Uri: {
            'Fn::Sub': 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
          },
        },
      }),
    },
  ],
])('finds the recording of %s: %s', (_, expected, resources) => {
  const [caller, ...more] = nodesOf({ Fn: lambda('Active'), ...resources }).filter(
    ({ name }) => name !== 'Fn',
  );
  expect(more).toEqual([]);
  expect(caller.recording).toBe(expected);
  expect(valueLines(caller.recordings)).toEqual([JSON.stringify(expected)]);
  expect(caller.tracingProperty).toBeUndefined();
});

test.each<[Resources[string], string]>([
  [lambda('PassThrough'), 'TracingConfig.Mode: Active'],
  [one('Serverless::Function', {}), 'Tracing: Active'],
])('%j records with %s', (resource, expected) => {
  const [{ tracingProperty }] = nodesOf({ Fn: resource });
  expect(`${tracingProperty?.property}: ${tracingProperty?.value}`).toBe(expected);
});

test('each event has the queue that SAM generates for it', () => {
  const event = { Type: 'SNS', Properties: { Topic: { Ref: 'T' }, SqsSubscription: true } };
  const resources = {
    T: one('SNS::Topic', {}),
    A: one('Serverless::Function', { Events: { E: event } }),
    B: one('Serverless::Function', { Events: { E: event } }),
  };
  expect(edgeLines(resources)).toEqual([
    'T -propagates-> AEQueue',
    'AEQueue -links-> A (queue)',
    'T -propagates-> BEQueue',
    'BEQueue -links-> B (queue)',
  ]);
});

test('a function is called through each of its aliases', () => {
  const alias = (Name: string) => one('Lambda::Alias', { FunctionName: { Ref: 'Fn' }, Name });
  const call = (name: string) => ({ Resource: { Ref: name } });
  const resources = {
    Fn: lambda('Active'),
    Live: alias('live'),
    Next: alias('next'),
    Flow: one('StepFunctions::StateMachine', {
      Definition: { States: { A: call('Live'), B: call('Next'), C: call('Live') } },
    }),
  };
  expect(edgeLines(resources)).toEqual([
    'Flow -propagates-> Fn:Live (synchronous)',
    'Flow -propagates-> Fn:Next (synchronous)',
  ]);
});

describe('a name outside of the templates is', () => {
  const flow = one('StepFunctions::StateMachine', {
    Definition: {
      States: { S: { Resource: 'arn:aws:states:::dynamodb:getItem', Parameters: { TableName: 'orders' } } },
    },
  });
  const IRELAND = { account: '111122223333', region: 'eu-west-1' };

  test.each<[string, Partial<TemplateSource>, Partial<TemplateSource>, number]>([
    ['one table in one account and region', IRELAND, IRELAND, 1],
    [
      'one in one account and region, in separate deployments',
      { ...IRELAND, group: 'a' },
      { ...IRELAND, group: 'b' },
      1,
    ],
    ['a different one in another region', IRELAND, { ...IRELAND, region: 'us-east-1' }, 2],
    ['a different one in another account', IRELAND, { ...IRELAND, account: '444455556666' }, 2],
    ['one in an unknown location', {}, {}, 1],
    ['one in one deployment', { group: 'a' }, { group: 'a' }, 1],
    ['a different one in another deployment', { group: 'a' }, { group: 'b' }, 2],
    [
      'a different one in another deployment, if only the account is known',
      { account: '111122223333', group: 'a' },
      { account: '111122223333', group: 'b' },
      2,
    ],
    [
      'a different one in another deployment, if only the region is known',
      { region: 'eu-west-1', group: 'a' },
      { region: 'eu-west-1', group: 'b' },
      2,
    ],
  ])('%s', (_, first, second, expected) => {
    const templates = [stack('first', { Flow: flow }, first), stack('second', { Flow: flow }, second)];
    const { nodes } = buildTracingModel(templates).traceMap;
    expect(nodes.filter(({ name }) => name === 'orders')).toHaveLength(expected);
  });
});

describe('a value that is equal in two templates is', () => {
  const worker = (Queue: unknown) => ({
    Fn: one('Serverless::Function', { Events: { Jobs: { Type: 'SQS', Properties: { Queue } } } }),
  });
  const sub = (pattern: string) => ({ 'Fn::Sub': pattern });

  test.each<[what: string, queue: unknown, expected: number]>([
    ['two queues, if it is a parameter', { Ref: 'QueueArn' }, 2],
    ['two, if it is a name with a parameter', sub('arn:aws:sqs:eu-west-1:1:${Env}-jobs'), 2],
    [
      'two, if it is a name with the name of the stack',
      sub('arn:aws:sqs:eu-west-1:1:${AWS::StackName}-jobs'),
      2,
    ],
    ['one, if it is a name with the account', sub('arn:aws:sqs:eu-west-1:1:${AWS::AccountId}-jobs'), 1],
    ['one, if it is an import', { 'Fn::ImportValue': 'jobs' }, 1],
    ['one, if it is a plain name', 'arn:aws:sqs:eu-west-1:1:jobs', 1],
    ['one, if it is a dynamic reference', sub('arn:aws:sqs:eu-west-1:1:{{resolve:ssm:/jobs}}'), 1],
  ])('%s', (_, queue, expected) => {
    const templates = [stack('first', worker(queue)), stack('second', worker(queue))];
    const { nodes } = buildTracingModel(templates).traceMap;
    expect(nodes.filter(({ kind }) => kind === 'queue')).toHaveLength(expected);
  });

  test('two Kafka clusters, if neither has known servers', () => {
    const kafka = {
      Fn: lambda(),
      M: one('Lambda::EventSourceMapping', {
        FunctionName: { Ref: 'Fn' },
        SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: [{ Ref: 'Servers' }] } },
        Topics: ['orders'],
      }),
    };
    const { nodes } = buildTracingModel([stack('first', kafka), stack('second', kafka)]).traceMap;
    expect(nodes.filter(({ kind }) => kind === 'kafka')).toHaveLength(2);
  });
});
