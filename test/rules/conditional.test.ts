import { buildTracingModel } from '../../lib/model/build-model';
import { ACTIVE_TRACING } from '../../lib/rules/active-tracing';
import { BROKEN_TRACE } from '../../lib/rules/broken-trace';
import { DEPLOY_TIME_MODE } from '../../lib/rules/deploy-time-mode';
import { EXPLICIT_MODE } from '../../lib/rules/explicit-mode';
import { INVALID_MODE } from '../../lib/rules/invalid-mode';
import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import type { Rule } from '../../lib/rules/rule';
import { TOPIC_RESOURCE_POLICY } from '../../lib/rules/topic-resource-policy';
import { UNSUPPORTED_EVENT_SOURCE } from '../../lib/rules/unsupported-event-source';
import { UNTRACED_ENTRY } from '../../lib/rules/untraced-entry';
import { lambda, mapping, type Resources, stack } from './templates';

const KAFKA = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
const JOBS = { 'Fn::GetAtt': ['Jobs', 'Arn'] };
const NOTHING = { Ref: 'AWS::NoValue' };

/** A value that depends on a condition known only at deployment. */
const IF = (then: unknown, otherwise: unknown, condition = 'Prod') => ({
  'Fn::If': [condition, then, otherwise],
});

function findingsOf(rule: Rule, resources: Resources) {
  const sections = {
    Conditions: {
      Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      Other: { 'Fn::Equals': [{ Ref: 'Other' }, 'yes'] },
      Never: { 'Fn::Equals': ['a', 'b'] },
    },
    Parameters: { Mode: { Type: 'String' } },
  };
  return rule.check(buildTracingModel([stack('t', resources, { sections })]));
}

/** An API that invokes the function. */
function api(name: string, TracingEnabled: boolean, condition?: string): Resources {
  const Type = (suffix: string) => `AWS::ApiGateway::${suffix}`;
  const created = condition === undefined ? {} : { Condition: condition };
  const Integration = {
    Type: 'AWS_PROXY',
    Uri: {
      'Fn::Sub': 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
    },
  };
  return {
    [name]: { ...created, Type: Type('RestApi') },
    [`${name}Method`]: {
      ...created,
      Type: Type('Method'),
      Properties: { RestApiId: { Ref: name }, Integration },
    },
    [`${name}Stage`]: {
      ...created,
      Type: Type('Stage'),
      Properties: { RestApiId: { Ref: name }, StageName: 'prod', TracingEnabled },
    },
  };
}

const version = (more: object = {}) => ({
  Type: 'AWS::Lambda::Version',
  Properties: { FunctionName: { Ref: 'Fn' } },
  ...more,
});

const NEVER: Resources = { Fn: { ...lambda(), Condition: 'Never' } };

/** A traced function that sends to a queue, and a consumer with another event source. */
function consuming(EventSourceArn: unknown): Resources {
  return {
    Intake: lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [
          { PolicyDocument: { Statement: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: JOBS } } },
        ],
      },
    },
    Jobs: { Type: 'AWS::SQS::Queue' },
    Consume: mapping({ EventSourceArn: JOBS }),
    Other: mapping({ EventSourceArn }),
    Fn: lambda('PassThrough'),
  };
}

describe('accepts', () => {
  test.each<[string, Rule, Resources]>([
    ['a function that is never created', ACTIVE_TRACING, NEVER],
    ['a function that is never created, and has no mode', EXPLICIT_MODE, NEVER],
    [
      'an invalid mode under either condition',
      DEPLOY_TIME_MODE,
      {
        Fn: lambda(IF('active', 'active')),
        A: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' } } },
      },
    ],
    [
      'an alias on a version that changes with the mode',
      DEPLOY_TIME_MODE,
      {
        Fn: lambda({ Ref: 'Mode' }),
        V: {
          Type: 'AWS::Lambda::Version',
          Properties: { FunctionName: { Ref: 'Fn' }, Description: { Ref: 'Mode' } },
        },
        A: {
          Type: 'AWS::Lambda::Alias',
          Properties: { FunctionName: { Ref: 'Fn' }, FunctionVersion: { 'Fn::GetAtt': ['V', 'Version'] } },
        },
      },
    ],
    [
      'Kafka that invokes one function or another, each while it is PassThrough',
      UNSUPPORTED_EVENT_SOURCE,
      {
        Fn: lambda(IF('PassThrough', 'Active')),
        Other: lambda('PassThrough'),
        M: mapping({ EventSourceArn: KAFKA }, IF({ Ref: 'Fn' }, { Ref: 'Other' })),
      },
    ],
    [
      'Kafka under a condition that excludes the function',
      UNSUPPORTED_EVENT_SOURCE,
      {
        Fn: lambda(IF('PassThrough', 'Active', 'Other')),
        M: mapping(
          { EventSourceArn: IF(KAFKA, JOBS) },
          IF('arn:aws:lambda:eu-west-1:1:function:x', { Ref: 'Fn' }),
        ),
      },
    ],
    [
      'a mode that is the same wherever the version exists',
      DEPLOY_TIME_MODE,
      { Fn: lambda(IF('Active', 'PassThrough')), V: version({ Condition: 'Prod' }) },
    ],
    [
      'Kafka, and a permission that is never created',
      ACTIVE_TRACING,
      {
        Fn: lambda(),
        M: mapping({ EventSourceArn: KAFKA }),
        P: {
          Type: 'AWS::Lambda::Permission',
          Condition: 'Never',
          Properties: { FunctionName: { Ref: 'Fn' }, Action: 'lambda:InvokeFunction' },
        },
      },
    ],
    [
      'Kafka, and a URL that is never created',
      ACTIVE_TRACING,
      {
        Fn: lambda(),
        M: mapping({ EventSourceArn: KAFKA }),
        U: {
          Type: 'AWS::Lambda::Url',
          Condition: 'Never',
          Properties: { TargetFunctionArn: { Ref: 'Fn' }, AuthType: 'NONE' },
        },
      },
    ],
    [
      'Kafka through an alias that is never created',
      UNSUPPORTED_EVENT_SOURCE,
      {
        Fn: lambda('Active'),
        A: {
          Type: 'AWS::Lambda::Alias',
          Condition: 'Never',
          Properties: { Name: 'live', FunctionName: { Ref: 'Fn' }, FunctionVersion: '1' },
        },
        M: mapping({ EventSourceArn: KAFKA }, { Ref: 'A' }),
      },
    ],
    [
      'an untraced API beside a traced one',
      UNTRACED_ENTRY,
      { Fn: lambda('Active'), ...api('Old', false, 'Prod'), ...api('New', true) },
    ],
    [
      'an untraced API that is never created',
      UNTRACED_ENTRY,
      { Fn: lambda('Active'), ...api('Api', false, 'Never') },
    ],
  ])('%s', (_, rule, resources) => {
    expect(findingsOf(rule, resources)).toEqual([]);
  });
});

describe('nested stacks and exports', () => {
  const PROD = { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } };
  const BAD: Resources = { Fn: lambda('bad') };

  test.each([
    ['that is never created', { 'Fn::Equals': ['a', 'b'] }, 0],
    ['that can be created', PROD.Prod, 1],
  ])('checks a nested stack %s', (_, condition, findings) => {
    const parent = stack(
      'parent',
      { Net: { Type: 'AWS::CloudFormation::Stack', Condition: 'C', Properties: { TemplateURL: 'n' } } },
      { sections: { Conditions: { C: condition } } },
    );
    const nested = stack('nested', BAD, { nestedIn: { id: 'parent', logicalId: 'Net' } });
    expect(INVALID_MODE.check(buildTracingModel([parent, nested]))).toHaveLength(findings);
  });

  test('follows an export only where it exists', () => {
    const outputs = (Condition?: string) => ({
      Fn: { Condition, Value: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Export: { Name: 'fn' } },
    });
    const consumer = stack('consumer', {
      M: mapping({ EventSourceArn: KAFKA }, { 'Fn::ImportValue': 'fn' }),
    });
    const found = (condition?: string) =>
      UNSUPPORTED_EVENT_SOURCE.check(
        buildTracingModel([
          stack(
            'fn',
            { Fn: lambda(IF('PassThrough', 'Active')) },
            {
              sections: { Conditions: PROD, Outputs: outputs(condition) },
            },
          ),
          consumer,
        ]),
      );
    expect(found('Prod')).toEqual([]);
    expect(found()).toHaveLength(1);
  });

  test('the rules of a template say nothing about other templates', () => {
    const only = (region: string) => ({
      Rules: {
        Region: { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, region] } }] },
      },
    });
    const regions = ['eu-west-1', 'us-east-1'].map((region) =>
      stack(region, BAD, { sections: only(region) }),
    );
    expect(INVALID_MODE.check(buildTracingModel(regions))).toHaveLength(2);
  });
});

describe('reports', () => {
  test.each<[string, Rule, Resources, string]>([
    [
      'PassThrough, or no mode',
      ACTIVE_TRACING,
      { Fn: lambda(IF('PassThrough', NOTHING)) },
      "Function 'Fn' is PassThrough, so it records no traces, even for requests that its callers trace.",
    ],
    [
      'a library that is off where the function may be Active',
      RESERVED_ENVIRONMENT,
      {
        Fn: lambda(IF('Active', 'PassThrough'), {
          Environment: { Variables: { OTEL_SDK_DISABLED: 'true' } },
        }),
      },
      "Environment variable OTEL_SDK_DISABLED=true of function 'Fn' turns off OpenTelemetry, although the function is traced.",
    ],
    [
      'a topic that may be traced',
      TOPIC_RESOURCE_POLICY,
      { T: { Type: 'AWS::SNS::Topic', Properties: { TracingConfig: IF('Active', NOTHING) } } },
      "Topic 'T' has active tracing, but no AWS::XRay::ResourcePolicy in these templates allows SNS to write its traces.",
    ],
    [
      'a mode that differs where the version exists',
      DEPLOY_TIME_MODE,
      { Fn: lambda(IF('Active', 'PassThrough')), V: version({ Condition: 'Other' }) },
      "The tracing mode of function 'Fn' is known only at deployment, but the function is published. If the mode changes, its versions keep the old mode.",
    ],
    [
      'an untraced API where no traced one is created',
      UNTRACED_ENTRY,
      { Fn: lambda('Active'), ...api('Old', false), ...api('New', true, 'Prod') },
      "Tracing is off for 'Old (prod)' (Amazon API Gateway (REST API)), and no traced service invokes 'Fn', so traces start at the function.",
    ],
  ])('%s', (_, rule, resources, message) => {
    expect(findingsOf(rule, resources)).toMatchObject([{ message }]);
  });

  test.each([
    ['another queue', 'arn:aws:sqs:eu-west-1:1:q', "Set TracingConfig.Mode of 'Fn' to Active."],
    [
      'Kafka, or another queue,',
      IF(KAFKA, 'arn:aws:sqs:eu-west-1:1:q'),
      "Use a separate function for the traced callers of 'Fn'. It must stay PassThrough because X-Ray does not support one of its event sources.",
    ],
  ])('the fix of a broken trace behind a queue, if %s also invokes the function', (_, source, fix) => {
    expect(findingsOf(BROKEN_TRACE, consuming(source))).toMatchObject([{ fix }]);
  });
});

test('follows a trace only in the cases that the rules of the template allow', () => {
  const sections = (rules: object) => ({
    sections: {
      Parameters: {
        Stage: { Type: 'String', AllowedValues: ['prod', 'dev'] },
        Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] },
      },
      Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      Rules: rules,
    },
  });
  const resources = { ...api('Api', true, 'Prod'), Fn: lambda({ Ref: 'Mode' }) };
  const activeInProd = {
    Traced: {
      RuleCondition: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'Mode' }, 'Active'] } }],
    },
  };
  const found = (rules: object) =>
    BROKEN_TRACE.check(buildTracingModel([stack('t', resources, sections(rules))]));
  expect(found({})).toHaveLength(1);
  expect(found(activeInProd)).toEqual([]);
});
