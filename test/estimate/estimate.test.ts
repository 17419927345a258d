import fc from 'fast-check';
import { lambda, mapping, type Resources, stack } from '../rules/templates';
import { estimated, recorded, sampled } from './estimates';
import { queueChain, resources, restApi } from './systems';

const FUNCTION = { Fn: lambda('Active') };

describe('a function without callers', () => {
  test.each([
    [0.5, 0.5],
    [1, 1],
    [10, 1.45],
    [1000, 50.95],
  ])('is sampled at %d requests per second', (requests, traces) => {
    expect(sampled({ default: requests }, FUNCTION)).toEqual({ Fn: [requests, traces] });
    expect(recorded({ default: requests }, FUNCTION)).toEqual({ Fn: [requests, traces] });
  });

  test('has its own rate instead of the default', () => {
    expect(sampled({ default: 1, Fn: 10 }, FUNCTION)).toEqual({ Fn: [10, 1.45] });
  });

  test.each(['PassThrough', undefined])('is not recorded if its mode is %s', (mode) => {
    expect(sampled({ default: 10 }, { Fn: lambda(mode) })).toEqual({});
    expect(recorded({ default: 10 }, { Fn: lambda(mode) })).toEqual({ Fn: [10, 0] });
  });

  test('is assumed Active if the mode is known only at deployment', () => {
    const template = stack(
      'template',
      { Fn: lambda({ Ref: 'Mode' }) },
      {
        sections: { Parameters: { Mode: { Type: 'String' } } },
      },
    );
    expect(sampled({ default: 10 }, template)).toEqual({ Fn: [10, 1.45] });
  });
});

describe('a REST API', () => {
  const names = ['Create', 'Read', 'Delete'];

  test('that is traced samples the requests of all its functions', () => {
    expect(sampled({ default: 10 }, restApi(names))).toEqual({ 'Api (prod)': [30, 2.45] });
    expect(recorded({ default: 10 }, restApi(names))).toEqual({
      Create: [10, 0.816667],
      Read: [10, 0.816667],
      Delete: [10, 0.816667],
    });
  });

  test('has the requests of all its functions', () => {
    expect(sampled({ default: 1, Read: 18 }, restApi(names))).toEqual({ 'Api (prod)': [20, 1.95] });
  });

  test('that is traced is sampled even if its functions are PassThrough', () => {
    expect(sampled({ default: 10 }, restApi(names, { mode: 'PassThrough' }))).toEqual({
      'Api (prod)': [30, 2.45],
    });
  });

  test('that is not traced leaves sampling to its functions', () => {
    expect(sampled({ default: 10 }, restApi(names, { tracing: false }))).toEqual({
      Create: [10, 1.45],
      Read: [10, 1.45],
      Delete: [10, 1.45],
    });
  });

  test('shares the default rule with other APIs in its account and region', () => {
    const other = JSON.parse(
      JSON.stringify(restApi(['Search']))
        .replaceAll('"Api"', '"OtherApi"')
        .replace('"Prod"', '"OtherProd"'),
    ) as Resources;
    expect(sampled({ default: 10 }, restApi(['Read']), other)).toEqual({
      'Api (prod)': [10, 0.975],
      'OtherApi (prod)': [10, 0.975],
    });
    const [here, there] = [
      { account: '111122223333', region: 'eu-west-1' },
      { account: '111122223333', region: 'eu-west-2' },
    ];
    expect(sampled({ default: 10 }, stack('a', restApi(['Read']), here), stack('b', other, there))).toEqual({
      'Api (prod)': [10, 1.45],
      'OtherApi (prod)': [10, 1.45],
    });
  });
});

describe('an authorizer', () => {
  const api = (more: string) =>
    resources(`
Api:
  Type: AWS::Serverless::Api
  Properties: { StageName: prod, ${more} }
Auth: { Type: AWS::Serverless::Function, Properties: { Tracing: Active } }
Read:
  Type: AWS::Serverless::Function
  Properties:
    Tracing: Active
    Events: { Get: { Type: Api, Properties: { RestApiId: { Ref: Api }, Path: /, Method: get } } }
List:
  Type: AWS::Serverless::Function
  Properties:
    Tracing: Active
    Events: { Get: { Type: Api, Properties: { RestApiId: { Ref: Api }, Path: /all, Method: get } } }
`);
  const AUTH = 'Auth: { Authorizers: { Token: { FunctionArn: { Fn::GetAtt: Auth.Arn } } } }';
  const traced = api(`TracingEnabled: true, ${AUTH}`);

  test('adds no requests to the API', () => {
    expect(sampled({ default: 10 }, traced)).toEqual({ Api: [20, 1.95] });
    expect(sampled({ Read: 60, List: 40, Auth: 100 }, traced)).toEqual({ Api: [100, 5.95] });
  });

  test('also receives requests that it rejects', () => {
    expect(sampled({ Read: 10, List: 10, Auth: 100 }, traced)).toEqual({ Api: [100, 5.95] });
  });

  test('is a sampling point if the API is not traced', () => {
    expect(sampled({ default: 10 }, api(AUTH))).toEqual({
      Auth: [10, 1.45],
      Read: [10, 1.45],
      List: [10, 1.45],
    });
  });

  test('that also handles requests adds requests', () => {
    const both = api(`TracingEnabled: true, ${AUTH.replace('Auth.Arn', 'Read.Arn')}`);
    expect(sampled({ Read: 10, List: 10, Auth: 1 }, both)).toEqual({ Api: [20, 1.95], Auth: [1, 1] });
  });

  test('receives all requests of other functions, and the remaining targets share them', () => {
    const called = {
      ...traced,
      ...resources(`
Start:
  Type: AWS::Serverless::Function
  Properties:
    Tracing: Active
    Policies:
      - Statement: { Effect: Allow, Action: execute-api:Invoke, Resource: { Fn::Sub: 'arn:aws:execute-api:*:*:\${Api}/prod/GET/' } }
`),
    };
    const rates = recorded({ Start: 10 }, called);
    expect([rates.Auth[0], rates.Read[0], rates.List[0]]).toEqual([10, 5, 5]);
  });
});

describe('a chain with a queue', () => {
  test('is sampled once', () => {
    expect(sampled({ default: 10 }, queueChain())).toEqual({ Intake: [10, 1.45] });
    expect(recorded({ default: 10 }, queueChain())).toEqual({ Intake: [10, 1.45], Worker: [10, 1.45] });
  });

  test('links the traces of the consumer', () => {
    const { functions } = estimated({ default: 10 }, queueChain());
    expect([...functions.values()].map(({ linkedPerSecond }) => linkedPerSecond)).toEqual([0, 1.45]);
  });

  test('is not traced if its first function is PassThrough', () => {
    const chain = queueChain({ intake: 'PassThrough' });
    expect(sampled({ default: 10 }, chain)).toEqual({});
    expect(recorded({ default: 10 }, chain)).toEqual({ Intake: [10, 0], Worker: [10, 0] });
  });

  test('costs the same if a later function is PassThrough', () => {
    expect(sampled({ default: 10 }, queueChain({ worker: 'PassThrough' }))).toEqual({ Intake: [10, 1.45] });
  });

  test('has the rate of its first function, unless a later one has its own rate', () => {
    expect(recorded({ Intake: 10, default: 3 }, queueChain()).Worker).toEqual([10, 1.45]);
    expect(recorded({ Intake: 10, Worker: 5 }, queueChain()).Worker).toEqual([5, 0.725]);
  });
});

describe('the function is the sampling point behind', () => {
  test.each<[string, Resources]>([
    [
      'a queue without traced senders',
      {
        Orders: { Type: 'AWS::SQS::Queue' },
        Feed: mapping({ EventSourceArn: { 'Fn::GetAtt': 'Orders.Arn' } }),
      },
    ],
    [
      'a topic, which does not sample',
      {
        Orders: { Type: 'AWS::SNS::Topic', Properties: { TracingConfig: 'Active' } },
        Feed: {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: { Ref: 'Orders' },
            Protocol: 'lambda',
            Endpoint: { 'Fn::GetAtt': 'Fn.Arn' },
          },
        },
      },
    ],
  ])('%s', (_, caller) => {
    expect(sampled({ default: 10 }, { ...FUNCTION, ...caller })).toEqual({ Fn: [10, 1.45] });
  });
});

describe('a function that has its events from', () => {
  const stream = {
    Orders: { Type: 'AWS::Kinesis::Stream' },
    Feed: mapping({ EventSourceArn: { 'Fn::GetAtt': 'Orders.Arn' } }),
  };
  const rule = {
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: { EventPattern: { source: ['aws.ec2'] }, Targets: [{ Arn: { 'Fn::GetAtt': 'Fn.Arn' } }] },
    },
  };

  test.each<[string, Resources]>([
    ['a stream', stream],
    ['an event bus', rule],
    ['both', { ...stream, ...rule }],
  ])('%s has only a rate of its own', (_, caller) => {
    const template = { ...FUNCTION, ...caller };
    expect(sampled({ default: 10 }, template)).toEqual({ Fn: [0, 0] });
    expect(sampled({ Fn: 10 }, template)).toEqual({ Fn: [10, 1.45] });
    const { consumers, withoutRate } = estimated({ default: 10 }, template);
    expect([consumers.length, withoutRate.length]).toEqual([1, 0]);
    expect(estimated({ Fn: 10 }, template).consumers).toEqual([]);
  });

  test('a stream and an API has the default rate', () => {
    const template = { ...restApi(['Fn']), ...stream };
    expect(recorded({ default: 10 }, template).Fn[0]).toBe(10);
    expect(estimated({ default: 10 }, template).consumers).toEqual([]);
  });
});

test('a function behind a stream starts a new trace, whichever function writes to the stream', () => {
  const template = resources(`
Orders: { Type: AWS::DynamoDB::Table }
Intake:
  Type: AWS::Serverless::Function
  Properties: { Tracing: Active, Policies: [{ DynamoDBCrudPolicy: { TableName: { Ref: Orders } } }] }
Audit:
  Type: AWS::Serverless::Function
  Properties:
    Tracing: Active
    Events: { Orders: { Type: DynamoDB, Properties: { Stream: { Fn::GetAtt: Orders.StreamArn } } } }
`);
  expect(sampled({ Intake: 50, Audit: 10 }, template)).toEqual({ Intake: [50, 3.45], Audit: [10, 1.45] });
  expect(recorded({ Intake: 50, Audit: 20 }, template)).toEqual({ Intake: [50, 3.45], Audit: [20, 1.95] });
});

test('a function behind Kafka is not recorded', () => {
  const kafka = {
    ...FUNCTION,
    Feed: mapping({ EventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123' }),
  };
  expect(sampled({ default: 10 }, kafka)).toEqual({});
  expect(recorded({ default: 10 }, kafka)).toEqual({ Fn: [10, 0] });
});

test('the rate of a function is shared evenly among its callers', () => {
  const both = {
    ...restApi(['Fn']),
    Orders: { Type: 'AWS::Kinesis::Stream' },
    Feed: mapping({ EventSourceArn: { 'Fn::GetAtt': 'Orders.Arn' } }),
  };
  expect(sampled({ Fn: 20 }, both)).toEqual({ 'Api (prod)': [10, 1.45], Fn: [10, 1.45] });
  expect(recorded({ Fn: 20 }, both)).toEqual({ Fn: [20, 2.9] });
});

test('a state machine calls all its functions in an execution', () => {
  const task = (name: string, next: object) => ({
    Type: 'Task',
    Resource: { 'Fn::GetAtt': `${name}.Arn` },
    ...next,
  });
  const machine = {
    Checkout: {
      Type: 'AWS::Serverless::StateMachine',
      Properties: {
        Tracing: { Enabled: true },
        Definition: {
          StartAt: 'Pay',
          States: { Pay: task('Pay', { Next: 'Ship' }), Ship: task('Ship', { End: true }) },
        },
      },
    },
    Pay: lambda('Active'),
    Ship: lambda('Active'),
  };
  expect(sampled({ default: 10 }, machine)).toEqual({ Checkout: [10, 1.45] });
  expect(recorded({ default: 10 }, machine)).toEqual({ Pay: [10, 1.45], Ship: [10, 1.45] });
});

test('functions that call each other have one sampling point', () => {
  const circle = resources(`
A: { Type: AWS::Serverless::Function, Properties: { Tracing: Active, Policies: [{ LambdaInvokePolicy: { FunctionName: { Ref: B } } }] } }
B: { Type: AWS::Serverless::Function, Properties: { Tracing: Active, Policies: [{ LambdaInvokePolicy: { FunctionName: { Ref: A } } }] } }
`);
  expect(sampled({ default: 10 }, circle)).toEqual({ A: [10, 1.45] });
});

describe('functions without a rate', () => {
  const without = (rates: Record<string, number>, template: Resources) =>
    estimated(rates, template).withoutRate.map(({ resource }) => resource.logicalId);

  test.each<[string, Record<string, number>, Resources, string[]]>([
    [
      'includes functions that are called from outside',
      { Other: 1 },
      { ...FUNCTION, Other: lambda('Active') },
      ['Fn'],
    ],
    ['excludes functions that are called by functions', { Intake: 1 }, queueChain(), []],
    ['excludes functions that are not recorded', { Other: 1 }, { Fn: lambda('PassThrough') }, []],
    [
      'includes functions with a traced caller',
      { Create: 1 },
      restApi(['Create', 'Read'], { mode: 'PassThrough' }),
      ['Read'],
    ],
    ['is empty if there is a default', { default: 1 }, FUNCTION, []],
  ])('%s', (_, rates, template, names) => {
    expect(without(rates, template)).toEqual(names);
  });
});

describe('with any rates', () => {
  const system = { ...restApi(['Create', 'Read']), ...queueChain(), Nightly: lambda('Active') };
  const rate = fc.double({ min: 0, max: 1e5, noNaN: true });
  const anyRates = fc.record(
    { default: rate, Create: rate, Read: rate, Intake: rate, Worker: rate, Nightly: rate },
    { requiredKeys: ['default'] },
  );
  const traces = (rates: Record<string, number>) =>
    estimated(rates, system).samplingPoints.reduce(
      (sum, { requestsPerSecond, recordedShare }) => sum + requestsPerSecond * recordedShare,
      0,
    );

  test('recorded requests do not exceed all requests', () => {
    fc.assert(
      fc.property(anyRates, (rates) => {
        const { samplingPoints, functions } = estimated(rates, system);
        for (const { recordedShare } of samplingPoints) expect(recordedShare).toBeLessThanOrEqual(1 + 1e-9);
        for (const { requestsPerSecond, recordedPerSecond } of functions.values()) {
          expect(recordedPerSecond).toBeLessThanOrEqual(requestsPerSecond * (1 + 1e-9));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('more requests do not reduce the number of traces', () => {
    fc.assert(
      fc.property(
        anyRates,
        fc.constantFrom('default', 'Create', 'Read', 'Intake', 'Worker', 'Nightly'),
        rate,
        (rates, name, more) => {
          const before = traces(rates);
          const known = (rates as Record<string, number | undefined>)[name];
          fc.pre(known !== undefined);
          expect(traces({ ...rates, [name]: known + more })).toBeGreaterThanOrEqual(before * (1 - 1e-9));
        },
      ),
      { numRuns: 50 },
    );
  });
});
