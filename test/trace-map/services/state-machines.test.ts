import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const RESOURCES: Resources = {
  Fn: lambda('Active'),
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
  Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
  Orders: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
  Topic: { Type: 'AWS::SNS::Topic' },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Pool: { Type: 'AWS::Cognito::UserPool' },
};

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const INVOKE = 'arn:aws:states:::lambda:invoke';

function machine(properties: object, type = 'AWS::StepFunctions::StateMachine'): Resources {
  return { ...RESOURCES, Machine: { Type: type, Properties: properties } };
}

function sam(properties: object): Resources {
  return machine(properties, 'AWS::Serverless::StateMachine');
}

/** A definition of one state after the other. */
function definition(...states: object[]) {
  return {
    StartAt: 'S0',
    States: Object.fromEntries(states.map((state, i) => [`S${i}`, { Type: 'Task', ...state }])),
  };
}

/** A traced state machine, of `Definition`, with these states. */
function states(...all: object[]): Resources {
  return machine({ TracingConfiguration: { Enabled: true }, Definition: definition(...all) });
}

/** The same as a string, in which `#` is in the place of a value. */
function join(json: unknown, ...values: unknown[]) {
  const pieces = JSON.stringify(json).split('#');
  return { 'Fn::Join': ['', pieces.flatMap((piece, i) => (i === 0 ? [piece] : [values[i - 1], piece]))] };
}

function called(...lines: string[]): string[] {
  return lines.map((line) => `Machine -starts-> ${line}`);
}

describe('a state machine calls', () => {
  test.each<[string, Resources, string[]]>([
    ['a function by its ARN', states({ Resource: FN }), called('Fn (synchronous)')],
    ['an alias', states({ Resource: { Ref: 'Live' } }), called('Fn:Live (synchronous)')],
    [
      'a function by its ARN, with a qualifier',
      states({ Resource: { 'Fn::Sub': '${Fn.Arn}:live' } }),
      called('Fn:Live (synchronous)'),
    ],
    [
      'a function that is not in the templates',
      states({ Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:other' }),
      called('other (synchronous)'),
    ],
    [
      'a function by the Lambda integration',
      states({ Resource: INVOKE, Parameters: { FunctionName: FN, 'Payload.$': '$' } }),
      called('Fn (synchronous)'),
    ],
    [
      'a function, without waiting',
      states({ Resource: INVOKE, Parameters: { FunctionName: FN, InvocationType: 'Event' } }),
      called('Fn (asynchronous)'),
    ],
    [
      'a function that gives back a token',
      states({ Resource: `${INVOKE}.waitForTaskToken`, Arguments: { FunctionName: FN } }),
      called('Fn (synchronous)'),
    ],
    [
      'a function by the SDK integration',
      states({ Resource: 'arn:aws:states:::aws-sdk:lambda:invoke', Parameters: { FunctionName: 'other' } }),
      called('other (synchronous)'),
    ],
    [
      'a queue',
      states({ Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: { Ref: 'Jobs' } } }),
      called('Jobs'),
    ],
    [
      'a queue by its URL',
      states({
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs' },
      }),
      called('Jobs'),
    ],
    [
      'a topic',
      states({ Resource: 'arn:aws:states:::sns:publish', Parameters: { TopicArn: { Ref: 'Topic' } } }),
      called('Topic'),
    ],
    [
      'a table',
      states({ Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: { TableName: { Ref: 'Orders' } } }),
      called('Orders'),
    ],
    [
      'a table by its name',
      states({ Resource: 'arn:aws:states:::aws-sdk:dynamodb:query', Arguments: { TableName: 'orders' } }),
      called('Orders'),
    ],
    [
      'tables in a batch and a transaction',
      states(
        {
          Resource: 'arn:aws:states:::aws-sdk:dynamodb:batchGetItem',
          Parameters: { RequestItems: { orders: {} } },
        },
        {
          Resource: 'arn:aws:states:::aws-sdk:dynamodb:transactWriteItems',
          Parameters: { TransactItems: [{ Put: { TableName: 'others' } }] },
        },
      ),
      called('Orders', 'others'),
    ],
    [
      'a bus, to which the trace does not go on',
      states({
        Resource: 'arn:aws:states:::events:putEvents',
        Parameters: { Entries: [{ EventBusName: { Ref: 'Bus' } }, { DetailType: 'x' }] },
      }),
      ['Machine -breaks-> Bus', 'Machine -breaks-> default'],
    ],
    [
      'another state machine',
      {
        ...states({
          Resource: 'arn:aws:states:::states:startExecution.sync:2',
          Parameters: { StateMachineArn: { Ref: 'Other' } },
        }),
        Other: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'other' } },
      },
      called('Other'),
    ],
    [
      'itself, through an alias',
      {
        ...states({
          Resource: 'arn:aws:states:::aws-sdk:sfn:startExecution',
          Parameters: { StateMachineArn: { Ref: 'Current' } },
        }),
        Current: {
          Type: 'AWS::StepFunctions::StateMachineAlias',
          Properties: { RoutingConfiguration: [{ StateMachineVersionArn: { Ref: 'Version' }, Weight: 100 }] },
        },
        Version: {
          Type: 'AWS::StepFunctions::StateMachineVersion',
          Properties: { StateMachineArn: { Ref: 'Machine' } },
        },
      },
      called('Machine'),
    ],
    [
      'what states in states do',
      states(
        { Type: 'Parallel', Branches: [definition({ Resource: FN }), definition({ Resource: 'nothing' })] },
        { Type: 'Map', ItemProcessor: definition({ Type: 'Map', Iterator: definition({ Resource: 'fn' }) }) },
      ),
      called('Fn (synchronous)'),
    ],
    [
      'a bucket that a distributed map reads from',
      states({
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          Parameters: { Bucket: { Ref: 'Bucket' }, Key: 'k' },
        },
        ItemProcessor: definition({ Resource: FN }),
      }),
      ['Machine -breaks-> Bucket', ...called('Fn (synchronous)')],
    ],
    [
      'parameters by a list of names',
      states({
        Resource: 'arn:aws:states:::aws-sdk:ssm:getParameters',
        Parameters: { Names: ['/prod/a', '/prod/b'] },
      }),
      called('/prod/a', '/prod/b'),
    ],
    [
      'nothing that is worked out when it runs, or that it only looks at',
      states(
        {
          Resource: 'arn:aws:states:::events:putEvents',
          Parameters: { Entries: [{ 'EventBusName.$': '$.bus', DetailType: 'x' }] },
        },
        { Resource: INVOKE, Parameters: { 'FunctionName.$': '$.fn' } },
        { Resource: INVOKE, Parameters: { FunctionName: '$.fn' } },
        { Resource: INVOKE, Arguments: { FunctionName: '{% $fn %}' } },
        { Resource: 'arn:aws:states:::events:putEvents', Parameters: { 'Entries.$': '$.entries' } },
        {
          Resource: 'arn:aws:states:::aws-sdk:dynamodb:batchGetItem',
          Parameters: { RequestItems: { Ref: 'A' } },
        },
        {
          Resource: 'arn:aws:states:::aws-sdk:sqs:receiveMessage',
          Parameters: { QueueUrl: { Ref: 'Jobs' } },
        },
        { Resource: 'arn:aws:states:::aws-sdk:lambda:getFunction', Parameters: { FunctionName: FN } },
        { Resource: 'arn:aws:states:eu-west-1:111122223333:activity:work' },
        { Resource: 'arn:aws:states:::constructor:toString', Parameters: {} },
      ),
      [],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected);
  });
});

describe('a definition is read', () => {
  const one = definition({ Resource: '#' });
  const fn = ['Machine -propagates-> Fn (synchronous)'];

  test.each<[string, Resources, string[]]>([
    [
      'as a string',
      machine({
        DefinitionString: JSON.stringify(
          definition({ Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:other' }),
        ),
      }),
      ['Machine -propagates-> other (synchronous)'],
    ],
    ['as CDK joins it', machine({ DefinitionString: join(one, FN) }), fn],
    [
      'as CDK joins it, with references in the middle of strings',
      machine({
        DefinitionString: join(
          definition({ Resource: 'arn:#:states:::lambda:invoke', Parameters: { FunctionName: '#' } }),
          { Ref: 'AWS::Partition' },
          FN,
        ),
      }),
      fn,
    ],
    [
      'with Fn::Sub, and a number that is a parameter',
      machine({
        DefinitionString: {
          'Fn::Sub':
            '{"States": {"A": {"Type": "Task", "Resource": "${Fn.Arn}", "TimeoutSeconds": ${Timeout}}}}',
        },
      }),
      fn,
    ],
    [
      'with Fn::Sub and its variables',
      machine({
        DefinitionString: { 'Fn::Sub': [JSON.stringify(one).replace('#', '${Worker}'), { Worker: FN }] },
      }),
      fn,
    ],
    [
      'with substitutions',
      machine({
        DefinitionString: JSON.stringify(one).replace('#', '${Worker}'),
        DefinitionSubstitutions: { Worker: FN },
      }),
      fn,
    ],
    [
      'with substitutions, as an object',
      machine({
        Definition: definition({ Resource: INVOKE, Parameters: { FunctionName: '${Worker}' } }),
        DefinitionSubstitutions: { Worker: FN },
      }),
      fn,
    ],
    [
      'with substitutions that are text, and others that are not given',
      machine({
        Definition: definition(
          { Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: { TableName: '${Table}' } },
          { Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: { TableName: '${Env}-${Other}' } },
        ),
        DefinitionSubstitutions: { Table: 'orders', Env: 5 },
      }),
      ['Machine -propagates-> Orders', 'Machine -propagates-> 5-${Other}'],
    ],
    [
      'in each case of a condition',
      machine({
        DefinitionString: {
          'Fn::If': ['C', join(one, FN), { 'Fn::Join': ['', [JSON.stringify(definition({}))]] }],
        },
      }),
      fn,
    ],
    [
      'in one of two cases',
      machine({ Definition: definition({ Resource: { 'Fn::If': ['C', FN, { Ref: 'AWS::NoValue' }] } }) }),
      fn,
    ],
    ['of SAM', sam({ Definition: definition({ Resource: FN }) }), fn],
    [
      'of SAM, with tracing',
      sam({ Definition: definition({ Resource: FN }), Tracing: { Enabled: true } }),
      called('Fn (synchronous)'),
    ],
    [
      'of SAM, whose file may name what it is given',
      sam({
        DefinitionUri: 'machine.asl.json',
        DefinitionSubstitutions: {
          Worker: FN,
          Table: { Ref: 'Orders' },
          Text: 'orders',
          Pool: { Ref: 'Pool' },
        },
      }),
      ['Machine -propagates-> Fn (synchronous) ?', 'Machine -propagates-> Orders ?'],
    ],
    [
      'for what it refers to at least, where it is no JSON',
      machine({ DefinitionString: { 'Fn::Sub': '{"States": oops ${Fn.Arn} ${Orders} ${AWS::Region}' } }),
      ['Machine -propagates-> Fn (synchronous) ?', 'Machine -propagates-> Orders ?'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected);
  });

  test('with the tracing of Globals', () => {
    const sections = { Globals: { StateMachine: { Tracing: { Enabled: true } } } };
    expect(edgeLines(stack('t', sam({ Definition: definition({ Resource: FN }) }), { sections }))).toEqual(
      called('Fn (synchronous)'),
    );
  });

  test('across stacks', () => {
    const Outputs = { O: { Value: FN, Export: { Name: 'fn' } } };
    const { Machine } = machine({ DefinitionString: join(one, { 'Fn::ImportValue': 'fn' }) });
    expect(edgeLines(stack('a', { Fn: RESOURCES.Fn }, { sections: { Outputs } }), { Machine })).toEqual(fn);
  });

  test('however many parameters it has', () => {
    const names = Array.from({ length: 30 }, (_, i) => `P${i}`);
    const passes = names.map((name) => ({ Type: 'Pass', Comment: `\${${name}}` }));
    const DefinitionString = { 'Fn::Sub': JSON.stringify(definition({ Resource: '${Fn.Arn}' }, ...passes)) };
    const Parameters = Object.fromEntries(names.map((name) => [name, { Type: 'String', Default: 'x' }]));
    expect(edgeLines(stack('t', machine({ DefinitionString }), { sections: { Parameters } }))).toEqual(fn);
  });
});

describe('a state machine whose definition is in a file may call', () => {
  const Statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [FN, { Ref: 'Live' }] };
  const Role = { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement } }] } };
  const role = { 'Fn::GetAtt': ['Role', 'Arn'] };

  test.each<[string, Resources, string[]]>([
    [
      'what SAM has its role allow',
      sam({
        DefinitionUri: 'x.asl.json',
        Policies: [
          { LambdaInvokePolicy: { FunctionName: { Ref: 'Fn' } } },
          { SQSSendMessagePolicy: { QueueName: { 'Fn::GetAtt': ['Jobs', 'QueueName'] } } },
        ],
      }),
      ['Fn (synchronous) ?', 'Jobs ?'],
    ],
    [
      'what the role allows that it is given',
      { ...sam({ Role: role }), Role },
      ['Fn (synchronous) ?', 'Fn:Live (synchronous) ?'],
    ],
    [
      'what its role allows',
      { ...machine({ RoleArn: role, DefinitionS3Location: { Bucket: 'b', Key: 'k' } }), Role },
      ['Fn (synchronous) ?', 'Fn:Live (synchronous) ?'],
    ],
    [
      'what it is told, as it is told',
      { ...sam({ Role: role, DefinitionSubstitutions: { Fn: { Ref: 'Live' } } }), Role },
      ['Fn:Live (synchronous) ?'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected.map((line) => `Machine -propagates-> ${line}`));
  });

  test('but nothing besides where it can be read', () => {
    const resources = {
      ...machine({ RoleArn: role, Definition: definition({ Resource: { Ref: 'Live' } }) }),
      Role,
    };
    expect(edgeLines(resources)).toEqual(['Machine -propagates-> Fn:Live (synchronous)']);
  });
});
