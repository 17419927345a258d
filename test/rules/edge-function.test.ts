import { EDGE_FUNCTION } from '../../lib/rules/edge-function';
import {
  CONDITIONS,
  distribution,
  lambda,
  mapping,
  QUEUE,
  type Resources,
  ruleTester,
  serverless,
  stack,
  version,
} from './templates';

const EDGE = 'edgelambda.amazonaws.com';
const LAMBDA = 'lambda.amazonaws.com';

const trust = (...services: unknown[]) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: services },
});
const role = (...statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: { Statement: statements } },
});
const WITH_ROLE = { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } };

/** An Active function with a version and a role, and no distribution. */
function withTrust(statements: readonly object[], more: Resources = {}): Resources {
  return { Fn: lambda('Active', WITH_ROLE), V: version(), Role: role(...statements), ...more };
}

ruleTester(EDGE_FUNCTION, {
  valid: [
    ['a function without a mode', { Fn: lambda(), V: version(), D: distribution({ Ref: 'V' }) }],
    [
      'another function',
      { Fn: lambda('Active'), Other: lambda(), V: version({ Ref: 'Other' }), D: distribution({ Ref: 'V' }) },
    ],
    [
      'a distribution without functions',
      { Fn: lambda('Active'), D: { Type: 'AWS::CloudFront::Distribution' } },
    ],
    ['a role for Lambda', withTrust([trust(LAMBDA)])],
    ['a role for another service as well', withTrust([trust(EDGE, LAMBDA, 'states.amazonaws.com')])],
    ['a role for a service that is not known', withTrust([trust(EDGE, { Ref: 'Service' })])],
    [
      'a role for the edge in one case',
      stack('t', withTrust([trust({ 'Fn::If': ['Traced', EDGE, LAMBDA] })]), CONDITIONS),
    ],
    ['a role that denies the edge', withTrust([trust(LAMBDA), { ...trust(EDGE), Effect: 'Deny' }])],
    ['a role that denies after it allows', withTrust([trust(EDGE), { ...trust(EDGE), Effect: 'Deny' }])],
    [
      'a role that another function shares',
      withTrust([trust(EDGE, LAMBDA)], { Other: lambda('Active', WITH_ROLE) }),
    ],
    [
      'a function for the edge and a queue',
      withTrust([trust(EDGE, LAMBDA)], { Q: mapping({ EventSourceArn: QUEUE }) }),
    ],
    [
      'a function for the edge and a service that may invoke it',
      withTrust([trust(EDGE, LAMBDA)], {
        P: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            FunctionName: { Ref: 'Fn' },
            Action: 'lambda:InvokeFunction',
            Principal: 's3.amazonaws.com',
          },
        },
      }),
    ],
    [
      'a function for the edge, which a custom resource invokes',
      withTrust([trust(EDGE, LAMBDA)], {
        C: { Type: 'Custom::Orders', Properties: { ServiceToken: { 'Fn::GetAtt': ['Fn', 'Arn'] } } },
      }),
    ],
    [
      'a function for the edge, which another function may invoke',
      withTrust([trust(EDGE, LAMBDA)], {
        Other: lambda(undefined, { Role: { 'Fn::GetAtt': ['OtherRole', 'Arn'] } }),
        OtherRole: {
          Type: 'AWS::IAM::Role',
          Properties: {
            Policies: [
              {
                PolicyDocument: {
                  Statement: {
                    Effect: 'Allow',
                    Action: 'lambda:InvokeFunction',
                    Resource: { 'Fn::GetAtt': ['Fn', 'Arn'] },
                  },
                },
              },
            ],
          },
        },
      }),
    ],
    [
      'a function for the edge, and resources that a macro adds',
      stack('t', withTrust([trust(EDGE)]), { sections: { Transform: ['AddCallers'] } }),
    ],
    [
      'a function in a region without Lambda@Edge',
      stack('t', withTrust([trust(EDGE, LAMBDA)]), { region: 'eu-west-1' }),
    ],
    [
      'a function for the edge without tracing',
      withTrust([trust(EDGE)], { Fn: lambda('PassThrough', WITH_ROLE) }),
    ],
  ],
  invalid: [
    ['Fn TracingConfig.Mode', 'a role for the edge alone', withTrust([trust(EDGE)])],
    ['Fn TracingConfig.Mode', 'a role for Lambda and the edge', withTrust([trust(LAMBDA, EDGE)])],
    [
      'Fn TracingConfig.Mode',
      'a role for Lambda and the edge, as CDK writes it',
      stack('edge', withTrust([trust(LAMBDA), trust(EDGE)]), { region: 'us-east-1' }),
    ],
    [
      'Fn Tracing',
      "SAM's role for the edge",
      serverless({ Tracing: 'Active', AssumeRolePolicyDocument: { Statement: [trust(LAMBDA, EDGE)] } }),
    ],
    [
      'Fn TracingConfig.Mode',
      'a role for the edge in another template',
      stack('fn', {
        Fn: lambda('Active', { Role: { 'Fn::ImportValue': 'role' } }),
      }),
      stack(
        'roles',
        { Role: role(trust(EDGE)) },
        {
          sections: { Outputs: { Role: { Value: WITH_ROLE.Role, Export: { Name: 'role' } } } },
        },
      ),
    ],
    [
      'Fn TracingConfig.Mode',
      'the default behavior',
      { Fn: lambda('Active'), V: version(), D: distribution({ Ref: 'V' }) },
    ],
    [
      'Fn TracingConfig.Mode',
      'another behavior',
      { Fn: lambda('Active'), V: version(), D: distribution({ Ref: 'V' }, 'CacheBehaviors') },
    ],
    [
      'Fn TracingConfig.Mode',
      'an ARN put together',
      { Fn: lambda('Active'), D: distribution({ 'Fn::Sub': '${Fn.Arn}:1' }) },
    ],
    [
      'Fn Tracing',
      "SAM's version",
      serverless({ Tracing: 'Active', AutoPublishAlias: 'live' }, { D: distribution({ Ref: 'Fn.Version' }) }),
    ],
  ],
});
