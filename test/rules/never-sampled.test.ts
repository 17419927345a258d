import { buildTracingModel } from '../../lib/model/build-model';
import { NEVER_SAMPLED } from '../../lib/rules/never-sampled';
import { lambda, mapping, type Resources, ruleTester, serverless, stack } from './templates';

const arnOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

const KINESIS = 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks';

/** A function whose role allows actions on a resource. */
function caller(name: string, mode: string | undefined, Action: string, Resource: unknown): Resources {
  return {
    [name]: lambda(mode, { Role: arnOf(`${name}Role`) }),
    [`${name}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', Action, Resource } } }] },
    },
  };
}

const invoking = (name: string, mode: string | undefined, called: string) =>
  caller(name, mode, 'lambda:InvokeFunction', arnOf(called));

/** An event source of a function. */
const from = (EventSourceArn: unknown, name: string) => mapping({ EventSourceArn }, { Ref: name });

const WORKER: Resources = { Worker: lambda('Active') };
const STREAM: Resources = { Clicks: from(KINESIS, 'Filter') };

/** An untraced function that a stream invokes, and that invokes an Active one. */
const FILTERED: Resources = { ...WORKER, ...invoking('Filter', undefined, 'Worker'), ...STREAM };

const JOBS: Resources = { Jobs: { Type: 'AWS::SQS::Queue' }, Take: from(arnOf('Jobs'), 'Worker') };

function topic(endpoint: string): Resources {
  return {
    News: {
      Type: 'AWS::SNS::Topic',
      Properties: { Subscription: [{ Protocol: 'lambda', Endpoint: arnOf(endpoint) }] },
    },
  };
}

const EDGE: Resources = {
  V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Filter' } } },
  Site: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        DefaultCacheBehavior: {
          LambdaFunctionAssociations: [{ EventType: 'viewer-request', LambdaFunctionARN: { Ref: 'V' } }],
        },
      },
    },
  },
};

/** A REST API that invokes a function. */
function api(called: string, TracingEnabled?: boolean): Resources {
  return {
    Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', TracingEnabled } },
    Method: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        Integration: {
          Type: 'AWS_PROXY',
          Uri: {
            'Fn::Sub': `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/\${${called}.Arn}/invocations`,
          },
        },
      },
    },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: { Ref: 'Api' }, StageName: 'v1', TracingEnabled },
    },
  };
}

const schedule = (called: string): Resources => ({
  Nightly: {
    Type: 'AWS::Events::Rule',
    Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: '0', Arn: arnOf(called) }] },
  },
});

/** An untraced function behind a stream that sends to a queue, from which an Active one receives. */
const QUEUED: Resources = {
  ...WORKER,
  ...JOBS,
  ...STREAM,
  ...caller('Filter', undefined, 'sqs:SendMessage', arnOf('Jobs')),
};

/** A policy of the queue with one statement. */
const allowing = (
  statement: object,
  type = 'QueuePolicy',
  queue: object = { Queues: [{ Ref: 'Jobs' }] },
) => ({
  Policy: {
    Type: `AWS::SQS::${type}`,
    Properties: {
      ...queue,
      PolicyDocument: {
        Statement: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arnOf('Jobs'), ...statement },
      },
    },
  },
});

const BY_ARN = (arn: unknown) => ({ Condition: { ArnEquals: { 'aws:SourceArn': arn } } });
const SNS = { Principal: { Service: 'sns.amazonaws.com' } };
const OTHER_TOPIC = 'arn:aws:sns:eu-west-1:444455556666:news';

/** A topic that sends to the queue; the untraced function publishes to it. */
const PUBLISHED: Resources = {
  ...WORKER,
  ...JOBS,
  ...STREAM,
  ...caller('Filter', undefined, 'sns:Publish', { Ref: 'News' }),
  News: {
    Type: 'AWS::SNS::Topic',
    Properties: { Subscription: [{ Protocol: 'sqs', Endpoint: arnOf('Jobs') }] },
  },
};

/** An untraced function behind a stream that writes to a bucket, whose notifications invoke an Active one. */
const STORED: Resources = {
  ...WORKER,
  ...STREAM,
  ...caller('Filter', undefined, 's3:PutObject', { 'Fn::Sub': '${Files.Arn}/*' }),
  Files: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      NotificationConfiguration: {
        LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arnOf('Worker') }],
      },
    },
  },
};

const allowingBucket = (Action: unknown) => ({
  Policy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Files' },
      PolicyDocument: { Statement: { Effect: 'Allow', Action, Principal: { AWS: '444455556666' } } },
    },
  },
});

const check = (resources: Resources) => NEVER_SAMPLED.check(buildTracingModel([stack('t', resources)]));

ruleTester(NEVER_SAMPLED, {
  valid: [
    ['an Active caller', { ...WORKER, ...invoking('Filter', 'Active', 'Worker'), ...STREAM }],
    [
      'a caller with a mode that is not known',
      {
        ...WORKER,
        ...STREAM,
        ...invoking('Filter', undefined, 'Worker'),
        Filter: lambda({ Ref: 'Mode' }, { Role: arnOf('FilterRole') }),
      },
    ],
    ['a stream that also invokes it, so that Lambda decides', { ...FILTERED, Own: from(KINESIS, 'Worker') }],
    ['a schedule that also invokes it', { ...FILTERED, ...schedule('Worker') }],
    ['no known caller', { ...WORKER, Other: lambda() }],
    ['a caller without known callers', { ...WORKER, ...invoking('Filter', undefined, 'Worker') }],
    [
      'a caller behind an API, whose clients can send a header',
      {
        ...WORKER,
        ...invoking('Filter', undefined, 'Worker'),
        ...api('Filter'),
      },
    ],
    [
      'a caller behind a traced API',
      {
        ...WORKER,
        ...invoking('Filter', undefined, 'Worker'),
        ...api('Filter', true),
      },
    ],
    [
      'an Active function before the caller',
      {
        ...WORKER,
        ...invoking('Filter', undefined, 'Worker'),
        ...invoking('Start', 'Active', 'Filter'),
        Clicks: from(KINESIS, 'Start'),
      },
    ],
    [
      'a queue with a second sender that is Active',
      {
        ...WORKER,
        ...JOBS,
        ...STREAM,
        ...caller('Filter', undefined, 'sqs:SendMessage', arnOf('Jobs')),
        ...caller('Start', 'Active', 'sqs:SendMessage', arnOf('Jobs')),
        More: from(KINESIS, 'Start'),
      },
    ],
    [
      'a queue to which a topic of another account may send',
      { ...QUEUED, ...allowing({ ...SNS, ...BY_ARN(OTHER_TOPIC) }) },
    ],
    [
      'a queue to which another topic may send than the known one',
      { ...PUBLISHED, ...allowing({ ...SNS, ...BY_ARN([{ Ref: 'News' }, OTHER_TOPIC]) }) },
    ],
    ['a queue to which a service may send', { ...QUEUED, ...allowing(SNS) }],
    ['a queue to which anyone may send', { ...QUEUED, ...allowing({ Principal: '*' }) }],
    [
      'a queue to which an account may send',
      { ...QUEUED, ...allowing({ Principal: { AWS: '444455556666' }, Action: 'sqs:*' }) },
    ],
    [
      'a queue to which a service may send, by its inline policy',
      { ...QUEUED, ...allowing(SNS, 'QueueInlinePolicy', { Queue: { Ref: 'Jobs' } }) },
    ],
    [
      'a queue with a policy that is not known',
      {
        ...QUEUED,
        Policy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: { Queues: [{ Ref: 'Jobs' }], PolicyDocument: { Ref: 'Policy' } },
        },
      },
    ],
    [
      'a topic to which an account may publish',
      {
        ...PUBLISHED,
        Policy: {
          Type: 'AWS::SNS::TopicPolicy',
          Properties: {
            Topics: [{ Ref: 'News' }],
            PolicyDocument: {
              Statement: { Effect: 'Allow', Action: 'sns:Publish', Principal: { AWS: '444455556666' } },
            },
          },
        },
      },
    ],
    ['a bucket into which an account may write', { ...STORED, ...allowingBucket('s3:PutObject') }],
    ['a queue without known senders', { ...WORKER, ...JOBS, ...STREAM, Filter: lambda() }],
    [
      'a permission for another account',
      {
        ...FILTERED,
        P: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            FunctionName: { Ref: 'Worker' },
            Principal: '444455556666',
            Action: 'lambda:InvokeFunction',
          },
        },
      },
    ],
    [
      'a caller that is not sampled either, of a PassThrough function',
      {
        Worker: lambda('PassThrough'),
        ...invoking('Filter', undefined, 'Worker'),
        ...STREAM,
      },
    ],
    [
      'a function that requeues its messages',
      { ...JOBS, ...caller('Worker', 'Active', 'sqs:SendMessage', arnOf('Jobs')), Other: lambda() },
    ],
    ['a function at the edge', { Filter: lambda('Active'), ...EDGE, Other: lambda() }],
    [
      'resources that a macro adds, which can be callers',
      stack('t', FILTERED, { sections: { Transform: ['AddCallers'] } }),
    ],
    [
      'failed events of another function',
      {
        ...FILTERED,
        Other: lambda('Active', { DeadLetterConfig: { TargetArn: arnOf('Worker') } }),
      },
    ],
  ],
  invalid: [
    ['Worker TracingConfig.Mode', 'a caller behind a stream that sends to a queue', QUEUED],
    [
      'Worker TracingConfig.Mode',
      'a queue to which the known topic may send',
      { ...PUBLISHED, ...allowing({ ...SNS, ...BY_ARN({ Ref: 'News' }) }) },
    ],
    [
      'Worker TracingConfig.Mode',
      'a queue to which the service of the known topic may send',
      { ...PUBLISHED, ...allowing(SNS) },
    ],
    [
      'Worker TracingConfig.Mode',
      'a bucket from which an account may read',
      { ...STORED, ...allowingBucket(['s3:GetObject', 's3:DeleteObject']) },
    ],
    [
      'Worker TracingConfig.Mode',
      'a queue to which the role of the known caller may send',
      { ...QUEUED, ...allowing({ Principal: { AWS: arnOf('FilterRole') } }) },
    ],
    [
      'Worker TracingConfig.Mode',
      'a queue from which an account may receive, with a denial',
      {
        ...QUEUED,
        ...allowing({ Principal: { AWS: '444455556666' }, Action: 'sqs:ReceiveMessage' }),
        Denial: Object.values(allowing({ Principal: '*', Effect: 'Deny' }))[0],
      },
    ],
    ['Worker TracingConfig.Mode', 'a caller without a mode behind a stream', FILTERED],
    [
      'Worker TracingConfig.Mode',
      'a PassThrough caller behind a stream',
      { ...WORKER, ...invoking('Filter', 'PassThrough', 'Worker'), ...STREAM },
    ],
    [
      'Worker TracingConfig.Mode',
      'a caller behind a schedule',
      { ...WORKER, ...invoking('Filter', undefined, 'Worker'), ...schedule('Filter') },
    ],
    [
      'Worker TracingConfig.Mode',
      'a caller at the edge',
      { ...WORKER, ...invoking('Filter', undefined, 'Worker'), ...EDGE },
    ],
    [
      'Worker TracingConfig.Mode',
      'two callers, the second behind the first',
      {
        ...WORKER,
        ...invoking('Filter', undefined, 'Next'),
        ...invoking('Next', 'PassThrough', 'Worker'),
        ...STREAM,
      },
    ],
    [
      'Worker TracingConfig.Mode',
      'an untraced sender of its queue',
      {
        ...WORKER,
        ...JOBS,
        ...STREAM,
        ...caller('Filter', undefined, 'sqs:SendMessage', arnOf('Jobs')),
      },
    ],
    [
      'Worker TracingConfig.Mode',
      'an untraced publisher of its topic',
      {
        ...WORKER,
        ...topic('Worker'),
        ...STREAM,
        ...caller('Filter', undefined, 'sns:Publish', { Ref: 'News' }),
      },
    ],
    [
      'Worker TracingConfig.Mode',
      'a destination of an untraced function',
      {
        ...WORKER,
        Filter: lambda(),
        ...schedule('Filter'),
        To: {
          Type: 'AWS::Lambda::EventInvokeConfig',
          Properties: {
            FunctionName: { Ref: 'Filter' },
            Qualifier: '$LATEST',
            DestinationConfig: { OnSuccess: { Destination: arnOf('Worker') } },
          },
        },
      },
    ],
    [
      'Fn Tracing',
      'SAM',
      {
        ...serverless({ Tracing: 'Active' }),
        Filter: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            Policies: [{ LambdaInvokePolicy: { FunctionName: { Ref: 'Fn' } } }],
            Events: { Clicks: { Type: 'Kinesis', Properties: { Stream: KINESIS } } },
          },
        },
      },
    ],
  ],
});

test('the fix names the function that decides', () => {
  const [{ message, fix, related }] = check({
    ...WORKER,
    ...invoking('Filter', undefined, 'Next'),
    ...invoking('Next', 'PassThrough', 'Worker'),
    ...STREAM,
  });
  expect(message).toBe(
    "Function 'Worker' is Active, but may record nothing. In these templates, its requests come only from 'Filter', without active tracing. Lambda likely decides there not to sample them.",
  );
  expect(fix).toBe(
    "Set the tracing mode of 'Filter' to Active, so that the trace starts there. To verify the finding, log _X_AMZN_TRACE_ID in 'Worker': Sampled=0 confirms it.",
  );
  expect(related.map(({ logicalId }) => logicalId)).toEqual(['Filter']);
});

test('a macro in any template can add callers', () => {
  const other = stack('other', {}, { sections: { Transform: ['AddCallers'] } });
  expect(NEVER_SAMPLED.check(buildTracingModel([stack('t', FILTERED), other]))).toEqual([]);
});

test('Transaction Search outside of the templates captures spans without sampling', () => {
  const found = (transactionSearch: boolean) =>
    NEVER_SAMPLED.check(buildTracingModel([stack('t', FILTERED)], undefined, { transactionSearch })).length;
  expect([found(false), found(true)]).toEqual([1, 0]);
});

test.each<[what: string, resources: Resources]>([
  ['only Active functions', { Worker: lambda('Active'), Other: lambda('Active') }],
  ['no Active function', { Worker: lambda(), Other: lambda('PassThrough') }],
])('builds no trace map of %s', (_, resources) => {
  const model = buildTracingModel([stack('t', resources)]);
  const traceMap = jest.spyOn(model, 'traceMap', 'get');
  expect(NEVER_SAMPLED.check(model)).toEqual([]);
  expect(traceMap).not.toHaveBeenCalled();
});

test('the fix asks for Active only if X-Ray supports it for all that decide', () => {
  const [{ fix, related }] = check({
    ...WORKER,
    ...invoking('Filter', undefined, 'Worker'),
    ...EDGE,
    ...invoking('Other', undefined, 'Worker'),
    Clicks: from(KINESIS, 'Other'),
  });
  expect(fix).toContain('X-Ray does not support ');
  expect(related).toHaveLength(2);
});

test('the fix does not ask for Active where X-Ray does not support it', () => {
  const [{ fix }] = check({ ...WORKER, ...invoking('Filter', undefined, 'Worker'), ...EDGE });
  expect(fix).toContain("X-Ray does not support 'Filter'.");
});
