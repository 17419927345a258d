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

/** A SAM template with one function. */
function sam(properties: object, sections: object = {}, resources: object = {}) {
  return {
    Transform: 'AWS::Serverless-2016-10-31',
    ...sections,
    Resources: {
      Fn: { Type: 'AWS::Serverless::Function', Properties: { ...CODE, ...properties } },
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

const TEMPLATES: Record<string, object> = {
  'no mode': sam({}),
  Active: sam({ Tracing: 'Active' }),
  'Active with memory': sam({ Tracing: 'Active', MemorySize: 1024 }),
  PassThrough: sam({ Tracing: 'PassThrough' }),
  Disabled: sam({ Tracing: 'Disabled' }),
  'a wrong mode': sam({ Tracing: 'active' }),
  globals: sam({ Environment: { Variables: { TABLE: 't' } } }, GLOBALS),
  'globals, overruled': sam({ Tracing: 'PassThrough', MemorySize: 128 }, GLOBALS),
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
  'a published function with a conditional mode': sam(
    { Tracing: { 'Fn::If': ['C', 'Active', 'PassThrough'] }, AutoPublishAlias: 'live', MemorySize: 256 },
    { Conditions: { C: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } } },
  ),
};

function findings(template: unknown): string[] {
  const model = buildTracingModel([{ id: 'template', template }]);
  return checkModel(model)
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
