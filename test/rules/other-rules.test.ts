import { ACTIVE_TRACING } from '../../lib/rules/active-tracing';
import { DAEMON_MEMORY } from '../../lib/rules/daemon-memory';
import { DEPLOY_TIME_MODE } from '../../lib/rules/deploy-time-mode';
import { EDGE_FUNCTION } from '../../lib/rules/edge-function';
import { EXPLICIT_MODE } from '../../lib/rules/explicit-mode';
import { INVALID_MODE } from '../../lib/rules/invalid-mode';
import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import { SAMPLING_RULE } from '../../lib/rules/sampling-rule';
import { TOPIC_RESOURCE_POLICY } from '../../lib/rules/topic-resource-policy';
import { type Case, lambda, mapping, type Resources, ruleTester, stack } from './templates';

const KAFKA = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
const CONDITIONS = { sections: { Conditions: { Traced: { 'Fn::Equals': [{ Ref: 'T' }, 'yes'] } } } };
const IF_TRACED = { 'Fn::If': ['Traced', 'Active', 'PassThrough'] };

function serverless(properties: object, more: Resources = {}): Resources {
  return { Fn: { Type: 'AWS::Serverless::Function', Properties: properties }, ...more };
}

function version(name: unknown = { Ref: 'Fn' }, more: object = {}) {
  return { Type: 'AWS::Lambda::Version', Properties: { FunctionName: name, ...more } };
}

ruleTester(INVALID_MODE, {
  valid: [
    ['Active', { Fn: lambda('Active') }],
    ['PassThrough', { Fn: lambda('PassThrough') }],
    ['no mode', { Fn: lambda() }],
    ['a mode that is not known', { Fn: lambda({ Ref: 'Mode' }) }],
    ["SAM's Disabled", serverless({ Tracing: 'Disabled' })],
  ],
  invalid: [
    ...['active', 'Passthrough', 'Disabled', ''].map((mode): [string, ...Case] => [
      'Fn TracingConfig.Mode',
      `'${mode}'`,
      { Fn: lambda(mode) },
    ]),
    ['Fn Tracing', 'a wrong mode in SAM', serverless({ Tracing: 'active' })],
    [
      'Fn TracingConfig.Mode',
      'a parameter that allows a wrong one',
      stack(
        't',
        { Fn: lambda({ Ref: 'M' }) },
        {
          sections: { Parameters: { M: { Type: 'String', AllowedValues: ['Active', 'Off'] } } },
        },
      ),
    ],
  ],
});

const environment = (variables: object, mode: unknown = 'Active'): Resources => ({
  Fn: lambda(mode, { Environment: { Variables: variables } }),
});

ruleTester(RESERVED_ENVIRONMENT, {
  valid: [
    ['no environment', { Fn: lambda('Active') }],
    ['other variables', environment({ TABLE_NAME: 'orders', _X_AMZN: 'x' })],
    ['what Lambda sets itself', environment({ AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR' })],
    ['libraries that are on', environment({ POWERTOOLS_TRACE_ENABLED: 'true', OTEL_SDK_DISABLED: 'false' })],
    [
      'libraries off where nothing is traced',
      environment({ POWERTOOLS_TRACE_ENABLED: 'false' }, 'PassThrough'),
    ],
    ['a value that is not known', environment({ AWS_XRAY_CONTEXT_MISSING: { Ref: 'X' } })],
    ['an environment that is no object', { Fn: lambda('Active', { Environment: 'x' }) }],
  ],
  invalid: [
    [
      'Fn Environment.Variables._X_AMZN_TRACE_ID',
      'the trace ID',
      environment({ _X_AMZN_TRACE_ID: { Ref: 'X' } }, 'PassThrough'),
    ],
    [
      'Fn Environment.Variables.AWS_XRAY_DAEMON_ADDRESS',
      "the daemon's address",
      environment({ AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:1' }),
    ],
    [
      'Fn Environment.Variables.AWS_XRAY_CONTEXT_MISSING',
      'throwing',
      environment({ AWS_XRAY_CONTEXT_MISSING: 'RUNTIME_ERROR' }),
    ],
    ...Object.entries({
      AWS_XRAY_SDK_ENABLED: false,
      POWERTOOLS_TRACE_ENABLED: 'False',
      POWERTOOLS_TRACE_DISABLED: 1,
      OTEL_SDK_DISABLED: 'true',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_TRACES_SAMPLER: 'always_off',
    }).map(([name, value]): [string, ...Case] => [
      `Fn Environment.Variables.${name}`,
      `${name}=${value}`,
      environment({ [name]: value }),
    ]),
    [
      'Fn Environment.Variables.AWS_XRAY_DAEMON_ADDRESS',
      'a variable of all SAM functions',
      stack('sam', serverless({ Environment: { Variables: { A: 'b' } } }), {
        sections: {
          Globals: { Function: { Environment: { Variables: { AWS_XRAY_DAEMON_ADDRESS: 'x' } } } },
        },
      }),
    ],
  ],
});

const distribution = (arn: unknown, behavior = 'DefaultCacheBehavior') => {
  const associations = {
    LambdaFunctionAssociations: [{ EventType: 'viewer-request', LambdaFunctionARN: arn }],
  };
  return {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: { [behavior]: behavior === 'CacheBehaviors' ? [associations] : associations },
    },
  };
};
const edgeRole = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Principal: { Service: ['lambda.amazonaws.com', 'edgelambda.amazonaws.com'] } }],
    },
  },
};

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
  ],
  invalid: [
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

ruleTester(EXPLICIT_MODE, {
  valid: [
    ['Active', { Fn: lambda('Active') }],
    ['PassThrough', { Fn: lambda('PassThrough') }],
    ['a mode that is not known', { Fn: lambda({ Ref: 'Mode' }) }],
    [
      'a mode of all SAM functions',
      stack('sam', serverless({}), { sections: { Globals: { Function: { Tracing: 'Active' } } } }),
    ],
    ['what runs at the edge', { Fn: lambda(), V: version(), D: distribution({ Ref: 'V' }) }],
  ],
  invalid: [
    ['Fn TracingConfig.Mode', 'no mode', { Fn: lambda() }],
    ['Fn Tracing', "SAM's Disabled, which leaves it out", serverless({ Tracing: 'Disabled' })],
  ],
});

const ALIAS = { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } };

ruleTester(DEPLOY_TIME_MODE, {
  valid: [
    ['a mode that is written out', { Fn: lambda('Active'), V: version() }],
    ['a function that is not published', stack('t', { Fn: lambda(IF_TRACED) }, CONDITIONS)],
    ['no mode', { Fn: lambda(), V: version() }],
    [
      'a condition that makes no difference',
      stack('t', { Fn: lambda({ 'Fn::If': ['Traced', 'Active', 'Active'] }), V: version() }, CONDITIONS),
    ],
    [
      'a version that is replaced when the parameter changes',
      {
        Fn: lambda({ Ref: 'Mode' }),
        V: version({ Ref: 'Fn' }, { Description: { 'Fn::Sub': 'X-Ray tracing: ${Mode}' } }),
      },
    ],
    [
      'a version that is replaced when the condition turns out otherwise',
      stack(
        't',
        { Fn: lambda(IF_TRACED), V: version({ Ref: 'Fn' }, { Description: IF_TRACED }) },
        CONDITIONS,
      ),
    ],
    [
      'a mode that the parent stack writes out',
      stack('p', {
        N: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Mode: 'Active' } } },
      }),
      stack(
        'n',
        { Fn: lambda({ Ref: 'Mode' }), V: version() },
        { nestedIn: { id: 'p', logicalId: 'N' }, sections: { Parameters: { Mode: { Type: 'String' } } } },
      ),
    ],
  ],
  invalid: [
    ['Fn TracingConfig.Mode', 'a parameter', { Fn: lambda({ Ref: 'Mode' }), V: version() }],
    ['Fn TracingConfig.Mode', 'a condition', stack('t', { Fn: lambda(IF_TRACED), A: ALIAS }, CONDITIONS)],
    [
      'Fn TracingConfig.Mode',
      'a version whose description states something else',
      {
        Fn: lambda({ Ref: 'Mode' }),
        V: version({ Ref: 'Fn' }, { Description: { 'Fn::Sub': 'of ${Stage}' } }),
      },
    ],
    [
      'Fn Tracing',
      'SAM that goes by all properties, of which it sees the parameter alone',
      serverless({
        Tracing: { Ref: 'Mode' },
        AutoPublishAlias: 'live',
        AutoPublishAliasAllProperties: true,
      }),
    ],
    [
      'Fn Tracing',
      'SAM that publishes by itself',
      serverless({ Tracing: { Ref: 'Mode' }, AutoPublishAlias: 'live' }),
    ],
  ],
});

const memory = (MemorySize: unknown, mode: unknown = 'Active'): Resources => ({
  Fn: lambda(mode, { MemorySize }),
});

ruleTester(DAEMON_MEMORY, {
  valid: [
    ['160 MB', memory(160)],
    ['a gigabyte, as text', memory('1024')],
    ['little memory without tracing', memory(128, 'PassThrough')],
    ['memory that is not known', memory({ Ref: 'Memory' })],
  ],
  invalid: [
    ['Fn MemorySize', '128 MB', memory(128)],
    ['Fn MemorySize', '159 MB', memory(159)],
    ['Fn MemorySize', 'the default', { Fn: lambda('Active') }],
    [
      'Fn MemorySize',
      'the default of all SAM functions',
      stack('sam', serverless({ Tracing: 'Active' }), {
        sections: { Globals: { Function: { MemorySize: 128 } } },
      }),
    ],
  ],
});

const samplingRule = (ServiceType: unknown): Resources => ({
  R: { Type: 'AWS::XRay::SamplingRule', Properties: { SamplingRule: { ServiceType } } },
});

ruleTester(SAMPLING_RULE, {
  valid: [
    ['API Gateway', samplingRule('AWS::ApiGateway::Stage')],
    ['all services', samplingRule('*')],
    ['a type that is not known', samplingRule({ Ref: 'Type' })],
    ['a rule without anything', { R: { Type: 'AWS::XRay::SamplingRule' } }],
  ],
  invalid: [
    ['R SamplingRule.ServiceType', 'the function', samplingRule('AWS::Lambda::Function')],
    ['R SamplingRule.ServiceType', 'the service', samplingRule('AWS::Lambda')],
  ],
});

const TOPIC = { Type: 'AWS::SNS::Topic', Properties: { TracingConfig: 'Active' } };
const policy = (condition?: object, statement: object = {}) => ({
  Type: 'AWS::XRay::ResourcePolicy',
  Properties: {
    PolicyName: 'p',
    PolicyDocument: {
      'Fn::Sub': JSON.stringify({
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: ['xray:PutTraceSegments'],
            Resource: '*',
            ...(condition && { Condition: condition }),
            ...statement,
          },
        ],
      }),
    },
  },
});

ruleTester(TOPIC_RESOURCE_POLICY, {
  valid: [
    ['a topic without tracing', { T: { Type: 'AWS::SNS::Topic' } }],
    ['a policy for all topics', { T: TOPIC, P: policy() }],
    ['a policy for the topic', { T: TOPIC, P: policy({ ArnEquals: { 'aws:SourceArn': '${T}' } }) }],
    [
      'a policy for topics of the account',
      { T: TOPIC, P: policy({ StringLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } }) },
    ],
    [
      'a policy for the name',
      {
        T: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'orders', TracingConfig: 'Active' } },
        P: policy({ StringLike: { 'AWS:SourceArn': 'arn:aws:sns:${AWS::Region}:1:orders' } }),
      },
    ],
    ['a policy in another template', { T: TOPIC }, { P: policy() }],
    [
      'a policy that is not known',
      { T: TOPIC, P: { Type: 'AWS::XRay::ResourcePolicy', Properties: { PolicyDocument: { Ref: 'D' } } } },
    ],
    [
      'tracing that is not known',
      { T: { Type: 'AWS::SNS::Topic', Properties: { TracingConfig: { Ref: 'X' } } } },
    ],
  ],
  invalid: [
    ['T TracingConfig', 'no policy', { T: TOPIC }],
    [
      'T TracingConfig',
      'a policy for another topic',
      { T: TOPIC, O: { Type: 'AWS::SNS::Topic' }, P: policy({ ArnEquals: { 'aws:SourceArn': '${O}' } }) },
    ],
    [
      'T TracingConfig',
      'a policy for another name',
      { T: TOPIC, P: policy({ ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:1:x' } }) },
    ],
    [
      'T TracingConfig',
      'a policy for another service',
      { T: TOPIC, P: policy(undefined, { Principal: { Service: 'events.amazonaws.com' } }) },
    ],
    [
      'T TracingConfig',
      'a policy for another action',
      { T: TOPIC, P: policy(undefined, { Action: 'xray:GetSamplingRules' }) },
    ],
    ['T TracingConfig', 'a denial', { T: TOPIC, P: policy(undefined, { Effect: 'Deny' }) }],
  ],
});
