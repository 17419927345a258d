import { buildTracingModel } from '../../lib/model/build-model';
import { BROKEN_TRACE } from '../../lib/rules/broken-trace';
import { lambda, mapping, type Resources, ruleTester, stack } from './templates';

const KAFKA = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
const JOBS = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } };
const CONSUME = mapping({ EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } }, { Ref: 'Worker' });

/** A function whose role allows an action on an ARN. */
function calling(mode: unknown, action: string, resource: unknown): Resources {
  return {
    Intake: lambda(mode, { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [
          { PolicyDocument: { Statement: { Effect: 'Allow', Action: action, Resource: resource } } },
        ],
      },
    },
  };
}

/** A function that sends messages to a queue, and a worker that consumes them. */
function queued(intake: unknown, worker: unknown, more: Resources = {}): Resources {
  return {
    ...calling(intake, 'sqs:SendMessage', { 'Fn::GetAtt': ['Jobs', 'Arn'] }),
    Jobs: JOBS,
    Consume: CONSUME,
    Worker: lambda(worker),
    ...more,
  };
}

/** A function that puts objects into a bucket, and a worker that the bucket notifies. */
function notified(configuration: object): Resources {
  return {
    ...calling('Active', 's3:PutObject', { 'Fn::Sub': '${Uploads.Arn}/processed/*' }),
    Uploads: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        NotificationConfiguration: {
          LambdaConfigurations: [{ Function: { 'Fn::GetAtt': ['Worker', 'Arn'] }, ...configuration }],
        },
      },
    },
    Worker: lambda('PassThrough'),
  };
}

const CONDITIONS = {
  Parameters: { Env: { Type: 'String', AllowedValues: ['dev', 'prod'] }, Size: { Type: 'String' } },
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
    IsDev: { 'Fn::Equals': [{ Ref: 'Env' }, 'dev'] },
    IsBig: { 'Fn::Equals': [{ Ref: 'Size' }, 'big'] },
  },
};

function conditional(resources: Resources, sections: object = CONDITIONS, id = 't') {
  return stack(id, resources, { sections });
}

/** Adds conditions to some of the resources. */
function on(conditions: Record<string, string>, resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources).map(([logicalId, resource]) => [
      logicalId,
      { ...(resource as object), ...(conditions[logicalId] && { Condition: conditions[logicalId] }) },
    ]),
  );
}

/** A value that depends on a condition. */
function either(condition: string, then: unknown, otherwise: unknown) {
  return { 'Fn::If': [condition, then, otherwise] };
}

/** A stage of a REST API in front of a function. */
function behindApi(tracing: unknown, mode: unknown): Resources {
  const functionArn = { 'Fn::GetAtt': ['Worker', 'Arn'] };
  return {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
    Prod: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: { Ref: 'Api' }, StageName: 'prod', TracingEnabled: tracing },
    },
    Get: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        Integration: {
          Uri: {
            'Fn::Sub': [
              'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Arn}/invocations',
              { Arn: functionArn },
            ],
          },
        },
      },
    },
    Worker: lambda(mode),
  };
}

ruleTester(BROKEN_TRACE, {
  valid: [
    ['a path that is Active', queued('Active', 'Active')],
    ['a path without traced functions', queued('PassThrough', 'PassThrough')],
    ['a mode known only at deployment', queued('Active', { Ref: 'Mode' })],
    ['a function that only an untraced API calls', behindApi(false, 'PassThrough')],
    ['a function behind a stage whose tracing is not known', behindApi({ Ref: 'Traced' }, 'PassThrough')],
    [
      'a function behind a stream, which does not propagate the header',
      {
        ...calling('Active', 'kinesis:PutRecord', { 'Fn::GetAtt': ['Stream', 'Arn'] }),
        Stream: { Type: 'AWS::Kinesis::Stream', Properties: {} },
        M: mapping({ EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] } }, { Ref: 'Worker' }),
        Worker: lambda(),
      },
    ],
    [
      'a function that a bucket notifies of other keys',
      notified({
        Event: 's3:ObjectCreated:*',
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'raw/' }] } },
      }),
    ],
    ['a function that a bucket notifies of other events', notified({ Event: 's3:ObjectRemoved:*' })],
    [
      'a function that takes some of the messages from a queue',
      queued('Active', 'PassThrough', {
        Consume: mapping(
          {
            EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
            FilterCriteria: { Filters: [{ Pattern: '{}' }] },
          },
          { Ref: 'Worker' },
        ),
      }),
    ],
    [
      'a function that is never deployed together with its caller',
      conditional(
        on({ Intake: 'IsProd', Consume: 'IsDev', Worker: 'IsDev' }, queued('Active', 'PassThrough')),
      ),
    ],
    [
      'a function that is called under a condition that excludes its caller',
      conditional(on({ Intake: 'IsProd', Consume: 'IsDev' }, queued('Active', 'PassThrough'))),
    ],
    [
      'a function whose caller may call it only under a condition that excludes the caller',
      conditional(
        on(
          { Intake: 'IsProd' },
          {
            ...queued('Active', 'PassThrough'),
            ...calling('Active', 'sqs:SendMessage', either('IsDev', { 'Fn::GetAtt': ['Jobs', 'Arn'] }, '*')),
          },
        ),
      ),
    ],
    [
      'a function whose caller has the role to call it only under a condition that excludes the function',
      conditional(
        on(
          { Worker: 'IsDev' },
          {
            ...queued('Active', 'PassThrough'),
            Intake: lambda('Active', {
              Role: either('IsProd', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::111122223333:role/r'),
            }),
          },
        ),
      ),
    ],
    [
      'functions that are Active under the same condition',
      conditional(
        queued(either('IsProd', 'Active', 'PassThrough'), either('IsDev', 'PassThrough', 'Active')),
      ),
    ],
    [
      'functions that are Active by the same parameter',
      conditional(queued({ Ref: 'Mode' }, { Ref: 'Mode' }), {
        Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } },
      }),
    ],
    [
      'functions whose modes depend on parameters of two templates, which can be equal',
      conditional(
        {
          ...calling(
            either('IsProd', 'Active', 'PassThrough'),
            'sqs:SendMessage',
            'arn:aws:sqs:eu-west-1:111122223333:jobs',
          ),
        },
        CONDITIONS,
        'a',
      ),
      conditional(
        { Jobs: JOBS, Consume: CONSUME, Worker: lambda(either('IsProd', 'Active', 'PassThrough')) },
        CONDITIONS,
        'b',
      ),
    ],
    [
      'a function that another may call with a role that a third function shares',
      {
        ...queued('Active', 'PassThrough'),
        Third: lambda('PassThrough', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
      },
    ],
    [
      'a function behind the dead-letter queue of another',
      {
        ...queued('Active', 'PassThrough'),
        Third: lambda('Active', {
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } },
        }),
      },
    ],
    [
      'a function behind a traced topic to which only alarms publish, which are not sampled',
      {
        Topic: {
          Type: 'AWS::SNS::Topic',
          Properties: {
            TracingConfig: 'Active',
            Subscription: [{ Protocol: 'lambda', Endpoint: { 'Fn::GetAtt': ['Worker', 'Arn'] } }],
          },
        },
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: [{ Ref: 'Topic' }] } },
        Worker: lambda('PassThrough'),
      },
    ],
    [
      'a function behind Kafka',
      { M: mapping({ EventSourceArn: KAFKA }, { Ref: 'Worker' }), Worker: lambda('PassThrough') },
    ],
    [
      'a function that another may call, with a role that allows all functions',
      {
        ...calling('Active', 'lambda:InvokeFunction', '*'),
        Worker: lambda(),
      },
    ],
    [
      'a function behind an event rule, which may match other events',
      {
        ...calling('Active', 'events:PutEvents', { 'Fn::GetAtt': ['Bus', 'Arn'] }),
        Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } },
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: {
            EventBusName: { Ref: 'Bus' },
            EventPattern: { source: ['orders'] },
            Targets: [{ Id: '0', Arn: { 'Fn::GetAtt': ['Worker', 'Arn'] } }],
          },
        },
        Worker: lambda(),
      },
    ],
  ],
  invalid: [
    [
      'Worker TracingConfig.Mode',
      'one that a bucket notifies of all that is put into it',
      notified({ Event: 's3:ObjectCreated:*' }),
    ],
    ['Worker TracingConfig.Mode', 'a function without a mode behind a queue', queued('Active', undefined)],
    ['Worker TracingConfig.Mode', 'one that is PassThrough', queued('Active', 'PassThrough')],
    ['Worker TracingConfig.Mode', 'one behind a traced API', behindApi(true, 'PassThrough')],
    [
      'Worker TracingConfig.Mode',
      'one that another may invoke',
      {
        ...calling('Active', 'lambda:InvokeFunction', { 'Fn::GetAtt': ['Worker', 'Arn'] }),
        Worker: lambda(),
      },
    ],
    [
      'Worker TracingConfig.Mode',
      'one in another template',
      stack('a', {
        ...calling('Active', 'sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:jobs'),
      }),
      stack('b', { Jobs: JOBS, Consume: CONSUME, Worker: lambda() }),
    ],
    [
      'Worker TracingConfig.Mode',
      'one that is there on the condition of its caller',
      conditional(
        on({ Intake: 'IsProd', Consume: 'IsProd', Worker: 'IsProd' }, queued('Active', 'PassThrough')),
      ),
    ],
    [
      'Worker TracingConfig.Mode',
      'one that is there on another condition than its caller',
      conditional(on({ Intake: 'IsProd', Worker: 'IsBig' }, queued('Active', 'PassThrough'))),
    ],
    [
      'Worker TracingConfig.Mode',
      'one that is Active on a condition only',
      conditional(behindApi(true, either('IsProd', 'Active', 'PassThrough'))),
    ],
    [
      'Worker TracingConfig.Mode',
      'one behind an API that is traced on a condition',
      conditional(behindApi(either('IsProd', true, false), undefined)),
    ],
    [
      'Worker TracingConfig.Mode',
      'one that is not Active where its caller is',
      conditional(queued(either('IsProd', 'Active', 'PassThrough'), either('IsDev', 'Active', undefined))),
    ],
    [
      'Worker TracingConfig.Mode',
      'one that is PassThrough by default',
      conditional(queued('Active', { Ref: 'Mode' }), {
        Parameters: { Mode: { Type: 'String', Default: 'PassThrough' } },
      }),
    ],
    [
      'Worker TracingConfig.Mode',
      'one that is called by either of two ways',
      conditional(
        on(
          { Consume: 'IsDev', Again: 'IsProd', Intake: 'IsProd' },
          { ...queued('Active', 'PassThrough'), Again: CONSUME },
        ),
      ),
    ],
    [
      'Worker TracingConfig.Mode',
      'one that another calls by its environment, though a third has its role as well',
      {
        ...queued('Active', 'PassThrough'),
        Intake: lambda('Active', {
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { JOBS: { Ref: 'Jobs' } } },
        }),
        Third: lambda('PassThrough', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
      },
    ],
    [
      'Worker TracingConfig.Mode',
      'one that Kafka feeds too',
      queued('Active', 'PassThrough', { M: mapping({ EventSourceArn: KAFKA }, { Ref: 'Worker' }) }),
    ],
  ],
});

test('the message has the whole path, up to the next node that records', () => {
  const system = {
    ...behindApi(true, 'Active'),
    ...calling('PassThrough', 'sqs:SendMessage', { 'Fn::GetAtt': ['Jobs', 'Arn'] }),
    Call: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Worker' },
        DestinationConfig: { OnSuccess: { Destination: { 'Fn::GetAtt': ['Intake', 'Arn'] } } },
      },
    },
    Jobs: JOBS,
    Consume: mapping({ EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } }, { Ref: 'Last' }),
    Last: lambda('Active'),
  };
  const [finding, ...more] = BROKEN_TRACE.check(buildTracingModel([stack('t', system)]));
  expect(more).toEqual([]);
  expect(finding.message).toBe(
    "Function 'Intake' is PassThrough on the traced path 'Worker' → 'Intake' → 'Jobs' → 'Last'. Without active " +
      'tracing, it records nothing and breaks the trace.',
  );
  expect(finding.related.map(({ logicalId }) => logicalId)).toEqual(['Worker', 'Jobs', 'Last']);
});
