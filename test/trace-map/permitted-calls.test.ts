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

/** A function with a role of these statements, and an environment of this variable. */
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

describe('an allowance', () => {
  test.each<[string, object[], unknown, string[]]>([
    [
      'of all there is lets a function call what its environment refers to',
      [{ Action: '*', Resource: '*' }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'of all of a service does',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*' }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    ['of all ARNs does', [{ Action: 'sqs:*', Resource: 'arn:*' }], { Ref: 'Queue' }, ['Queue']],
    [
      'by one of several patterns does',
      [{ Action: 'sqs:*', Resource: ['arn:aws:sqs:*:*:x*', 'arn:aws:sqs:*:*:jo*'] }],
      { Ref: 'Queue' },
      ['Queue'],
    ],
    [
      'of all there is does, for what has no ARN of its own',
      [{ Action: 'rds-data:*', Resource: '*' }],
      { Ref: 'Cluster' },
      ['Cluster'],
    ],
    [
      'by a pattern does, for what is in none of the templates',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:oth*' }],
      'arn:aws:sqs:eu-west-1:111122223333:others',
      ['others'],
    ],
    [
      'by a pattern for others tells nothing of it',
      [{ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:x*' }],
      'arn:aws:sqs:eu-west-1:111122223333:others',
      ['others ?'],
    ],
    [
      'of the versions and aliases of functions lets it call an alias',
      [{ Action: INVOKE, Resource: 'arn:aws:lambda:*:*:function:o*:*' }],
      { Ref: 'Live' },
      ['Other:Live (synchronous)'],
    ],
    [
      'of an alias has it call that, though its environment names the function',
      [{ Action: INVOKE, Resource: { Ref: 'Live' } }],
      { Ref: 'Other' },
      ['Other:Live (synchronous)'],
    ],
    [
      'of a function does not have it call what calls that function',
      [{ Action: '*', Resource: arn('Other') }],
      undefined,
      ['Other (synchronous)'],
    ],
    [
      'under a condition of who calls is one',
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
    ['of nothing is none', [{ Action: 'sqs:*', Resource: { Ref: 'AWS::NoValue' } }], undefined, []],
    [
      'by a name that is partly a pattern is none by name',
      [{ Action: 'sqs:*', Resource: { 'Fn::Sub': 'arn:aws:sqs:*:*:${Env}-*' } }],
      undefined,
      [],
    ],
    [
      'by a service that only deployment tells is none by name',
      [{ Action: 'sqs:*', Resource: { 'Fn::Sub': 'arn:aws:${Service}:eu-west-1:111122223333:jobs' } }],
      undefined,
      [],
    ],
    [
      'by a name of which nothing can be said is none by name',
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
  ])('%s', (_, statements, variable, called) => {
    expect(edgeLines(fn(statements, variable))).toEqual(called.map((name) => `Fn -propagates-> ${name}`));
  });

  test('of a function does not have it call what feeds that function', () => {
    const more = { M: mapping({ EventSourceArn: arn('Queue') }, { Ref: 'Other' }) };
    expect(edgeLines(fn([{ Action: '*', Resource: arn('Other') }], undefined, more))).toEqual([
      'Queue -links-> Other (queue)',
      'Fn -propagates-> Other (synchronous)',
    ]);
  });

  test('of the URL of a function has it call the URL alone, under whatever condition', () => {
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

  test('of one of two, which a parameter tells, may be of either', () => {
    const Resource = { 'Fn::Sub': 'arn:aws:sqs:eu-west-1:111122223333:${Name}' };
    const sections = { Parameters: { Name: { Type: 'String', AllowedValues: ['jobs', 'mails'] } } };
    const resources = fn([{ Action: 'sqs:SendMessage', Resource }]);
    expect(edgeLines(stack('t', resources, { sections }))).toEqual([
      'Fn -propagates-> Queue ?',
      'Fn -propagates-> Mails ?',
    ]);
  });

  test('of what is in another region is not of what is here', () => {
    const Resource = 'arn:aws:sqs:us-east-1:111122223333:jobs';
    const resources = fn([{ Action: 'sqs:SendMessage', Resource }], { Ref: 'Queue' });
    expect(edgeLines(stack('t', resources, { account: '111122223333', region: 'eu-west-1' }))).toEqual([
      'Fn -propagates-> jobs',
      'Fn -propagates-> Queue ?',
    ]);
  });
});

describe('a denial', () => {
  test.each<[string, object, string[]]>([
    [
      'by one of several patterns is one',
      { Effect: 'Deny', Action: '*', Resource: ['arn:aws:sqs:*:*:x*', 'arn:aws:sqs:*:*:jo*'] },
      [],
    ],
    [
      'is none where only deployment tells whether it is',
      { Effect: { Ref: 'Effect' }, Action: '*', Resource: '*' },
      ['Queue'],
    ],
  ])('%s', (_, statement, called) => {
    expect(edgeLines(fn([SEND, statement]))).toEqual(called.map((name) => `Fn -propagates-> ${name}`));
  });

  test('of one of two, which a parameter tells, leaves both', () => {
    const denied = { 'Fn::Sub': 'arn:aws:sqs:eu-west-1:111122223333:${Name}' };
    const sections = { Parameters: { Name: { Type: 'String', AllowedValues: ['jobs', 'mails'] } } };
    const resources = fn([SEND, { Effect: 'Deny', Action: 'sqs:*', Resource: denied }]);
    expect(edgeLines(stack('t', resources, { sections }))).toEqual(['Fn -propagates-> Queue']);
  });

  test('to one of two roles leaves the call to the other', () => {
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

test('a role of which nothing is known forbids nothing', () => {
  const Environment = { Variables: { QUEUE: { Ref: 'Queue' } } };
  const Fn = lambda('Active', { Role: { Ref: 'RoleArn' }, Environment });
  expect(edgeLines({ Fn, Queue: RESOURCES.Queue })).toEqual(['Fn -propagates-> Queue ?']);
});

describe('a function may call what its environment refers to', () => {
  const Api = { Type: 'AWS::ApiGateway::RestApi' };
  const stage = { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' } } };
  const STAGES = { Api, Prod: stage, Test: stage };
  const url = (name: string) => ({
    'Fn::Sub': `https://\${Api}.execute-api.eu-west-1.amazonaws.com/${name}`,
  });

  test.each<[string, unknown, Resources, string[]]>([
    ['all stages of a REST API', url('x'), STAGES, ['Prod ?', 'Test ?']],
    [
      'all stages of a REST API, beside a queue',
      url('x?q=${Queue}'),
      STAGES,
      ['Queue ?', 'Prod ?', 'Test ?'],
    ],
    ['one stage of a REST API', url('${Prod}'), STAGES, ['Prod ?']],
    ['one stage of a REST API, beside a queue', url('${Prod}?q=${Queue}'), STAGES, ['Prod ?', 'Queue ?']],
    ['a REST API without stages', { Ref: 'Api' }, { Api }, ['Api ?']],
    [
      'a load balancer, for which it needs no permission',
      { 'Fn::GetAtt': ['Balancer', 'DNSName'] },
      { Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' } },
      ['Balancer ?'],
    ],
    ['but not a user pool', { Ref: 'Pool' }, { Pool: { Type: 'AWS::Cognito::UserPool' } }, []],
    ['but not a log group', { Ref: 'Log' }, { Log: { Type: 'AWS::Logs::LogGroup' } }, []],
    ['but not what is called as a variable says', 'other', {}, []],
    ['but not itself', 'arn:aws:lambda:eu-west-1:111122223333:function:me', {}, []],
  ])('%s', (_, variable, more, called) => {
    const { Fn, ...others } = fn([], variable, more);
    const { Properties } = Fn as { Properties: object };
    const named = { ...(Fn as object), Properties: { ...Properties, FunctionName: 'me' } };
    expect(edgeLines({ Fn: named, ...others })).toEqual(called.map((name) => `Fn -propagates-> ${name}`));
  });

  test('and does, where its role may call an API', () => {
    const Resource = { 'Fn::Sub': 'arn:aws:execute-api:eu-west-1:111122223333:${Api}/*' };
    expect(edgeLines(fn([{ Action: 'execute-api:Invoke', Resource }], undefined, STAGES))).toEqual([
      'Fn -propagates-> Prod',
      'Fn -propagates-> Test',
    ]);
  });
});
