import { ACTIVE_TRACING } from '../../lib/rules/active-tracing';
import {
  CONDITIONS,
  distribution,
  IF_TRACED,
  KAFKA,
  lambda,
  mapping,
  ruleTester,
  serverless,
  stack,
  version,
} from './templates';

const edgeRole = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Principal: { Service: ['lambda.amazonaws.com', 'edgelambda.amazonaws.com'] } }],
    },
  },
};

ruleTester(ACTIVE_TRACING, {
  valid: [
    ['Active', { Fn: lambda('Active') }],
    ['a mode that is not known', { Fn: lambda({ Ref: 'Mode' }) }],
    ['a mode that can be Active', stack('t', { Fn: lambda(IF_TRACED) }, CONDITIONS)],
    ['what only Kafka feeds', { Fn: lambda(), M: mapping({ EventSourceArn: KAFKA }) }],
    ['what only a SAM event of Kafka feeds', serverless({ Events: { K: { Type: 'MSK' } } })],
    ['what runs at the edge', { Fn: lambda(), V: version(), D: distribution({ Ref: 'V' }) }],
    [
      'what may run at the edge',
      { Fn: lambda(undefined, { Role: { 'Fn::GetAtt': ['R', 'Arn'] } }), R: edgeRole },
    ],
  ],
  invalid: [
    ['Fn TracingConfig.Mode', 'no mode', { Fn: lambda() }],
    ['Fn TracingConfig.Mode', 'PassThrough', { Fn: lambda('PassThrough') }],
    ['Fn Tracing', 'SAM without a mode', serverless({})],
    [
      'Fn TracingConfig.Mode',
      'Kafka and a queue',
      {
        Fn: lambda(),
        M: mapping({ EventSourceArn: KAFKA }),
        Q: mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:1:q' }),
      },
    ],
    [
      'Fn TracingConfig.Mode',
      'Kafka and a service that may invoke it',
      {
        Fn: lambda(),
        M: mapping({ EventSourceArn: KAFKA }),
        P: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Fn' } } },
      },
    ],
    [
      'Fn Tracing',
      'SAM with Kafka and an API',
      serverless({ Events: { K: { Type: 'MSK' }, A: { Type: 'Api' } } }),
    ],
  ],
});
