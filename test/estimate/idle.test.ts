import { lambda, mapping, type Resources } from '../rules/templates';
import { estimated, recorded, sampled } from './estimates';
import { resources, restApi } from './systems';

const ARN = { 'Fn::GetAtt': 'Fn.Arn' };
const FUNCTION = { Fn: lambda('Active') };
const FAILED = {
  Failed: { Type: 'AWS::SQS::Queue' },
  Feed: mapping({ EventSourceArn: { 'Fn::GetAtt': 'Failed.Arn' } }),
};
const TO_FAILED = { 'Fn::GetAtt': 'Failed.Arn' };

function resource(type: string, properties: object): Resources {
  return { It: { Type: type, Properties: properties } };
}

/** Callers of a function that cause no requests. */
const IDLE: [string, Resources][] = [
  ['a custom resource', resource('Custom::Seed', { ServiceToken: ARN })],
  [
    'a custom resource of the generic type',
    resource('AWS::CloudFormation::CustomResource', { ServiceToken: ARN }),
  ],
  [
    'a rule with a schedule',
    resource('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', Targets: [{ Arn: ARN }] }),
  ],
  [
    'a schedule',
    resource('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 day)', Target: { Arn: ARN } }),
  ],
  [
    'a state machine that a schedule starts',
    {
      ...resource('AWS::Scheduler::Schedule', {
        ScheduleExpression: 'rate(1 day)',
        Target: { Arn: { Ref: 'Machine' } },
      }),
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          Definition: { StartAt: 'Call', States: { Call: { Type: 'Task', Resource: ARN, End: true } } },
        },
      },
    },
  ],
  [
    'the dead-letter queue of a queue',
    {
      ...FAILED,
      ...resource('AWS::SQS::Queue', {
        RedrivePolicy: { deadLetterTargetArn: TO_FAILED, maxReceiveCount: 3 },
      }),
    },
  ],
  [
    'the dead-letter queue of a subscription',
    {
      ...FAILED,
      ...resource('AWS::SNS::Subscription', { RedrivePolicy: { deadLetterTargetArn: TO_FAILED } }),
    },
  ],
  [
    'the dead-letter queue of a rule',
    {
      ...FAILED,
      ...resource('AWS::Events::Rule', { Targets: [{ Arn: 'x', DeadLetterConfig: { Arn: TO_FAILED } }] }),
    },
  ],
  [
    'the dead-letter queue of a schedule',
    {
      ...FAILED,
      ...resource('AWS::Scheduler::Schedule', { Target: { Arn: 'x', DeadLetterConfig: { Arn: TO_FAILED } } }),
    },
  ],
  [
    'the dead-letter queue of a function',
    { ...FAILED, ...resource('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: TO_FAILED } }) },
  ],
  [
    'the dead-letter queue of a SAM function',
    { ...FAILED, ...resource('AWS::Serverless::Function', { DeadLetterQueue: { TargetArn: TO_FAILED } }) },
  ],
  [
    'a function whose on-failure destination it is',
    resource('AWS::Lambda::EventInvokeConfig', {
      FunctionName: 'other',
      DestinationConfig: { OnFailure: { Destination: ARN } },
    }),
  ],
  [
    'the on-failure queue of an event source mapping',
    {
      ...FAILED,
      ...resource('AWS::Lambda::EventSourceMapping', {
        FunctionName: 'other',
        DestinationConfig: { OnFailure: { Destination: TO_FAILED } },
      }),
    },
  ],
  [
    'the on-failure queue of an event of a SAM function',
    {
      ...FAILED,
      ...resource('AWS::Serverless::Function', {
        Events: {
          Records: {
            Type: 'Kinesis',
            Properties: { Stream: 'x', DestinationConfig: { OnFailure: { Destination: TO_FAILED } } },
          },
        },
      }),
    },
  ],
  [
    'the dead-letter queue of a schedule of a SAM function',
    {
      ...FAILED,
      ...resource('AWS::Serverless::Function', {
        Events: { Nightly: { Type: 'ScheduleV2', Properties: { DeadLetterConfig: { Arn: TO_FAILED } } } },
      }),
    },
  ],
];

describe.each(IDLE)('a function that is called only by %s', (_, caller) => {
  const template = { ...FUNCTION, ...caller };

  test('has no requests', () => {
    expect(recorded({ default: 10 }, template).Fn).toEqual([0, 0]);
    const { idle, withoutRate } = estimated({ default: 10 }, template);
    expect(idle).toMatchObject([{ resource: { logicalId: 'Fn' } }]);
    expect(withoutRate).toEqual([]);
  });

  test('has its own rate', () => {
    expect(sampled({ default: 1, Fn: 10 }, template)).toMatchObject({ Fn: [10, 1.45] });
    expect(estimated({ Fn: 10 }, template).idle).toEqual([]);
  });

  test('has only the requests of its other callers', () => {
    const called = { ...restApi(['Fn']), ...template };
    expect(sampled({ default: 10 }, called)).toMatchObject({ 'Api (prod)': [10, 1.45] });
    expect(recorded({ default: 10 }, called).Fn).toEqual([10, 1.45]);
  });
});

test('a function called by a scheduled function has no requests either', () => {
  const chain = resources(`
Jobs: { Type: AWS::SQS::Queue }
Nightly:
  Type: AWS::Serverless::Function
  Properties:
    Tracing: Active
    Policies: [{ SQSSendMessagePolicy: { QueueName: { Fn::GetAtt: Jobs.QueueName } } }]
    Events: { Night: { Type: Schedule, Properties: { Schedule: rate(1 day) } } }
Worker:
  Type: AWS::Serverless::Function
  Properties: { Tracing: Active, Events: { Jobs: { Type: SQS, Properties: { Queue: { Fn::GetAtt: Jobs.Arn } } } } }
`);
  expect(recorded({ default: 10 }, chain)).toEqual({ Nightly: [0, 0], Worker: [0, 0] });
  expect(recorded({ default: 1, Nightly: 10 }, chain)).toEqual({ Nightly: [10, 1.45], Worker: [10, 1.45] });
});

test('a dead-letter queue that functions also send to has their requests', () => {
  const template = resources(`
Failed: { Type: AWS::SQS::Queue }
Jobs: { Type: AWS::SQS::Queue, Properties: { RedrivePolicy: { deadLetterTargetArn: { Fn::GetAtt: Failed.Arn } } } }
Intake:
  Type: AWS::Serverless::Function
  Properties:
    Tracing: Active
    Policies: [{ SQSSendMessagePolicy: { QueueName: { Fn::GetAtt: Failed.QueueName } } }]
Worker:
  Type: AWS::Serverless::Function
  Properties: { Tracing: Active, Events: { Failed: { Type: SQS, Properties: { Queue: { Fn::GetAtt: Failed.Arn } } } } }
`);
  expect(recorded({ default: 10 }, template)).toEqual({ Intake: [10, 1.45], Worker: [10, 1.45] });
});
