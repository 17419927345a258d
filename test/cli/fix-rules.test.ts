import { join } from 'node:path';
import { checkModel } from '../../lib/checker/check';
import { fixFindings } from '../../lib/cli/fix';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { RULES } from '../../lib/rules';
import { BROKEN_TRACE } from '../../lib/rules/broken-trace';
import { unifiedDiff } from '../../lib/report/edited-texts';
import { directoryWith } from '../input/temporary';

/** The rules whose fixes the tests apply, with the safety of these. */
const offered = new Set<string>();

/** Returns the removed and added lines of a fixed template, without their indentation. */
async function changed(template: string, suggestions = false): Promise<string[]> {
  const directory = directoryWith({ 'template.yaml': template });
  const check = (texts?: ReadonlyMap<string, string>) => {
    const loaded = load([join(directory, 'template.yaml')], { texts });
    return { loaded, findings: checkModel(buildTracingModel(loaded.templates)) };
  };
  const first = check();
  for (const { rule, fixes = [] } of first.findings) {
    for (const { safety } of fixes) offered.add(`${rule.id} ${safety}`);
  }
  const { changes } = await fixFindings(first, (texts) => Promise.resolve(check(texts)), { suggestions });
  return changes.flatMap(({ before, after }) =>
    [
      ...unifiedDiff('t', before, after)
        .replace(/^(?:---|\+\+\+) .*\n/gm, '')
        .matchAll(/^([-+]) *(.*)$/gm),
    ].map(([, sign, text]) => `${sign}${text}`),
  );
}

const sam = (...functions: readonly string[]) =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n${functions.map((properties, i) => `  F${i}:\n    Type: AWS::Serverless::Function\n    Properties: { MemorySize: 512${properties} }\n`).join('')}`;

const fn = (properties: string) =>
  `Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      MemorySize: 512\n${properties.replace(/^(?=.)/gm, '      ')}`;

const KAFKA = `  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Fn
      EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123
`;

const KAFKA_EVENT =
  ', Events: { Orders: { Type: MSK, Properties: { Stream: "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123", Topics: [a], StartingPosition: LATEST } } }';

const role = (
  properties: string,
) => `${fn('TracingConfig: { Mode: Active }\nRole: !GetAtt Role.Arn\n')}  Role:
    Type: AWS::IAM::Role
    Properties:
${properties.replace(/^(?=.)/gm, '      ')}`;

describe('ActiveTracing', () => {
  test('sets the mode once in Globals if several functions agree', async () => {
    expect(await changed(sam('', '', ''))).toEqual(['+Globals:', '+Function:', '+Tracing: Active', '+']);
  });

  test('sets the mode of each function if there are few, or one does not take it from Globals', async () => {
    expect(await changed(sam('', ''))).toHaveLength(4);
    expect(await changed(sam('', '', '', ', Tracing: !Ref Mode'))).toContain('+Globals:');
    const ignoring = sam('', '', '', '').replace('F3:\n', 'F3:\n    IgnoreGlobals: "*"\n');
    const lines = await changed(ignoring);
    expect(lines).toContain('+Globals:');
    expect(lines).toContain('+Properties: { MemorySize: 512, Tracing: Active }');
  });

  test('adds no Globals to a template without the transform of SAM', async () => {
    expect(await changed(sam('', '', '').replace(/^Transform.*\n/, ''))).toHaveLength(6);
  });

  test('keeps a function PassThrough whose event source X-Ray does not support', async () => {
    const lines = await changed(sam('', '', '', KAFKA_EVENT));
    expect(lines).toEqual(expect.arrayContaining(['+Tracing: Active', '+Globals:']));
    expect(lines.filter((line) => line.endsWith('Tracing: PassThrough }'))).toHaveLength(1);
  });

  test('leaves Globals alone if a function is PassThrough on purpose', async () => {
    const lines = await changed(`Globals: { Function: { Tracing: PassThrough } }\n${sam('', '', '')}`);
    expect(lines).toEqual([]);
    const suggested = await changed(
      `Globals: { Function: { Tracing: PassThrough } }\n${sam('', '', '')}`,
      true,
    );
    expect(suggested).toEqual([
      '-Globals: { Function: { Tracing: PassThrough } }',
      '+Globals: { Function: { Tracing: Active } }',
    ]);
  });

  test.each(['', ' null'])('sets the mode in an object without a value, written as "%s"', async (empty) => {
    expect(await changed(fn(`TracingConfig:${empty}\n`))).toContain('+Mode: Active');
  });

  test('makes the version of a SAM function follow', async () => {
    const [, line] = await changed(sam(', AutoPublishAlias: live'));
    expect(line).toBe(
      '+Properties: { MemorySize: 512, AutoPublishAlias: live, Tracing: Active, AutoPublishAliasAllProperties: true }',
    );
  });

  test('makes the version of a function follow', async () => {
    const version = `  Version:\n    Type: AWS::Lambda::Version\n    Properties:\n      FunctionName: !Ref Fn\n`;
    expect(await changed(fn('') + version)).toEqual([
      '+TracingConfig:',
      '+Mode: Active',
      '+Description: "X-Ray tracing: Active"',
    ]);
  });
});

describe('the versions of a function whose mode changes', () => {
  const version = (properties = '') =>
    `  Version:\n    Type: AWS::Lambda::Version\n    Properties:\n      FunctionName: !Ref Fn\n${properties}`;

  test('follow if their description states the old mode', async () => {
    const stated = version('      Description: "Release 7 (X-Ray tracing: PassThrough)"\n');
    expect(await changed(fn('') + stated)).toEqual([
      '+TracingConfig:',
      '+Mode: Active',
      '-Description: "Release 7 (X-Ray tracing: PassThrough)"',
      '+Description: "Release 7 (X-Ray tracing: Active)"',
    ]);
    expect(
      await changed(sam(', AutoPublishAlias: live, VersionDescription: "X-Ray tracing: PassThrough"')),
    ).toContain(
      '+Properties: { MemorySize: 512, AutoPublishAlias: live, VersionDescription: "X-Ray tracing: Active", Tracing: Active }',
    );
  });

  test('state the new mode, although the fix of UnpublishedMode states the old one', async () => {
    expect(await changed(fn('TracingConfig: { Mode: PassThrough }\n') + version(), true)).toEqual([
      '-TracingConfig: { Mode: PassThrough }',
      '+TracingConfig: { Mode: Active }',
      '+Description: "X-Ray tracing: Active"',
    ]);
  });

  test('keep the function unchanged if their description is computed', async () => {
    expect(await changed(fn('') + version('      Description: !Ref Release\n'), true)).toEqual([]);
  });

  test('are not published for a mode that only becomes explicit', async () => {
    expect(await changed(fn('') + version() + KAFKA)).toEqual([]);
  });
});

describe('UnsupportedEventSource', () => {
  test('sets PassThrough', async () => {
    expect(await changed(fn('TracingConfig: { Mode: Active }\n') + KAFKA)).toEqual([
      '-TracingConfig: { Mode: Active }',
      '+TracingConfig: { Mode: PassThrough }',
    ]);
  });

  test('leaves the mode of a function with other callers unless requested', async () => {
    const jobs = `  Jobs:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Fn
      EventSourceArn: arn:aws:sqs:eu-west-1:111122223333:jobs
`;
    const template = fn('TracingConfig: { Mode: Active }\n') + KAFKA + jobs;
    expect(await changed(template)).toEqual([]);
    expect(await changed(template, true)).toContain('+TracingConfig: { Mode: PassThrough }');
  });

  test('overrides Globals on the function', async () => {
    const [, ...added] = await changed(`Globals: { Function: { Tracing: Active } }\n${sam('', KAFKA_EVENT)}`);
    expect(added).toEqual([expect.stringContaining('Tracing: PassThrough') as unknown]);
  });
});

describe('InvalidMode', () => {
  test.each<[string, string]>([
    ['TracingConfig: { Mode: active }\n', '+TracingConfig: { Mode: Active }'],
    ["TracingConfig: { Mode: 'PASS_THROUGH' }\n", "+TracingConfig: { Mode: 'PassThrough' }"],
  ])('repairs %s', async (properties, expected) => {
    expect((await changed(fn(properties)))[1]).toBe(expected);
  });

  test('repairs the shape', async () => {
    expect(await changed(fn('TracingConfig: Active\n'))).toEqual([
      '-TracingConfig: Active',
      '+TracingConfig:',
      '+Mode: Active',
    ]);
    expect(await changed(sam(', Tracing: { Mode: Active }'))).toContain(
      '+Properties: { MemorySize: 512, Tracing: Active }',
    );
  });

  test('suggests the mode that is similar, and none for other values', async () => {
    expect(await changed(fn('TracingConfig: { Mode: Actve }\n'))).toEqual([]);
    expect(await changed(fn('TracingConfig: { Mode: Actve }\n'), true)).toContain(
      '+TracingConfig: { Mode: Active }',
    );
    expect(await changed(fn('TracingConfig: { Mode: Sampled }\n'), true)).toEqual([]);
  });
});

describe('ReservedEnvironment', () => {
  const environment = (...variables: readonly string[]) =>
    fn(
      `TracingConfig: { Mode: Active }\nEnvironment:\n  Variables:\n${variables.map((line) => `    ${line}\n`).join('')}`,
    );

  test('removes the variable', async () => {
    expect(await changed(environment('A: 1', '_X_AMZN_TRACE_ID: x'))).toEqual(['-_X_AMZN_TRACE_ID: x']);
    expect(await changed(environment('_X_AMZN_TRACE_ID: x'))).toEqual([
      '-Environment:',
      '-Variables:',
      '-_X_AMZN_TRACE_ID: x',
    ]);
  });

  test('suggests to remove a variable that turns off a library', async () => {
    const template = environment('A: 1', 'AWS_XRAY_SDK_ENABLED: "false"');
    expect(await changed(template)).toEqual([]);
    expect(await changed(template, true)).toEqual(['-AWS_XRAY_SDK_ENABLED: "false"']);
  });

  test('removes the variable from Globals', async () => {
    const globals =
      'Globals:\n  Function:\n    Environment:\n      Variables:\n        _X_AMZN_TRACE_ID: x\n';
    expect(await changed(globals + sam(', Tracing: Active'))).toContain('-_X_AMZN_TRACE_ID: x');
  });
});

describe('WritePermissions', () => {
  test('attaches the managed policy, in the partition of the policies beside it', async () => {
    expect(
      await changed(
        role('ManagedPolicyArns:\n  - arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole\n'),
      ),
    ).toEqual(['+- arn:aws-cn:iam::aws:policy/AWSXRayDaemonWriteAccess']);
    expect(await changed(role('Path: /\n'))).toEqual([
      '+ManagedPolicyArns:',
      '+- !Sub arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess',
    ]);
  });

  test('adds a statement to a role with ten managed policies', async () => {
    const policies = Array.from(
      { length: 10 },
      () => '  - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole\n',
    );
    expect(await changed(role(`ManagedPolicyArns:\n${policies.join('')}`))).toEqual([
      '+Policies:',
      '+- PolicyName: XRayWriteAccess',
      '+PolicyDocument:',
      '+Version: "2012-10-17"',
      '+Statement:',
      '+- Effect: Allow',
      '+Action:',
      '+- xray:PutTraceSegments',
      '+- xray:PutTelemetryRecords',
      '+Resource: "*"',
    ]);
  });

  test('leaves a role that denies the actions', async () => {
    const deny =
      'Policies:\n  - PolicyName: p\n    PolicyDocument: { Statement: [{ Effect: Deny, Action: "xray:*", Resource: "*" }] }\n';
    expect(await changed(role(deny), true)).toEqual([]);
  });
});

describe('UntracedEntry', () => {
  const api =
    ', Tracing: Active, Events: { Orders: { Type: Api, Properties: { Path: /orders, Method: post } } }';

  test('turns on the tracing of the API that SAM creates', async () => {
    expect(await changed(sam(api))).toEqual(['+Globals:', '+Api:', '+TracingEnabled: true', '+']);
    expect(await changed(sam(api).replace(/^Transform.*\n/, ''))).toEqual([]);
  });

  test('turns on the tracing of a topic with a policy, if the user wants to review it', async () => {
    const topic = `${fn('TracingConfig: { Mode: Active }\n')}  Orders:
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{ Protocol: lambda, Endpoint: !GetAtt Fn.Arn }]
`;
    expect(await changed(topic)).toEqual([]);
    expect(await changed(topic, true)).toEqual(['+TracingConfig: Active', ...topicPolicy('${Orders}')]);
  });
});

const topicPolicy = (arn: string) => [
  '+XRayTopicsPolicy:',
  '+Type: AWS::XRay::ResourcePolicy',
  '+Properties:',
  '+PolicyName: !Ref AWS::StackName',
  `+PolicyDocument: !Sub '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":["xray:PutTraceSegments","xray:GetSamplingRules","xray:GetSamplingTargets"],"Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"\${AWS::AccountId}"},"StringLike":{"aws:SourceArn":"${arn}"}}}]}'`,
];

describe('TopicResourcePolicy', () => {
  const topics = (...names: readonly string[]) =>
    `Resources:\n${names
      .map((name) => `  ${name}:\n    Type: AWS::SNS::Topic\n    Properties:\n      TracingConfig: Active\n`)
      .join('\n')}`;
  const ALL = 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*';

  test('adds a policy for the topic', async () => {
    expect(await changed(topics('Orders'))).toEqual([]);
    expect(await changed(topics('Orders'), true)).toEqual(topicPolicy('${Orders}'));
  });

  test('adds one policy for the topics of a template, between empty lines like theirs', async () => {
    expect(await changed(topics('Orders', 'Returns'), true)).toEqual(['+', ...topicPolicy(ALL)]);
  });

  test('does not refer to a topic that may not exist', async () => {
    const conditional = `Conditions:\n  Prod: !Equals [!Ref "AWS::Region", eu-west-1]\n${topics('Orders').replace('Type:', 'Condition: Prod\n    Type:')}`;
    expect(await changed(conditional, true)).toEqual(topicPolicy(ALL));
  });

  test('leaves a topic whose policy denies the actions, or whose template has another policy of the name', async () => {
    const other = `${topics('Orders')}  XRayTopicsPolicy:\n    Type: AWS::SNS::Topic\n`;
    expect(await changed(other, true)).toEqual([]);
    const denied = `${topics('Orders')}  P:
    Type: AWS::XRay::ResourcePolicy
    Properties:
      PolicyName: p
      PolicyDocument: '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"xray:*","Resource":"*"}]}'
`;
    expect(await changed(denied, true)).toEqual([]);
  });
});

describe('Policies of a SAM function', () => {
  /** Returns an Active function that uses the role of a SAM function. */
  const shared = (policies: string) => `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
      Role: !GetAtt OtherRole.Arn
  Other:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Disabled
${policies.replace(/^(?=.)/gm, '      ')}`;

  test.each<[string, string, readonly string[]]>([
    ['none', '', ['+Policies:', '+- AWSXRayDaemonWriteAccess']],
    ['one name', 'Policies: A\n', ['-Policies: A', '+Policies:', '+- A', '+- AWSXRayDaemonWriteAccess']],
    ['a list', 'Policies: [A]\n', ['-Policies: [A]', '+Policies: [A, AWSXRayDaemonWriteAccess]']],
    [
      'one object in braces',
      'Policies: { SQSPollerPolicy: { QueueName: !GetAtt Q.QueueName } }\n',
      [
        '-Policies: { SQSPollerPolicy: { QueueName: !GetAtt Q.QueueName } }',
        '+Policies: [{ SQSPollerPolicy: { QueueName: !GetAtt Q.QueueName } }, AWSXRayDaemonWriteAccess]',
      ],
    ],
    [
      'one object in lines',
      'Policies: # why\n  # the queue\n  SQSPollerPolicy:\n    QueueName: !GetAtt Q.QueueName # all\n\n    # its end\n\nTimeout: 3\n',
      [
        '-SQSPollerPolicy:',
        '-QueueName: !GetAtt Q.QueueName # all',
        '+- SQSPollerPolicy:',
        '+QueueName: !GetAtt Q.QueueName # all',
        '+- AWSXRayDaemonWriteAccess',
      ],
    ],
    ['a function, whose value can be a list', 'Policies: !Ref Names\n', []],
  ])('get the managed policy: %s', async (_, policies, expected) => {
    expect(await changed(shared(policies))).toEqual(expected);
  });
});

describe('LegacyInstrumentation', () => {
  const LEGACY = 'arn:aws:lambda:eu-west-1:901920570463:layer:aws-otel-nodejs-amd64-ver-1-30-2:1';
  const instrumented = (layers: string, runtime = 'nodejs22.x') =>
    fn(
      `TracingConfig: { Mode: Active }\nRuntime: ${runtime}\nLayers:\n${layers}Environment:\n  Variables:\n    AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-handler\n`,
    );

  test('replaces the layer by the one for the runtime in its region', async () => {
    const template = instrumented(`  # tracing\n  - ${LEGACY} # old\n  - !Ref Other\n`);
    expect(await changed(template)).toEqual([]);
    expect(await changed(template, true)).toEqual([
      `-- ${LEGACY} # old`,
      expect.stringMatching(
        /^\+- arn:aws:lambda:eu-west-1:\d{12}:layer:AWSOpenTelemetryDistroJs:\d+ # old$/,
      ) as unknown,
      '-AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-handler',
      '+AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-instrument',
    ]);
  });

  test.each<[string, string, string]>([
    [
      'a region that is known only at deployment',
      `!Sub '${LEGACY.replace('eu-west-1', '${AWS::Region}')}'`,
      'nodejs22.x',
    ],
    ['a region without the layer', LEGACY.replace('eu-west-1', 'mars-1'), 'nodejs22.x'],
    ['a layer that has only a collector', LEGACY.replace('nodejs', 'collector'), 'nodejs22.x'],
    ['a runtime of another language', LEGACY, 'python3.13'],
    ['a runtime that is known only at deployment', LEGACY, '!Ref Runtime'],
  ])('leaves %s', async (_, layer, runtime) => {
    expect(await changed(instrumented(`  - ${layer}\n`, runtime), true)).toEqual([]);
  });
});

describe('StateMachinePermissions', () => {
  test('attaches the managed policy', async () => {
    const machine = `Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      TracingConfiguration: { Enabled: true }
      RoleArn: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: []
`;
    expect(await changed(machine)).toEqual([
      '-ManagedPolicyArns: []',
      '+ManagedPolicyArns: [{ "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess" }]',
    ]);
  });
});

describe('UnpublishedMode', () => {
  test('ties a version to the mode only on request', async () => {
    const version = `${fn('TracingConfig: { Mode: Active }\n')}  Version:\n    Type: AWS::Lambda::Version\n    Properties: { FunctionName: !Ref Fn }\n`;
    expect(await changed(version)).toEqual([]);
    expect(await changed(version, true)).toEqual([
      '-Properties: { FunctionName: !Ref Fn }',
      '+Properties: { FunctionName: !Ref Fn, Description: "X-Ray tracing: Active" }',
    ]);
  });
});

describe('BrokenTrace', () => {
  test('makes the function Active, on request if somebody wrote its mode', async () => {
    const { incorrect } = BROKEN_TRACE.examples;
    expect(await changed(incorrect)).toEqual([]);
    expect(await changed(`${incorrect}\n`, true)).toEqual(['-Tracing: PassThrough', '+Tracing: Active']);
    expect(await changed(incorrect.replace('Tracing: PassThrough', 'Timeout: 3'))).toEqual([
      '+Tracing: Active',
    ]);
  });
});

test('every rule that declares fixes has them above, and no other', () => {
  const declared = RULES.flatMap(({ id, repairs = [] }) => repairs.map((safety) => `${id} ${safety}`));
  expect([...offered].sort()).toEqual(declared.sort());
});
