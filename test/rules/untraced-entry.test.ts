import { buildTracingModel } from '../../lib/model/tracing-model';
import { UNTRACED_ENTRY } from '../../lib/rules/untraced-entry';
import { lambda, mapping, type Resources, ruleTester, stack } from './templates';

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

const QUEUE = mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs' });

ruleTester(UNTRACED_ENTRY, {
  valid: [
    ['an Active function that nobody calls', { Fn: lambda('Active') }],
    ['a PassThrough function', { Fn: lambda('PassThrough'), ...topic() }],
    ['a topic that is traced', { Fn: lambda('Active'), ...topic('Active') }],
    ['a topic of which only deployment tells', { Fn: lambda('Active'), ...topic({ Ref: 'Traced' }) }],
    ['a state machine that is traced', { Fn: lambda('Active'), ...stateMachine(true) }],
    ['an API that is traced', sam(true)],
    ['a caller that can not be traced', { Fn: lambda('Active'), M: QUEUE }],
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
      'ServerlessRestApi TracingEnabled',
      'the API that SAM makes of events',
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
    [
      'Topic TracingConfig, Machine TracingConfiguration.Enabled',
      'several callers',
      { Fn: lambda('Active'), ...topic(), ...stateMachine(false) },
    ],
  ],
});

test('a caller is reported once, with the functions that it calls', () => {
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
      "'Topic' (Amazon SNS) could be traced and is not, and nothing that is traced calls 'A', 'B', 'C', 1 more: it is " +
        'missing in their traces.',
      "Set TracingConfig of 'Topic' to Active.",
    ],
  ]);
});
