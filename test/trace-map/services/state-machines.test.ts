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

/** A definition with these states in sequence. */
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

/** Returns a definition as a string. `#` stands for a value. */
function join(json: unknown, ...values: unknown[]) {
  const pieces = JSON.stringify(json).split('#');
  return { 'Fn::Join': ['', pieces.flatMap((piece, i) => (i === 0 ? [piece] : [values[i - 1], piece]))] };
}

function machineCalls(...lines: string[]): string[] {
  return lines.map((line) => `Machine -starts-> ${line}`);
}

describe('a state machine calls', () => {
  test.each<[string, Resources, string[]]>([
    ['a function by its ARN', states({ Resource: FN }), machineCalls('Fn (synchronous)')],
    ['an alias', states({ Resource: { Ref: 'Live' } }), machineCalls('Fn:Live (synchronous)')],
    [
      'a function by its ARN, with a qualifier',
      states({ Resource: { 'Fn::Sub': '${Fn.Arn}:live' } }),
      machineCalls('Fn:Live (synchronous)'),
    ],
    [
      'a function outside of the templates',
      states({ Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:other' }),
      machineCalls('other (synchronous)'),
    ],
    [
      'a function by the Lambda integration',
      states({ Resource: INVOKE, Parameters: { FunctionName: FN, 'Payload.$': '$' } }),
      machineCalls('Fn (synchronous)'),
    ],
    [
      'a function, asynchronously',
      states({ Resource: INVOKE, Parameters: { FunctionName: FN, InvocationType: 'Event' } }),
      machineCalls('Fn (asynchronous)'),
    ],
    [
      'a function with a task token',
      states({ Resource: `${INVOKE}.waitForTaskToken`, Arguments: { FunctionName: FN } }),
      machineCalls('Fn (synchronous)'),
    ],
    [
      'a function by the SDK integration',
      states({ Resource: 'arn:aws:states:::aws-sdk:lambda:invoke', Parameters: { FunctionName: 'other' } }),
      machineCalls('other (synchronous)'),
    ],
    [
      'a queue',
      states({ Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: { Ref: 'Jobs' } } }),
      machineCalls('Jobs'),
    ],
    [
      'a queue by its URL',
      states({
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs' },
      }),
      machineCalls('Jobs'),
    ],
    [
      'a topic',
      states({ Resource: 'arn:aws:states:::sns:publish', Parameters: { TopicArn: { Ref: 'Topic' } } }),
      machineCalls('Topic'),
    ],
    [
      'a table',
      states({ Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: { TableName: { Ref: 'Orders' } } }),
      machineCalls('Orders'),
    ],
    [
      'a table by its name',
      states({ Resource: 'arn:aws:states:::aws-sdk:dynamodb:query', Arguments: { TableName: 'orders' } }),
      machineCalls('Orders'),
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
      machineCalls('Orders', 'others'),
    ],
    [
      'a bus, which breaks the trace',
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
      machineCalls('Other'),
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
      machineCalls('Machine'),
    ],
    [
      'the targets of nested states',
      states(
        { Type: 'Parallel', Branches: [definition({ Resource: FN }), definition({ Resource: 'nothing' })] },
        { Type: 'Map', ItemProcessor: definition({ Type: 'Map', Iterator: definition({ Resource: 'fn' }) }) },
      ),
      machineCalls('Fn (synchronous)'),
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
      ['Machine -breaks-> Bucket', ...machineCalls('Fn (synchronous)')],
    ],
    [
      'parameters by a list of names',
      states({
        Resource: 'arn:aws:states:::aws-sdk:ssm:getParameters',
        Parameters: { Names: ['/prod/a', '/prod/b'] },
      }),
      machineCalls('/prod/a', '/prod/b'),
    ],
    [
      'no expressions, and nothing by actions that only read',
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
      'with substitutions that are strings, and missing ones',
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
      'in each branch of a condition',
      machine({
        DefinitionString: {
          'Fn::If': ['C', join(one, FN), { 'Fn::Join': ['', [JSON.stringify(definition({}))]] }],
        },
      }),
      fn,
    ],
    [
      'in one of two branches',
      machine({ Definition: definition({ Resource: { 'Fn::If': ['C', FN, { Ref: 'AWS::NoValue' }] } }) }),
      fn,
    ],
    ['of a SAM state machine', sam({ Definition: definition({ Resource: FN }) }), fn],
    [
      'of a SAM state machine, with tracing',
      sam({ Definition: definition({ Resource: FN }), Tracing: { Enabled: true } }),
      machineCalls('Fn (synchronous)'),
    ],
    [
      'of a SAM state machine, by the substitutions of its file',
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
      'for its references, if it is no JSON',
      machine({ DefinitionString: { 'Fn::Sub': '{"States": oops ${Fn.Arn} ${Orders} ${AWS::Region}' } }),
      ['Machine -propagates-> Fn (synchronous) ?', 'Machine -propagates-> Orders ?'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected);
  });

  test('with the tracing of Globals', () => {
    const sections = { Globals: { StateMachine: { Tracing: { Enabled: true } } } };
    expect(edgeLines(stack('t', sam({ Definition: definition({ Resource: FN }) }), { sections }))).toEqual(
      machineCalls('Fn (synchronous)'),
    );
  });

  test('across stacks', () => {
    const Outputs = { O: { Value: FN, Export: { Name: 'fn' } } };
    const { Machine } = machine({ DefinitionString: join(one, { 'Fn::ImportValue': 'fn' }) });
    expect(edgeLines(stack('a', { Fn: RESOURCES.Fn }, { sections: { Outputs } }), { Machine })).toEqual(fn);
  });

  test('with many parameters', () => {
    const names = Array.from({ length: 30 }, (_, i) => `P${i}`);
    const passes = names.map((name) => ({ Type: 'Pass', Comment: `\${${name}}` }));
    const DefinitionString = { 'Fn::Sub': JSON.stringify(definition({ Resource: '${Fn.Arn}' }, ...passes)) };
    const Parameters = Object.fromEntries(names.map((name) => [name, { Type: 'String', Default: 'x' }]));
    expect(edgeLines(stack('t', machine({ DefinitionString }), { sections: { Parameters } }))).toEqual(fn);
  });
});

describe('a state machine with a definition in a file possibly calls', () => {
  const Statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [FN, { Ref: 'Live' }] };
  const Role = { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement } }] } };
  const role = { 'Fn::GetAtt': ['Role', 'Arn'] };

  test.each<[string, Resources, string[]]>([
    [
      'the targets in its SAM policies',
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
      'the targets in the policies of its role, with SAM',
      { ...sam({ Role: role }), Role },
      ['Fn (synchronous) ?', 'Fn:Live (synchronous) ?'],
    ],
    [
      'the targets in the policies of its role, without SAM',
      { ...machine({ RoleArn: role, DefinitionS3Location: { Bucket: 'b', Key: 'k' } }), Role },
      ['Fn (synchronous) ?', 'Fn:Live (synchronous) ?'],
    ],
    [
      'the targets of its substitutions',
      { ...sam({ Role: role, DefinitionSubstitutions: { Fn: { Ref: 'Live' } } }), Role },
      ['Fn:Live (synchronous) ?'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected.map((line) => `Machine -propagates-> ${line}`));
  });

  test('but only the targets of its states if its definition can be read', () => {
    const resources = {
      ...machine({ RoleArn: role, Definition: definition({ Resource: { Ref: 'Live' } }) }),
      Role,
    };
    expect(edgeLines(resources)).toEqual(['Machine -propagates-> Fn:Live (synchronous)']);
  });
});
