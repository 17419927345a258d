import { checkModel } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';
import { describeWithPython, runPython } from '../python/run-python';

const CODE = {
  InlineCode: 'exports.handler = async () => {};',
  Handler: 'index.handler',
  Runtime: 'nodejs22.x',
};
const KAFKA = {
  Type: 'MSK',
  Properties: {
    Stream: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123',
    StartingPosition: 'LATEST',
    Topics: ['orders'],
  },
};
const QUEUE = { Type: 'SQS', Properties: { Queue: 'arn:aws:sqs:eu-west-1:111122223333:orders' } };
const API = { Type: 'Api', Properties: { Path: '/', Method: 'get' } };
const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [] },
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
  },
};

/** A policy that denies, for a role. */
const denial = (role: string) => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyName: 'deny',
    Roles: [{ Ref: role }],
    PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 'xray:*', Resource: '*' }] },
  },
});

const kafkaFor = (functionName: unknown) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { FunctionName: functionName, EventSourceArn: KAFKA.Properties.Stream, Topics: ['orders'] },
});

/** An Active function that has the role that SAM generates for the first one. */
const OTHER_WITH_ROLE = {
  Other: {
    Type: 'AWS::Serverless::Function',
    Properties: { ...CODE, Tracing: 'Active', MemorySize: 256, Role: { 'Fn::GetAtt': ['FnRole', 'Arn'] } },
  },
};

/** A SAM template with one function. */
function sam(properties: object, sections: object = {}, resources: object = {}, attributes: object = {}) {
  return {
    Transform: 'AWS::Serverless-2016-10-31',
    ...sections,
    Resources: {
      Fn: { Type: 'AWS::Serverless::Function', Properties: { ...CODE, ...properties }, ...attributes },
      ...resources,
    },
  };
}

const GLOBALS = {
  Globals: {
    Function: {
      Tracing: 'Active',
      MemorySize: 512,
      Environment: { Variables: { AWS_XRAY_DAEMON_ADDRESS: 'x:1' } },
    },
  },
};

/** Versions that SAM publishes when the mode changes. */
const PUBLISHED = { AutoPublishAlias: 'live', AutoPublishAliasAllProperties: true };

const TEMPLATES: Record<string, object> = {
  'no mode': sam({}),
  Active: sam({ Tracing: 'Active' }),
  'Active with memory': sam({ Tracing: 'Active', MemorySize: 1024 }),
  'Active with little memory and a layer': sam({
    Tracing: 'Active',
    MemorySize: 128,
    Layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:telemetry:1'],
  }),
  PassThrough: sam({ Tracing: 'PassThrough' }),
  Disabled: sam({ Tracing: 'Disabled' }),
  'a wrong mode': sam({ Tracing: 'active' }),
  globals: sam({ Environment: { Variables: { TABLE: 't' } } }, GLOBALS),
  'globals, overruled': sam({ Tracing: 'PassThrough', MemorySize: 128 }, GLOBALS),
  'no globals': sam({}, GLOBALS, {}, { IgnoreGlobals: '*' }),
  'globals without the mode': sam({}, GLOBALS, {}, { IgnoreGlobals: ['Tracing'] }),
  'globals without another property': sam({}, GLOBALS, {}, { IgnoreGlobals: ['MemorySize'] }),
  'a denial for the generated role': sam(
    { Tracing: 'Active', MemorySize: 256 },
    {},
    { Deny: denial('FnRole') },
  ),
  'a denial for the generated role of an untraced function': sam({}, {}, { Deny: denial('FnRole') }),
  'the generated role of another function': sam({ Tracing: 'Active', MemorySize: 256 }, {}, OTHER_WITH_ROLE),
  'the generated role of a function that is not traced': sam({}, {}, OTHER_WITH_ROLE),
  'a mapping of the generated alias': sam(
    { Tracing: 'Active', MemorySize: 256, ...PUBLISHED },
    {},
    { Map: kafkaFor({ Ref: 'FnAliaslive' }), Short: kafkaFor({ Ref: 'Fn.Alias' }) },
  ),
  'a mapping of an alias with other characters': sam(
    { Tracing: 'Active', MemorySize: 256, ...PUBLISHED, AutoPublishAlias: 'blue-green_1' },
    {},
    { Map: kafkaFor({ 'Fn::Sub': '${FnAliasblueDgreenU1}' }), Short: kafkaFor({ 'Fn::Sub': '${Fn.Alias}' }) },
  ),
  'a mapping of the generated version': sam(
    { Tracing: 'Active', MemorySize: 256, ...PUBLISHED },
    {},
    { Map: kafkaFor({ Ref: 'Fn.Version' }) },
  ),
  'an Active function behind Kafka': sam({ Tracing: 'Active', MemorySize: 256, Events: { Orders: KAFKA } }),
  'a function behind Kafka': sam({ Events: { Orders: KAFKA } }),
  'a function behind Kafka and a queue': sam({
    Tracing: 'PassThrough',
    Events: { Orders: KAFKA, Queue: QUEUE },
  }),
  'a function behind Kafka and an API': sam({ Tracing: 'PassThrough', Events: { Orders: KAFKA, Get: API } }),
  'a role without permissions': sam(
    { Tracing: 'Active', MemorySize: 256, Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    {},
    { Role: ROLE },
  ),
  'a policy that denies': sam({
    Tracing: 'Active',
    MemorySize: 256,
    Policies: [{ Statement: [{ Effect: 'Deny', Action: 'xray:*', Resource: '*' }] }],
  }),
  'a permissions boundary': sam({
    Tracing: 'Active',
    MemorySize: 256,
    PermissionsBoundary: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
  }),
  'a published function with a mode by region': sam(
    { Tracing: { 'Fn::If': ['C', 'Active', 'PassThrough'] }, MemorySize: 256, ...PUBLISHED },
    { Conditions: { C: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } } },
  ),
  'a published function with a conditional mode': sam(
    { Tracing: { 'Fn::If': ['C', 'Active', 'PassThrough'] }, AutoPublishAlias: 'live', MemorySize: 256 },
    {
      Parameters: { Stage: { Type: 'String', Default: 'prod' } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    },
  ),
};

function findings(template: unknown): string[] {
  const model = buildTracingModel([{ id: 'template', template }]);
  return checkModel(model)
    .flatMap((finding) => [finding, ...(finding.sameCause ?? [])])
    .map(({ rule, severity, logicalId }) => `${severity} ${rule.id} ${logicalId}`)
    .sort();
}

describeWithPython('SAM and the CloudFormation template from its transform have the same findings', () => {
  const transformed = runPython('transform.py', Object.values(TEMPLATES)) as unknown[];

  test.each(Object.keys(TEMPLATES).map((name, i) => [name, i] as const))('%s', (name, i) => {
    expect(findings(TEMPLATES[name])).toEqual(findings(transformed[i]));
  });

  test('the templates have findings of many rules', () => {
    const found = new Set(
      Object.values(TEMPLATES)
        .flatMap(findings)
        .map((finding) => finding.split(' ')[1]),
    );
    expect(found.size).toBeGreaterThan(7);
  });
});
