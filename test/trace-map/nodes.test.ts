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

/** A subscription of a topic: of a function, if nothing else. */
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
  ['a function, whether it is called or not', { Fn: lambda('Active') }, ['Fn']],
  [
    'what calls a function, and where',
    { Fn: lambda('Active'), T: one('SNS::Topic', {}), S: subscription({ Ref: 'T' }) },
    ['Fn', 'T'],
  ],
  [
    'what calls a function, of no template',
    { Fn: lambda('Active'), S: subscription(ORDERS) },
    ['Fn', 'orders'],
  ],
  ['no topic to which nobody subscribes', { Fn: lambda('Active'), T: one('SNS::Topic', {}) }, ['Fn']],
  [
    'no topic to which but people subscribe',
    { Fn: lambda('Active'), T: one('SNS::Topic', {}), S: subscription({ Ref: 'T' }, EMAIL) },
    ['Fn'],
  ],
  ['no such topic of no template', { Fn: lambda('Active'), S: subscription(ORDERS, EMAIL) }, ['Fn']],
])('on the map is %s', (_, resources, expected) => {
  expect(nodesOf(resources).map(({ name }) => name)).toEqual(expected);
});

/** What a topic with this in it records, by itself and in each case, and what has it record. */
function topic(properties: object, more: object = {}) {
  const resources = {
    Fn: lambda('Active'),
    T: { ...one('SNS::Topic', properties), ...more },
    S: subscription({ Ref: 'T' }),
  };
  return nodesOf(resources).find(({ name }) => name === 'T')!;
}

test.each<[what: string, TraceNode['recording'], Parameters<typeof topic>, string[]]>([
  ['by its switch', 'yes', [{ TracingConfig: 'Active' }], ['"yes"']],
  ['by no switch', 'no', [{}], ['"no"']],
  ['by another value', 'no', [{ TracingConfig: 'PassThrough' }], ['"no"']],
  ['by a parameter', 'unknown', [{ TracingConfig: { Ref: 'Traced' } }], ['"unknown"']],
  [
    'by a condition',
    'unknown',
    [{ TracingConfig: byProd('Active', 'PassThrough') }],
    ['"yes" if ${t#Env}=prod', '"no" if not ${t#Env}=prod'],
  ],
  [
    'by a condition, either way',
    'yes',
    [{ TracingConfig: byProd('Active', 'Active') }],
    ['"yes" if ${t#Env}=prod', '"yes" if not ${t#Env}=prod'],
  ],
  [
    'where it is there',
    'yes',
    [{ TracingConfig: 'Active' }, { Condition: 'Prod' }],
    ['"yes" if ${t#Env}=prod'],
  ],
  ['where it is never there', 'unknown', [{ TracingConfig: 'Active' }, { Condition: 'Never' }], []],
])('whether a topic records is told %s: %s', (_, expected, [properties, more], inCases) => {
  const { recording, recordings } = topic(properties, more);
  expect(recording).toBe(expected);
  expect(valueLines(recordings)).toEqual(inCases);
});

test.each<[what: string, TraceNode['recording'], Resources]>([
  ['a topic of no template, which may have a switch', 'unknown', { S: subscription(ORDERS) }],
  [
    'a queue of no template, which has none',
    'never',
    {
      M: one('Lambda::EventSourceMapping', {
        EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
        FunctionName: { Ref: 'Fn' },
      }),
    },
  ],
  [
    'an API whose stages are elsewhere',
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
])('what records is told by more than the template: %s', (_, expected, resources) => {
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
])('%j would record with %s', (resource, expected) => {
  const [{ tracingProperty: recorder }] = nodesOf({ Fn: resource });
  expect(`${recorder?.property}: ${recorder?.value}`).toBe(expected);
});

test('each event has the queue that SAM makes for it', () => {
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

test('a function is called by each of its aliases', () => {
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

describe('a name of no template means', () => {
  const flow = one('StepFunctions::StateMachine', {
    Definition: {
      States: { S: { Resource: 'arn:aws:states:::dynamodb:getItem', Parameters: { TableName: 'orders' } } },
    },
  });
  const IRELAND = { account: '111122223333', region: 'eu-west-1' };

  test.each<[string, Partial<TemplateSource>, Partial<TemplateSource>, number]>([
    ['one table in one place', IRELAND, IRELAND, 1],
    [
      'one in one place, whatever is deployed together',
      { ...IRELAND, group: 'a' },
      { ...IRELAND, group: 'b' },
      1,
    ],
    ['another in another region', IRELAND, { ...IRELAND, region: 'us-east-1' }, 2],
    ['another in another account', IRELAND, { ...IRELAND, account: '444455556666' }, 2],
    ['one where nothing is known of the place', {}, {}, 1],
    ['one for what is deployed together', { group: 'a' }, { group: 'a' }, 1],
    ['another for what is deployed apart', { group: 'a' }, { group: 'b' }, 2],
    [
      'another for what is deployed apart, where but the account is known',
      { account: '111122223333', group: 'a' },
      { account: '111122223333', group: 'b' },
      2,
    ],
    [
      'another for what is deployed apart, where but the region is known',
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

describe('what two templates call by one name is', () => {
  const worker = (Queue: unknown) => ({
    Fn: one('Serverless::Function', { Events: { Jobs: { Type: 'SQS', Properties: { Queue } } } }),
  });
  const sub = (pattern: string) => ({ 'Fn::Sub': pattern });

  test.each<[what: string, queue: unknown, expected: number]>([
    ['two queues, where each has a parameter for it', { Ref: 'QueueArn' }, 2],
    ['two, where each has a parameter in the name', sub('arn:aws:sqs:eu-west-1:1:${Env}-jobs'), 2],
    ['two, where it is named after the stack', sub('arn:aws:sqs:eu-west-1:1:${AWS::StackName}-jobs'), 2],
    ['one, where the account is in the name', sub('arn:aws:sqs:eu-west-1:1:${AWS::AccountId}-jobs'), 1],
    ['one, where both import it', { 'Fn::ImportValue': 'jobs' }, 1],
    ['one, where it is written out', 'arn:aws:sqs:eu-west-1:1:jobs', 1],
    ['one, where its name is kept elsewhere', sub('arn:aws:sqs:eu-west-1:1:{{resolve:ssm:/jobs}}'), 1],
  ])('%s', (_, queue, expected) => {
    const templates = [stack('first', worker(queue)), stack('second', worker(queue))];
    const { nodes } = buildTracingModel(templates).traceMap;
    expect(nodes.filter(({ kind }) => kind === 'queue')).toHaveLength(expected);
  });

  test('two clusters of Kafka, where neither says its servers', () => {
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
