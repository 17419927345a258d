import { lambda, mapping, type Resources, stack } from '../rules/templates';
import { edgeLines } from './edge-lines';

const RESOURCES: Resources = {
  Other: lambda('Active', { FunctionName: 'other' }),
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Other' }, Name: 'live' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
  Mails: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'mails' } },
  Cluster: { Type: 'AWS::RDS::DBCluster' },
};

const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A function with these statements in its role and this environment variable. */
function fn(statements: object[], variable?: unknown, more: Resources = {}): Resources {
  return {
    Fn: lambda('Active', { Role: arn('Role'), Environment: { Variables: { A: variable } } }),
    Role: role(statements),
    ...RESOURCES,
    ...more,
  };
}

function role(statements: object[]) {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
  return {
    Type: 'AWS::IAM::Role',
    Properties: { Policies: [{ PolicyName: 'P', PolicyDocument: { Statement } }] },
  };
}

const SEND = { Action: 'sqs:SendMessage', Resource: arn('Queue') };
const INVOKE = 'lambda:InvokeFunction';

describe('an Allow statement', () => {
  test.each<[string, object[], unknown, string[]]>([
    [
      'for all resources allows calls to nodes in the environment',
      [{ Action: '*', Resource: '*' }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'for all resources of a service allows calls to nodes in the environment',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*' }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'for all ARNs allows calls to nodes in the environment',
      [{ Action: 'sqs:*', Resource: 'arn:*' }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'with several patterns allows calls to nodes in the environment',
      [{ Action: 'sqs:*', Resource: ['arn:aws:sqs:*:*:x*', 'arn:aws:sqs:*:*:jo*'] }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'for all resources allows calls to nodes without an ARN',
      [{ Action: 'rds-data:*', Resource: '*' }],
      { Ref: 'Cluster' },
      ['Cluster'],
    ],
    [
      'with a pattern allows calls to nodes outside of the templates',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:oth*' }],
      'arn:aws:sqs:eu-west-1:111122223333:others',
      ['others'],
    ],
    [
      'with a pattern for others leaves calls uncertain',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:x*' }],
      'arn:aws:sqs:eu-west-1:111122223333:others',
      ['others ?'],
    ],
    [
      'for versions and aliases allows calls through an alias',
      [{ Action: INVOKE, Resource: 'arn:aws:lambda:*:*:function:o*:*' }],
      { Ref: 'Live' },
      ['Other:Live (synchronous)'],
    ],
    [
      'for an alias makes calls go through it',
      [{ Action: INVOKE, Resource: { Ref: 'Live' } }],
      { Ref: 'Other' },
      ['Other:Live (synchronous)'],
    ],
    [
      'for a function allows no calls of its callers',
      [{ Action: '*', Resource: arn('Other') }],
      undefined,
      ['Other (synchronous)'],
    ],
    [
      'with a condition on the caller allows calls',
      [
        {
          Action: INVOKE,
          Resource: arn('Other'),
          Condition: { StringEquals: { 'aws:ResourceAccount': '1' } },
        },
      ],
      undefined,
      ['Other (synchronous)'],
    ],
    [
      'without resources allows no calls',
      [{ Action: 'sqs:*', Resource: { Ref: 'AWS::NoValue' } }],
      undefined,
      [],
    ],
    [
      'with a pattern in a name names no node',
      [{ Action: 'sqs:*', Resource: { 'Fn::Sub': 'arn:aws:sqs:*:*:${Env}-*' } }],
      undefined,
      [],
    ],
    [
      'with an unknown service names no node',
      [{ Action: 'sqs:*', Resource: { 'Fn::Sub': 'arn:aws:${Service}:eu-west-1:111122223333:jobs' } }],
      undefined,
      [],
    ],
    [
      'with an unknown name names no node',
      [
        {
          Action: 'sqs:*',
          Resource: {
            'Fn::Sub': [
              'arn:aws:sqs:*:*:jobs-${Zone}',
              { Zone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] } },
            ],
          },
        },
      ],
      undefined,
      [],
    ],
  ])('%s', (_, statements, variable, targets) => {
    expect(edgeLines(fn(statements, variable))).toEqual(targets.map((name) => `Fn -propagates-> ${name}`));
  });

  test('for a function allows no calls of its event sources', () => {
    const more = { M: mapping({ EventSourceArn: arn('Queue') }, { Ref: 'Other' }) };
    expect(edgeLines(fn([{ Action: '*', Resource: arn('Other') }], undefined, more))).toEqual([
      'Queue -links-> Other (queue)',
      'Fn -propagates-> Other (synchronous)',
    ]);
  });

  test('for the URL of a function allows calls of the URL only, under any condition', () => {
    const url = { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: arn('Other') } };
    const statement = {
      Action: ['lambda:InvokeFunctionUrl', INVOKE],
      Resource: arn('Other'),
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': 'o-1' },
        Bool: { 'aws:SecureTransport': 'true', 'Lambda:InvokedViaFunctionUrl': 'true' },
      },
    };
    expect(edgeLines(fn([statement], undefined, { Url: url }))).toEqual([
      'Url -breaks-> Other (synchronous)',
      'Fn -propagates-> Url',
    ]);
  });

  test('with a name that a parameter selects allows possible calls of each', () => {
    const Resource = { 'Fn::Sub': 'arn:aws:sqs:eu-west-1:111122223333:${Name}' };
    const sections = { Parameters: { Name: { Type: 'String', AllowedValues: ['jobs', 'mails'] } } };
    const resources = fn([{ Action: 'sqs:SendMessage', Resource }]);
    expect(edgeLines(stack('t', resources, { sections }))).toEqual([
      'Fn -propagates-> Queue ?',
      'Fn -propagates-> Mails ?',
    ]);
  });

  test('for another region allows no calls in this one', () => {
    const Resource = 'arn:aws:sqs:us-east-1:111122223333:jobs';
    const resources = fn([{ Action: 'sqs:SendMessage', Resource }], { Ref: 'Queue' });
    expect(edgeLines(stack('t', resources, { account: '111122223333', region: 'eu-west-1' }))).toEqual([
      'Fn -propagates-> jobs',
      'Fn -propagates-> Queue ?',
    ]);
  });
});

describe('a Deny statement', () => {
  test.each<[string, object, string[]]>([
    [
      'with several patterns excludes calls',
      { Effect: 'Deny', Action: '*', Resource: ['arn:aws:sqs:*:*:x*', 'arn:aws:sqs:*:*:jo*'] },
      [],
    ],
    [
      'with an empty condition excludes calls',
      { Effect: 'Deny', Action: '*', Resource: '*', Condition: {} },
      [],
    ],
    [
      'with an effect that is known only at deployment excludes no calls',
      { Effect: { Ref: 'Effect' }, Action: '*', Resource: '*' },
      ['Queue'],
    ],
  ])('%s', (_, statement, targets) => {
    expect(edgeLines(fn([SEND, statement]))).toEqual(targets.map((name) => `Fn -propagates-> ${name}`));
  });

  test('with a name that a parameter selects excludes no calls', () => {
    const denied = { 'Fn::Sub': 'arn:aws:sqs:eu-west-1:111122223333:${Name}' };
    const sections = { Parameters: { Name: { Type: 'String', AllowedValues: ['jobs', 'mails'] } } };
    const resources = fn([SEND, { Effect: 'Deny', Action: 'sqs:*', Resource: denied }]);
    expect(edgeLines(stack('t', resources, { sections }))).toEqual(['Fn -propagates-> Queue']);
  });

  test('in one of two roles excludes no calls', () => {
    const Fn = lambda('Active', {
      Role: { 'Fn::If': ['C', arn('Strict'), arn('Lax')] },
      Environment: { Variables: { QUEUE: { Ref: 'Queue' } } },
    });
    const Strict = role([{ Effect: 'Deny', Action: 'sqs:*', Resource: '*' }]);
    expect(edgeLines({ Fn, Strict, Lax: role([]), Queue: RESOURCES.Queue })).toEqual([
      'Fn -propagates-> Queue ?',
    ]);
  });
});

test('an unknown role excludes no calls', () => {
  const Environment = { Variables: { QUEUE: { Ref: 'Queue' } } };
  const Fn = lambda('Active', { Role: { Ref: 'RoleArn' }, Environment });
  expect(edgeLines({ Fn, Queue: RESOURCES.Queue })).toEqual(['Fn -propagates-> Queue ?']);
});

describe('a function possibly calls the nodes that its environment refers to', () => {
  const Api = { Type: 'AWS::ApiGateway::RestApi' };
  const stage = { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' } } };
  const STAGES = { Api, Prod: stage, Test: stage };
  const url = (name: string) => ({
    'Fn::Sub': `https://\${Api}.execute-api.eu-west-1.amazonaws.com/${name}`,
  });

  test.each<[string, unknown, Resources, string[]]>([
    ['all stages of a REST API', url('x'), STAGES, ['Prod ?', 'Test ?']],
    ['all stages of a REST API, and a queue', url('x?q=${Queue}'), STAGES, ['Queue ?', 'Prod ?', 'Test ?']],
    ['one stage of a REST API', url('${Prod}'), STAGES, ['Prod ?']],
    ['one stage of a REST API, and a queue', url('${Prod}?q=${Queue}'), STAGES, ['Prod ?', 'Queue ?']],
    ['a REST API without stages', { Ref: 'Api' }, { Api }, ['Api ?']],
    [
      'a load balancer, which needs no permission',
      { 'Fn::GetAtt': ['Balancer', 'DNSName'] },
      { Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' } },
      ['Balancer ?'],
    ],
    ['but not a user pool', { Ref: 'Pool' }, { Pool: { Type: 'AWS::Cognito::UserPool' } }, []],
    ['but not a log group', { Ref: 'Log' }, { Log: { Type: 'AWS::Logs::LogGroup' } }, []],
    ['but not a plain name', 'other', {}, []],
    ['but not itself', 'arn:aws:lambda:eu-west-1:111122223333:function:me', {}, []],
  ])('%s', (_, variable, more, targets) => {
    const { Fn, ...others } = fn([], variable, more);
    const { Properties } = Fn as { Properties: object };
    const named = { ...(Fn as object), Properties: { ...Properties, FunctionName: 'me' } };
    expect(edgeLines({ Fn: named, ...others })).toEqual(targets.map((name) => `Fn -propagates-> ${name}`));
  });

  test('and calls an API that its role allows', () => {
    const Resource = { 'Fn::Sub': 'arn:aws:execute-api:eu-west-1:111122223333:${Api}/*' };
    expect(edgeLines(fn([{ Action: 'execute-api:Invoke', Resource }], undefined, STAGES))).toEqual([
      'Fn -propagates-> Prod',
      'Fn -propagates-> Test',
    ]);
  });
});

describe('the role that SAM generates', () => {
  const policy = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'SamRole' }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', ...SEND }] },
    },
  };
  const sam = (type: string, more: object = {}) => ({
    Sam: { Type: `AWS::Serverless::${type}`, Properties: more },
  });

  test.each<[what: string, resources: Resources, calls: string[]]>([
    ['allows the calls of a policy for it', sam('Function'), ['Sam -propagates-> Queue']],
    [
      'of a state machine allows the calls of a policy for it',
      sam('StateMachine'),
      ['Sam -propagates-> Queue ?'],
    ],
    ['does not exist for a function that names a role', sam('Function', { Role: arn('Role') }), []],
    [
      'leaves the calls of two functions uncertain if another function has it too',
      {
        ...sam('Function', { Policies: [{ SQSSendMessagePolicy: { QueueName: 'jobs' } }] }),
        Fn: lambda('Active', { Role: arn('SamRole') }),
      },
      ['Sam -propagates-> Queue ?', 'Fn -propagates-> Queue ?'],
    ],
  ])('%s', (_, resources, calls) => {
    const lines = edgeLines({ ...RESOURCES, Role: role([]), Policy: policy, ...resources });
    expect(lines).toEqual(calls);
  });
});
