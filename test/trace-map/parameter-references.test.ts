import { BROKEN_TRACE } from '../../lib/rules/broken-trace';
import { type Resources, stack, findingsIn } from '../rules/templates';
import { edgeLines } from './edge-lines';

const fn = (properties: object) => ({ Type: 'AWS::Serverless::Function', Properties: properties });
const ref = (name: string) => ({ Ref: name });
const sub = (pattern: string) => ({ 'Fn::Sub': pattern });
const may = (Action: string, Resource: unknown) => ({
  Policies: [{ Statement: [{ Effect: 'Allow', Action, Resource }] }],
});

/** Functions with an event source that is a parameter. */
const onQueue = (Queue: unknown, properties: object = {}) =>
  fn({ ...properties, Events: { Jobs: { Type: 'SQS', Properties: { Queue } } } });
const onBus = (EventBusName: unknown) =>
  fn({ Events: { E: { Type: 'EventBridgeRule', Properties: { EventBusName, Pattern: {} } } } });

const WORKER = onQueue(ref('QueueArn'));
const LISTENER = onBus(ref('BusName'));

describe('a function calls the node of a parameter that another connection identifies', () => {
  test.each<[string, Resources, string]>([
    [
      'a queue',
      { Worker: WORKER, Fn: fn(may('sqs:SendMessage', ref('QueueArn'))) },
      'Fn -propagates-> QueueArn',
    ],
    [
      'a queue, in any order of resources',
      { Fn: fn(may('sqs:SendMessage', ref('QueueArn'))), Worker: WORKER },
      'Fn -propagates-> QueueArn',
    ],
    [
      'a bus by its name',
      {
        Listener: LISTENER,
        Fn: fn({ Policies: [{ EventBridgePutEventsPolicy: { EventBusName: ref('BusName') } }] }),
      },
      'Fn -propagates-> BusName',
    ],
    [
      'a bus in the environment',
      {
        Listener: LISTENER,
        Fn: fn({ ...may('events:PutEvents', '*'), Environment: { Variables: { BUS: ref('BusName') } } }),
      },
      'Fn -propagates-> BusName',
    ],
    [
      'a bus in the environment, possibly',
      { Listener: LISTENER, Fn: fn({ Environment: { Variables: { BUS: ref('BusName') } } }) },
      'Fn -propagates-> BusName ?',
    ],
    [
      'a queue by a name in its ARN',
      {
        Worker: onQueue(sub('arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs}')),
        Fn: fn({ Policies: [{ SQSSendMessagePolicy: { QueueName: ref('Jobs') } }] }),
      },
      'Fn -propagates-> Jobs',
    ],
  ])('%s', (_, resources, call) => {
    expect(edgeLines(resources)).toContain(call);
  });

  test.each<[string, Resources]>([
    ['a parameter that no connection identifies', { Fn: fn(may('sqs:SendMessage', ref('QueueArn'))) }],
    ['another parameter', { Worker: WORKER, Fn: fn(may('sqs:SendMessage', ref('OtherArn'))) }],
    ['another action', { Worker: WORKER, Fn: fn(may('sqs:ReceiveMessage', ref('QueueArn'))) }],
    [
      'a string equal to the name of the parameter',
      { Worker: WORKER, Fn: fn({ Environment: { Variables: { QUEUE: 'QueueArn' } } }) },
    ],
  ])('and no node by %s', (_, resources) => {
    expect(edgeLines(resources).filter((call) => call.startsWith('Fn '))).toEqual([]);
  });

  test('and no node by an equal parameter of another template', () => {
    const sender = stack('sender', { Fn: fn(may('sqs:SendMessage', ref('QueueArn'))) });
    expect(edgeLines(sender, stack('worker', { Worker: WORKER }))).toEqual([
      'QueueArn -links-> Worker (queue)',
    ]);
  });
});

test('reports a broken trace after a queue that is a parameter', () => {
  const resources = {
    Intake: fn({ Tracing: 'Active', ...may('sqs:SendMessage', ref('QueueArn')) }),
    Worker: onQueue(ref('QueueArn'), { Tracing: 'PassThrough' }),
  };
  expect(findingsIn(BROKEN_TRACE, resources)).toEqual(['template0 Worker Tracing']);
});
