import { BROKEN_TRACE } from '../../lib/rules/broken-trace';
import { type Resources, stack, verdict } from '../rules/templates';
import { edgeLines } from './edge-lines';

const fn = (properties: object) => ({ Type: 'AWS::Serverless::Function', Properties: properties });
const ref = (name: string) => ({ Ref: name });
const sub = (pattern: string) => ({ 'Fn::Sub': pattern });
const may = (Action: string, Resource: unknown) => ({
  Policies: [{ Statement: [{ Effect: 'Allow', Action, Resource }] }],
});

/** Functions that something feeds whose name or ARN is a parameter. */
const onQueue = (Queue: unknown, properties: object = {}) =>
  fn({ ...properties, Events: { Jobs: { Type: 'SQS', Properties: { Queue } } } });
const onBus = (EventBusName: unknown) =>
  fn({ Events: { E: { Type: 'EventBridgeRule', Properties: { EventBusName, Pattern: {} } } } });

const WORKER = onQueue(ref('QueueArn'));
const LISTENER = onBus(ref('BusName'));

describe('a function calls what a parameter has, and feeds another function by the same', () => {
  test.each<[string, Resources, string]>([
    [
      'a queue',
      { Worker: WORKER, Fn: fn(may('sqs:SendMessage', ref('QueueArn'))) },
      'Fn -propagates-> QueueArn',
    ],
    [
      'a queue, whoever comes first',
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
      'a bus by its environment',
      {
        Listener: LISTENER,
        Fn: fn({ ...may('events:PutEvents', '*'), Environment: { Variables: { BUS: ref('BusName') } } }),
      },
      'Fn -propagates-> BusName',
    ],
    [
      'a bus by its environment, maybe',
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
    ['a parameter that feeds nothing', { Fn: fn(may('sqs:SendMessage', ref('QueueArn'))) }],
    ['another parameter', { Worker: WORKER, Fn: fn(may('sqs:SendMessage', ref('OtherArn'))) }],
    ['another action', { Worker: WORKER, Fn: fn(may('sqs:ReceiveMessage', ref('QueueArn'))) }],
    [
      'a text that is as the parameter is called',
      { Worker: WORKER, Fn: fn({ Environment: { Variables: { QUEUE: 'QueueArn' } } }) },
    ],
  ])('and nothing by %s', (_, resources) => {
    expect(edgeLines(resources).filter((call) => call.startsWith('Fn '))).toEqual([]);
  });

  test('and nothing by the parameter of that name of another template', () => {
    const sender = stack('sender', { Fn: fn(may('sqs:SendMessage', ref('QueueArn'))) });
    expect(edgeLines(sender, stack('worker', { Worker: WORKER }))).toEqual([
      'QueueArn -links-> Worker (queue)',
    ]);
  });
});

test('a trace breaks behind a queue that is a parameter', () => {
  const resources = {
    Intake: fn({ Tracing: 'Active', ...may('sqs:SendMessage', ref('QueueArn')) }),
    Worker: onQueue(ref('QueueArn'), { Tracing: 'PassThrough' }),
  };
  expect(verdict(BROKEN_TRACE, resources)).toEqual(['template0 Worker Tracing']);
});
