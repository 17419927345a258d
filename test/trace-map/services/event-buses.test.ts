import { buildTracingModel } from '../../../lib/model/build-model';
import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const BUS = { Shop: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } } };
const PATTERN = { source: ['shop.orders'] };
const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

test.each<[string, Resources, string[]]>([
  ['the default bus', { R: rule({}) }, ['default -propagates-> Fn (asynchronous) ?']],
  [
    'the default bus by name',
    { R: rule({ EventBusName: 'default' }) },
    ['default -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'the default bus, if none is named',
    { R: rule({ EventBusName: { Ref: 'AWS::NoValue' }, ScheduleExpression: { Ref: 'AWS::NoValue' } }) },
    ['default -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a bus',
    { ...BUS, R: rule({ EventBusName: { Ref: 'Shop' } }) },
    ['Shop -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a bus by its attribute',
    { ...BUS, R: rule({ EventBusName: { 'Fn::GetAtt': ['Shop', 'Arn'] } }) },
    ['Shop -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a bus by its name',
    { ...BUS, R: rule({ EventBusName: 'shop' }) },
    ['Shop -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a bus by its ARN',
    { ...BUS, R: rule({ EventBusName: 'arn:aws:events:eu-west-1:111122223333:event-bus/shop' }) },
    ['Shop -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a bus that is not in the templates',
    { R: rule({ EventBusName: 'others' }) },
    ['others -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a bus that is known only at deployment',
    { R: rule({ EventBusName: { 'Fn::ImportValue': 'bus' } }) },
    ['import bus -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a bus, by two rules',
    { R1: rule({ EventPattern: { source: ['aws.s3'] } }), R2: rule({}) },
    ['default -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'events of AWS services, which have no traces',
    { R: rule({ EventPattern: { source: ['aws.ec2', { prefix: 'aws.auto' }] } }) },
    ['default -breaks-> Fn (asynchronous) ?'],
  ],
  [
    'events of AWS services and others',
    { R: rule({ EventPattern: { source: ['aws.ec2', 'shop.orders'] } }) },
    ['default -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'events of all sources',
    { R: rule({ EventPattern: { 'detail-type': ['ordered'] } }) },
    ['default -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'events of all sources but one',
    { R: rule({ EventPattern: { source: [{ 'anything-but': ['aws.ec2'] }] } }) },
    ['default -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a bus and a schedule',
    { R: rule({ ScheduleExpression: 'rate(1 hour)' }) },
    ['default -propagates-> Fn (asynchronous) ?', 'R -breaks-> Fn (asynchronous)'],
  ],
  [
    'a bus, through an alias',
    {
      Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
      R: rule({}, { Ref: 'Live' }),
    },
    ['default -propagates-> Fn:Live (asynchronous) ?'],
  ],
])('%s calls a function by a rule', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda('Active'), ...resources })).toEqual(expected);
});

test.each<[string, Resources, unknown, string[]]>([
  [
    'a queue',
    { Jobs: { Type: 'AWS::SQS::Queue' } },
    { 'Fn::GetAtt': ['Jobs', 'Arn'] },
    ['default -propagates-> Jobs ?'],
  ],
  ['a topic', { Orders: { Type: 'AWS::SNS::Topic' } }, { Ref: 'Orders' }, ['default -propagates-> Orders ?']],
  [
    'a stream',
    { Clicks: { Type: 'AWS::Kinesis::Stream' } },
    { 'Fn::GetAtt': ['Clicks', 'Arn'] },
    ['default -propagates-> Clicks ?'],
  ],
  ['a bus', BUS, { 'Fn::GetAtt': ['Shop', 'Arn'] }, ['default -propagates-> Shop ?']],
  [
    'a bus outside of the templates',
    {},
    'arn:aws:events:us-east-1:444455556666:event-bus/others',
    ['default -propagates-> others ?'],
  ],
  [
    'a state machine',
    { Flow: { Type: 'AWS::StepFunctions::StateMachine' } },
    { Ref: 'Flow' },
    ['default -propagates-> Flow ?'],
  ],
  ['no target that is known only at deployment', {}, { Ref: 'TargetArn' }, []],
])('a bus calls %s', (_, resources, target, expected) => {
  expect(edgeLines({ ...resources, R: rule({}, target) })).toEqual(expected);
});

test.each<[string, object, string[]]>([
  ['EventBridgeRule', { Pattern: PATTERN }, ['default -propagates-> Fn (asynchronous) ?']],
  [
    'EventBridgeRule',
    { Pattern: PATTERN, EventBusName: { Ref: 'Shop' } },
    ['Shop -propagates-> Fn (asynchronous) ?'],
  ],
  ['CloudWatchEvent', { Pattern: { source: ['aws.s3'] } }, ['default -breaks-> Fn (asynchronous) ?']],
])('an event of type %s calls a SAM function', (Type, Properties, expected) => {
  const Fn = { Type: 'AWS::Serverless::Function', Properties: { Events: { E: { Type, Properties } } } };
  expect(edgeLines({ ...BUS, Fn })).toEqual(expected);
});

test('rules of stacks in one account and region share the default bus, and those of other stages do not', () => {
  const functions = (group: string) => stack(group, { Fn: lambda(), R: rule({}) }, { group });
  const places = [functions('Dev'), functions('Prod'), { ...functions('Dev'), id: 'more' }];
  expect(new Set(callersOf(places)).size).toBe(2);
});

function callersOf(sources: Parameters<typeof buildTracingModel>[0]) {
  return buildTracingModel(sources).traceMap.edges.map(({ from }) => from.id);
}

function rule(properties: object, target: unknown = FN) {
  return {
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: PATTERN, Targets: [{ Id: 'Target0', Arn: target }], ...properties },
  };
}
