import { buildTracingModel } from '../../lib/model/build-model';
import { UNTRACED_ENTRY } from '../../lib/rules/untraced-entry';
import { type Case, lambda, mapping, type Resources, ruleTester, stack } from './templates';

const ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

function topic(TracingConfig?: unknown): Resources {
  return {
    Topic: {
      Type: 'AWS::SNS::Topic',
      Properties: { TracingConfig, Subscription: [{ Protocol: 'lambda', Endpoint: ARN }] },
    },
  };
}

function stateMachine(Enabled?: unknown): Resources {
  return {
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString: {
          'Fn::Sub': '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Fn.Arn}","End":true}}}',
        },
        ...(Enabled === undefined ? {} : { TracingConfiguration: { Enabled } }),
      },
    },
  };
}

function graphql(XrayEnabled?: unknown): Resources {
  return {
    Api: { Type: 'AWS::AppSync::GraphQLApi', Properties: { XrayEnabled } },
    Source: {
      Type: 'AWS::AppSync::DataSource',
      Properties: {
        ApiId: { 'Fn::GetAtt': ['Api', 'ApiId'] },
        LambdaConfig: { LambdaFunctionArn: ARN },
      },
    },
  };
}

function sam(TracingEnabled?: unknown): Resources {
  return {
    Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', TracingEnabled } },
    Fn: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        Tracing: 'Active',
        Events: {
          Get: { Type: 'Api', Properties: { Path: '/', Method: 'get', RestApiId: { Ref: 'Api' } } },
        },
      },
    },
  };
}

/** A REST API that invokes an Active function, and a deployment of it. */
function deployment(properties: object): Resources {
  return {
    Fn: lambda('Active'),
    Api: { Type: 'AWS::ApiGateway::RestApi' },
    Method: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        HttpMethod: 'GET',
        Integration: {
          Type: 'AWS_PROXY',
          Uri: {
            'Fn::Sub':
              'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
          },
        },
      },
    },
    Deployment: {
      Type: 'AWS::ApiGateway::Deployment',
      Properties: { RestApiId: { Ref: 'Api' }, ...properties },
    },
  };
}

/** A function whose role allows an action on a resource. */
function caller(mode: unknown, Action: string, Resource: unknown): Resources {
  return {
    Start: lambda(mode, { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', Action, Resource } } }] },
    },
  };
}

const START = ['states:StartExecution', { Ref: 'Machine' }] as const;
const PUBLISH = ['sns:Publish', { Ref: 'Topic' }] as const;
const INVOKE = [
  'execute-api:Invoke',
  { 'Fn::Sub': 'arn:aws:execute-api:eu-west-1:111122223333:${Api}/*' },
] as const;

const ALARM = { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: [{ Ref: 'Topic' }] } };

/** SAM functions with events of an implicit API. */
function implicit(...names: readonly string[]): Resources {
  const Events = { Get: { Type: 'Api', Properties: { Path: '/', Method: 'get' } } };
  const Fn = { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Active', Events } };
  return Object.fromEntries(names.map((name) => [name, Fn]));
}

const QUEUE = mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs' });

ruleTester(UNTRACED_ENTRY, {
  valid: [
    [
      'a stage that a deployment creates with tracing',
      deployment({ StageName: 'prod', StageDescription: { TracingEnabled: true } }),
    ],
    ...['Alarm', 'CompositeAlarm', 'LogAlarm'].map((type): Case => [
      `a topic that only an AWS::CloudWatch::${type} publishes to`,
      {
        Fn: lambda('Active'),
        ...topic(),
        A: { Type: `AWS::CloudWatch::${type}`, Properties: { AlarmActions: [{ Ref: 'Topic' }] } },
      },
    ]),
    [
      'a topic that only a budget publishes to',
      {
        Fn: lambda('Active'),
        ...topic(),
        B: {
          Type: 'AWS::Budgets::BudgetsAction',
          Properties: { Subscribers: [{ Type: 'SNS', Address: { Ref: 'Topic' } }] },
        },
      },
    ],
    ['an Active function without callers', { Fn: lambda('Active') }],
    ['a PassThrough function', { Fn: lambda('PassThrough'), ...topic() }],
    ['a topic that is traced', { Fn: lambda('Active'), ...topic('Active') }],
    [
      'a topic whose tracing is known only at deployment',
      { Fn: lambda('Active'), ...topic({ Ref: 'Traced' }) },
    ],
    ['a state machine that is traced', { Fn: lambda('Active'), ...stateMachine(true) }],
    ['an API that is traced', sam(true)],
    ['a caller that cannot be traced', { Fn: lambda('Active'), M: QUEUE }],
    [
      'a state machine that a traced function starts, whose trace it joins',
      { Fn: lambda('Active'), ...stateMachine(), ...caller('Active', ...START) },
    ],
    [
      'a state machine that a traced function may start',
      {
        Fn: lambda('Active'),
        ...stateMachine(),
        Start: lambda('Active', { Environment: { Variables: { MACHINE: { Ref: 'Machine' } } } }),
      },
    ],
    ['a topic to which an alarm publishes', { Fn: lambda('Active'), ...topic(), Alarm: ALARM }],
    [
      'a topic to which a schedule publishes',
      {
        Fn: lambda('Active'),
        ...topic(),
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Arn: { Ref: 'Topic' } }] },
        },
      },
    ],
    [
      'a topic to which a bucket publishes',
      {
        Fn: lambda('Active'),
        ...topic(),
        Bucket: {
          Type: 'AWS::S3::Bucket',
          Properties: {
            NotificationConfiguration: {
              TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: { Ref: 'Topic' } }],
            },
          },
        },
      },
    ],
    [
      'a topic to which an untraced function publishes',
      { Fn: lambda('Active'), ...topic(), ...caller('PassThrough', ...PUBLISH) },
    ],
    ['another caller beside the untraced one', { Fn: lambda('Active'), M: QUEUE, ...topic() }],
    [
      'a function that calls it and is PassThrough, which is for other rules',
      {
        Fn: lambda('Active'),
        Caller: lambda('PassThrough', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            Policies: [
              {
                PolicyDocument: {
                  Statement: { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: ARN },
                },
              },
            ],
          },
        },
      },
    ],
    [
      'a traced topic, which is no function, behind a state machine that is not',
      {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TracingConfig: 'Active' } },
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            DefinitionString: {
              'Fn::Sub':
                '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sns:publish",' +
                '"Parameters":{"TopicArn":"${Topic}"},"End":true}}}',
            },
          },
        },
      },
    ],
    ['a traced caller beside the untraced one', { Fn: lambda('Active'), ...stateMachine(true), ...topic() }],
  ],
  invalid: [
    [
      'Fn Events',
      'the implicit API of SAM',
      {
        Fn: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            Tracing: 'Active',
            Events: { Get: { Type: 'Api', Properties: { Path: '/', Method: 'get' } } },
          },
        },
      },
    ],
    ['Topic TracingConfig', 'a topic', { Fn: lambda('Active'), ...topic() }],
    ['Topic TracingConfig', 'a topic that says so', { Fn: lambda('Active'), ...topic('PassThrough') }],
    ['Machine TracingConfiguration.Enabled', 'a state machine', { Fn: lambda('Active'), ...stateMachine() }],
    ['Api XrayEnabled', 'a GraphQL API', { Fn: lambda('Active'), ...graphql(false) }],
    ['Api TracingEnabled', 'an API of SAM', sam()],
    ['Deployment StageName', 'a stage that a deployment creates', deployment({ StageName: 'prod' })],
    [
      'Topic TracingConfig',
      'a topic to which a traced function publishes, and an alarm',
      { Fn: lambda('Active'), ...topic(), Alarm: ALARM, ...caller('Active', ...PUBLISH) },
    ],
    [
      'Machine TracingConfiguration.Enabled',
      'a state machine that an untraced function starts',
      { Fn: lambda('Active'), ...stateMachine(), ...caller('PassThrough', ...START) },
    ],
    [
      'Machine TracingConfiguration.Enabled',
      'a state machine beside a topic to which alarms publish',
      { Fn: lambda('Active'), ...stateMachine(), ...topic(), Alarm: ALARM },
    ],
    [
      'Api TracingEnabled',
      'an API that a traced function calls',
      { ...sam(), ...caller('Active', ...INVOKE) },
    ],
    ['A Events', 'the implicit API of SAM, on the first function', implicit('A', 'B')],
    [
      'Topic TracingConfig',
      'a topic that calls a function which may call itself',
      {
        ...topic(),
        Fn: lambda('Active', { FunctionName: 'fn', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
        Role: caller('', 'lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:fn').Role,
      },
    ],
    [
      'Topic TracingConfig, Machine TracingConfiguration.Enabled',
      'several callers',
      { Fn: lambda('Active'), ...topic(), ...stateMachine(false) },
    ],
  ],
});

test('reports a caller once, with the functions that it invokes', () => {
  const names = ['A', 'B', 'C', 'D'];
  const resources = {
    ...Object.fromEntries(names.map((name) => [name, lambda('Active')])),
    Topic: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        Subscription: names.map((name) => ({
          Protocol: 'lambda',
          Endpoint: { 'Fn::GetAtt': [name, 'Arn'] },
        })),
      },
    },
  };
  const findings = UNTRACED_ENTRY.check(buildTracingModel([stack('t', resources)]));
  expect(findings.map(({ message, fix }) => [message, fix])).toEqual([
    [
      "Tracing is off for 'Topic' (Amazon SNS), and no traced service invokes 'A', 'B', 'C', 1 more, so traces don't " +
        "include 'Topic'.",
      "Set TracingConfig of 'Topic' to Active, and add an AWS::XRay::ResourcePolicy that allows sns.amazonaws.com " +
        'to call xray:PutTraceSegments, xray:GetSamplingRules and xray:GetSamplingTargets for it.',
    ],
  ]);
});

test('an API that propagates the trace of its caller is missing from it', () => {
  const resources = { ...sam(), ...caller('Active', ...INVOKE) };
  const [finding] = UNTRACED_ENTRY.check(buildTracingModel([stack('t', resources)]));
  expect(finding.message).toMatch(/, so traces don't include 'Api'\.$/);
});

test('the fix of an API that SAM creates is in Globals', () => {
  const [finding, ...more] = UNTRACED_ENTRY.check(buildTracingModel([stack('t', implicit('A', 'B'))]));
  expect(more).toEqual([]);
  expect(finding.message).toMatch(
    /^Tracing is off for 'ServerlessRestApi' \(Amazon API Gateway \(REST API\)\)/,
  );
  expect(finding.fix).toBe(
    "Set TracingEnabled to true in Globals.Api, from which SAM creates 'ServerlessRestApi'.",
  );
  expect([finding.logicalId, ...finding.related.map(({ logicalId }) => logicalId)]).toEqual(['A', 'B']);
});

describe('the fix of', () => {
  const samMachine = (properties: object = {}) => ({
    Fn: lambda('Active'),
    Machine: {
      Type: 'AWS::Serverless::StateMachine',
      Properties: {
        ...properties,
        Definition: { States: { S: { Type: 'Task', Resource: { 'Fn::GetAtt': ['Fn', 'Arn'] } } } },
      },
    },
  });
  const covered = {
    Policy: {
      Type: 'AWS::XRay::ResourcePolicy',
      Properties: {
        PolicyDocument: JSON.stringify({
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'xray:PutTraceSegments',
              Resource: '*',
            },
          ],
        }),
      },
    },
  };

  test.each<[string, Resources, string]>([
    [
      'a state machine includes its role',
      { Fn: lambda('Active'), ...stateMachine() },
      "Set TracingConfiguration.Enabled of 'Machine' to true, and attach AWSXRayDaemonWriteAccess to its role, unless " +
        'the role already allows writing to X-Ray.',
    ],
    [
      'a state machine of SAM includes the role that it is given',
      samMachine({ Role: 'arn:aws:iam::111122223333:role/flow' }),
      "Set Tracing.Enabled of 'Machine' to true, and attach AWSXRayDaemonWriteAccess to its role, unless the role " +
        'already allows writing to X-Ray.',
    ],
    [
      'a state machine of SAM without a role leaves the role to SAM',
      samMachine(),
      "Set Tracing.Enabled of 'Machine' to true.",
    ],
    [
      'a topic with a resource policy needs no other policy',
      { Fn: lambda('Active'), ...topic(), ...covered },
      "Set TracingConfig of 'Topic' to Active.",
    ],
  ])('%s', (_, resources, fix) => {
    const findings = UNTRACED_ENTRY.check(buildTracingModel([stack('t', resources)]));
    expect(findings.map((finding) => finding.fix)).toEqual([fix]);
  });
});

test('builds no trace map without services that can be traced', () => {
  const model = buildTracingModel([stack('t', { Fn: lambda('Active'), Jobs: { Type: 'AWS::SQS::Queue' } })]);
  const traceMap = jest.spyOn(model, 'traceMap', 'get');
  expect(UNTRACED_ENTRY.check(model)).toEqual([]);
  expect(traceMap).not.toHaveBeenCalled();
});
