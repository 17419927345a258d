import { ACTIVE_TRACING } from '../../lib/rules/active-tracing';
import {
  type Case,
  CONDITIONS,
  distribution,
  IF_TRACED,
  KAFKA,
  lambda,
  mapping,
  QUEUE,
  ruleTester,
  serverless,
  stack,
  version,
} from './templates';

const edgeRole = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: ['lambda.amazonaws.com', 'edgelambda.amazonaws.com'] },
        },
      ],
    },
  },
};

/** A permission to invoke a function, with changes. */
const permission = (change: object = {}) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: { Ref: 'Fn' },
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    ...change,
  },
});

const INVOKE = {
  Effect: 'Allow',
  Principal: { Service: 'apigateway.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: '*',
};
const resourcePolicy = (PolicyDocument: unknown) => ({
  Type: 'AWS::Lambda::ResourcePolicy',
  Properties: { ResourceArn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, PolicyDocument },
});

const NEVER = { sections: { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } } };

ruleTester(ACTIVE_TRACING, {
  valid: [
    ['Active', { Fn: lambda('Active') }],
    ['a mode that is not known', { Fn: lambda({ Ref: 'Mode' }) }],
    ['a mode that can be Active', stack('t', { Fn: lambda(IF_TRACED) }, CONDITIONS)],
    ['what only Kafka feeds', { Fn: lambda(), M: mapping({ EventSourceArn: KAFKA }) }],
    ['what only a SAM event of Kafka feeds', serverless({ Events: { K: { Type: 'MSK' } } })],
    [
      'what Kafka and a queue feed',
      { Fn: lambda(), M: mapping({ EventSourceArn: KAFKA }), Q: mapping({ EventSourceArn: QUEUE }) },
    ],
    [
      'PassThrough, which Kafka requires, with a queue',
      {
        Fn: lambda('PassThrough'),
        M: mapping({ EventSourceArn: KAFKA }),
        Q: mapping({ EventSourceArn: QUEUE }),
      },
    ],
    [
      'PassThrough, which Kafka requires, with a service that may invoke it',
      { Fn: lambda('PassThrough'), M: mapping({ EventSourceArn: KAFKA }), P: permission() },
    ],
    [
      'PassThrough, which Kafka requires in one case',
      stack(
        't',
        {
          Fn: lambda('PassThrough'),
          M: mapping({ EventSourceArn: { 'Fn::If': ['Traced', QUEUE, KAFKA] } }),
        },
        CONDITIONS,
      ),
    ],
    [
      'SAM with MQ and an explicit mode',
      serverless({ Tracing: 'PassThrough', Events: { M: { Type: 'MQ' }, A: { Type: 'Api' } } }),
    ],
    [
      'Kafka and a permission to read the function',
      {
        Fn: lambda(),
        M: mapping({ EventSourceArn: KAFKA }),
        P: permission({ Action: 'lambda:GetFunction' }),
      },
    ],
    [
      'Kafka and a resource policy that allows something else, or denies',
      {
        Fn: lambda(),
        M: mapping({ EventSourceArn: KAFKA }),
        P: resourcePolicy({
          Statement: [
            { ...INVOKE, Action: 'lambda:GetFunction' },
            { ...INVOKE, Effect: 'Deny' },
          ],
        }),
      },
    ],
    [
      'Kafka and a permission that is never created',
      stack(
        't',
        {
          Fn: lambda(),
          M: mapping({ EventSourceArn: KAFKA }),
          P: { ...permission(), Condition: 'Never' },
          U: {
            Type: 'AWS::Lambda::Url',
            Properties: { TargetFunctionArn: { Ref: 'Fn' } },
            Condition: 'Never',
          },
        },
        NEVER,
      ),
    ],
    ['what runs at the edge', { Fn: lambda(), V: version(), D: distribution({ Ref: 'V' }) }],
    [
      'what may run at the edge',
      { Fn: lambda(undefined, { Role: { 'Fn::GetAtt': ['R', 'Arn'] } }), R: edgeRole },
    ],
  ],
  invalid: [
    [
      'Fn TracingConfig.Mode',
      'a role for the edge, and a custom resource that invokes the function',
      {
        Fn: lambda(undefined, { Role: { 'Fn::GetAtt': ['R', 'Arn'] } }),
        R: edgeRole,
        C: { Type: 'Custom::Orders', Properties: { ServiceToken: { 'Fn::GetAtt': ['Fn', 'Arn'] } } },
      },
    ],
    ['Fn TracingConfig.Mode', 'no mode', { Fn: lambda() }],
    ['Fn TracingConfig.Mode', 'PassThrough', { Fn: lambda('PassThrough') }],
    ['Fn Tracing', 'SAM without a mode', serverless({})],
    [
      'Fn TracingConfig.Mode',
      'Kafka and a service that may invoke it',
      { Fn: lambda(), M: mapping({ EventSourceArn: KAFKA }), P: permission() },
    ],
    ...(
      [
        ['a URL', { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { Ref: 'Fn' } } }],
        ['a resource policy', resourcePolicy({ Statement: [INVOKE] })],
        ['a resource policy as text', resourcePolicy(JSON.stringify({ Statement: INVOKE }))],
        [
          'a resource policy with a wildcard',
          resourcePolicy({ Statement: { ...INVOKE, Action: ['lambda:Invoke*'] } }),
        ],
        ['a permission with a wildcard', permission({ Action: 'lambda:*' })],
      ] as const
    ).map(([name, P]): [string, ...Case] => [
      'Fn TracingConfig.Mode',
      `Kafka and ${name}`,
      { Fn: lambda(), M: mapping({ EventSourceArn: KAFKA }), P },
    ]),
    [
      'Fn Tracing',
      'SAM with Kafka and a function URL',
      serverless({ FunctionUrlConfig: { AuthType: 'NONE' }, Events: { K: { Type: 'MSK' } } }),
    ],
    [
      'Fn TracingConfig.Mode',
      'Kafka that is never used, and a mode',
      stack(
        't',
        {
          Fn: lambda('PassThrough'),
          M: { ...mapping({ EventSourceArn: KAFKA }), Condition: 'Never' },
        },
        NEVER,
      ),
    ],
    [
      'Fn Tracing',
      'SAM with Kafka and an API',
      serverless({ Events: { K: { Type: 'MSK' }, A: { Type: 'Api' } } }),
    ],
  ],
});
