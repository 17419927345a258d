import { buildTracingModel } from '../../lib/model/build-model';
import { ACTIVE_TRACING } from '../../lib/rules/active-tracing';
import { EDGE_FUNCTION } from '../../lib/rules/edge-function';
import { EXPLICIT_MODE } from '../../lib/rules/explicit-mode';
import { INVALID_MODE } from '../../lib/rules/invalid-mode';
import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import { STATE_MACHINE_PERMISSIONS } from '../../lib/rules/state-machine-permissions';
import { UNPUBLISHED_MODE } from '../../lib/rules/unpublished-mode';
import { UNSUPPORTED_EVENT_SOURCE } from '../../lib/rules/unsupported-event-source';
import { UNTRACED_ENTRY } from '../../lib/rules/untraced-entry';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { WRITE_PERMISSIONS } from '../../lib/rules/write-permissions';
import { distribution, lambda, type Resources, serverless, stack, findingsIn } from './templates';

test.each([
  ['active', 'Active'],
  ['ACTIVE ', 'Active'],
  ['pass-through', 'PassThrough'],
  ['PASS_THROUGH', 'PassThrough'],
  ['Disabled', 'Active, or to PassThrough if it should not record traces'],
])("the fix of mode '%s' is %s", (mode, fixed) => {
  const [{ fix }] = INVALID_MODE.check(buildTracingModel([stack('t', { Fn: lambda(mode) })]));
  expect(fix).toBe(`Set TracingConfig.Mode of 'Fn' to ${fixed}.`);
});

describe('the fix of a version that does not depend on the mode', () => {
  const V = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } };
  const template = (resources: Resources, constructPaths?: Record<string, string>) =>
    stack('t', resources, {
      constructPaths,
      sections: { Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } } },
    });

  test('is its description', () => {
    const [{ fix }] = UNPUBLISHED_MODE.check(buildTracingModel([template({ Fn: lambda('Active'), V })]));
    expect(fix).toBe(
      'Add "X-Ray tracing: Active" to the Description of \'V\', so CloudFormation replaces it when the mode changes. Do ' +
        'this in a deployment that also changes the function.',
    );
  });

  test('is currentVersion in CDK', () => {
    const paths = { Fn: 'Orders/Intake/Resource', V: 'Orders/Released/Resource' };
    const [{ fix }] = UNPUBLISHED_MODE.check(
      buildTracingModel([template({ Fn: lambda('Active'), V }, paths)]),
    );
    expect(fix).toBe(
      "Publish 'Orders/Intake' with currentVersion, or set tieVersions where its mode is set. Do this in a deployment " +
        'that also changes the function.',
    );
  });

  test('is a literal mode if the version has a hash of the template', () => {
    const version = `FnCurrentVersion12AB34CD${'0123456789abcdef'.repeat(2)}`;
    const [before, after] = ['PassThrough', { Ref: 'Mode' }].map((mode) =>
      template({ Fn: lambda(mode), [version]: V }),
    );
    const [{ fix }] = VERSION_LOCK.check(buildTracingModel([after], [before]));
    expect(fix).toBe(
      "Set the tracing mode of 'Fn' to a literal value. A value known only at deployment publishes no version.",
    );
  });
});

test('the fix of a role that SAM makes is a policy of the resource', () => {
  const Flow = {
    Type: 'AWS::Serverless::StateMachine',
    Properties: { Tracing: { Enabled: 'true' }, Policies: ['AWSXrayReadOnlyAccess'] },
  };
  const [{ fix }] = STATE_MACHINE_PERMISSIONS.check(buildTracingModel([stack('t', { Flow })]));
  expect(fix).toBe("Add AWSXRayDaemonWriteAccess to the Policies of 'Flow', from which SAM makes its role.");
});

describe('the fix of a SAM function with Globals', () => {
  const globals = (properties: object) => ({ sections: { Globals: { Function: properties } } });
  const edge = (properties: object) =>
    stack(
      't',
      serverless({ AutoPublishAlias: 'live', ...properties }, { D: distribution({ Ref: 'Fn.Version' }) }),
      globals({ Tracing: 'Active' }),
    );

  test.each([{}, { Tracing: 'Active' }])('sets PassThrough on a function at the edge with %j', (own) => {
    const [{ fix }] = EDGE_FUNCTION.check(buildTracingModel([edge(own)]));
    expect(fix).toBe(
      "Set Tracing of 'Fn' to PassThrough. Without a mode of its own, it has the mode in Globals.",
    );
    expect(findingsIn(EDGE_FUNCTION, edge({ Tracing: 'PassThrough' }))).toEqual([]);
  });

  test('removes a variable from Globals', () => {
    const variables = { Environment: { Variables: { AWS_XRAY_DAEMON_ADDRESS: '10.0.0.7:2000' } } };
    const fixesOf = (template: ReturnType<typeof stack>) =>
      RESERVED_ENVIRONMENT.check(buildTracingModel([template])).map(({ fix }) => fix);
    expect(fixesOf(stack('t', serverless({ Tracing: 'Active' }), globals(variables)))).toEqual([
      "Remove AWS_XRAY_DAEMON_ADDRESS from Globals.Function, and from the environment of 'Fn' if it is also set there.",
    ]);
    expect(fixesOf(stack('t', serverless({ Tracing: 'Active', ...variables })))).toEqual([
      "Remove AWS_XRAY_DAEMON_ADDRESS from the environment of 'Fn'.",
    ]);
  });
});

describe('the fix of a role that lacks permissions', () => {
  const WRITES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
  const document = (Effect: string, Action: unknown) => ({
    PolicyDocument: { Statement: [{ Effect, Action, Resource: '*' }] },
  });
  const inline = (...documents: object[]) => ({
    Policies: documents.map((policy) => ({ PolicyName: 'P', ...policy })),
  });
  const bounded = (Action: unknown) => ({
    Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: document('Allow', Action) },
  });
  const template = (role: object, more: Resources = {}) =>
    stack('t', {
      Fn: lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
      Role: { Type: 'AWS::IAM::Role', Properties: role },
      ...more,
    });
  const fixOf = (source: ReturnType<typeof template>) =>
    WRITE_PERMISSIONS.check(buildTracingModel([source])).map(({ fix }) => fix);

  const ATTACH =
    "Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of 'Fn', or allow xray:PutTraceSegments and " +
    'xray:PutTelemetryRecords on *.';
  const UNDENY =
    "Remove xray:PutTraceSegments and xray:PutTelemetryRecords from the statement with Effect: Deny in a policy of the role of 'Fn'. No other " +
    'policy can override a Deny.';
  const WIDEN =
    "Allow xray:PutTraceSegments and xray:PutTelemetryRecords on * in the permissions boundary of the role of 'Fn'.";
  const WITHIN = { PermissionsBoundary: { Ref: 'Boundary' } };
  const ALLOWED = document('Allow', WRITES);
  const DENIED = document('Deny', 'xray:*');

  test.each<[string, ReturnType<typeof template>, string[]]>([
    ['is a policy', template({}), [ATTACH]],
    ['is no Deny', template(inline(ALLOWED, DENIED)), [UNDENY]],
    ['is no Deny, and a policy', template(inline(DENIED)), [`${UNDENY} ${ATTACH}`]],
    ['is its boundary', template({ ...inline(ALLOWED), ...WITHIN }, bounded('logs:*')), [WIDEN]],
    [
      'is its boundary, and a policy',
      template({ ...inline(document('Allow', 'logs:*')), ...WITHIN }, bounded('logs:*')),
      [`${ATTACH} ${WIDEN}`],
    ],
    [
      'is not needed if the boundary and a policy allow the actions',
      template({ ...inline(ALLOWED), ...WITHIN }, bounded(['logs:*', 'xray:*'])),
      [],
    ],
  ])('%s', (_, source, fixes) => {
    expect(fixOf(source)).toEqual(fixes);
  });
});

test.each<[string, Parameters<typeof stack>[2], string]>([
  [
    'in a CDK app',
    { constructPaths: { HelloLambdaFunction: 'Orders/Hello/Resource' } },
    'Call LambdaTracing.of(scope).active(), which attaches AWSXRayDaemonWriteAccess to roles that it can change. ' +
      "Otherwise, attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of 'Orders/Hello', or allow " +
      'xray:PutTraceSegments and xray:PutTelemetryRecords on *.',
  ],
  [
    'in serverless.yml',
    { sections: { Outputs: { ServerlessDeploymentBucketName: { Value: 'bucket' } } } },
    'Add arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess to provider.iam.role.managedPolicies in serverless.yml, or ' +
      "attach it to the role of 'HelloLambdaFunction' if that is your own.",
  ],
])('the fix of missing permissions names what its author edits: %s', (_, source, fix) => {
  const HelloLambdaFunction = lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } });
  const template = stack('t', { HelloLambdaFunction, Role: { Type: 'AWS::IAM::Role' } }, source);
  expect(WRITE_PERMISSIONS.check(buildTracingModel([template])).map((finding) => finding.fix)).toEqual([fix]);
});

describe('the fix of a function without active tracing names what its author edits', () => {
  const FUNCTION = {
    Type: 'AWS::Lambda::Function',
    Properties: { Role: 'arn:aws:iam::111122223333:role/fn' },
  };
  const SAM = { Type: 'AWS::Serverless::Function', Properties: {} };
  const fixesOf = (template: ReturnType<typeof stack>) =>
    ACTIVE_TRACING.check(buildTracingModel([template])).map(({ fix }) => fix);
  const SCOPE = ', or call LambdaTracing.of(scope).active() for all functions of a scope.';

  test.each([
    ['Orders/Intake/Resource', `Set tracing of 'Orders/Intake' to Tracing.ACTIVE${SCOPE}`],
    ['Orders/Intake', `Set tracingConfig.mode of 'Orders/Intake' to 'Active'${SCOPE}`],
  ])('in a CDK app: %s', (path, fix) => {
    expect(fixesOf(stack('t', { Fn: FUNCTION }, { constructPaths: { Fn: path } }))).toEqual([fix]);
  });

  test("in a CDK app with SAM's resource", () => {
    const template = stack('t', { Fn: SAM }, { constructPaths: { Fn: 'Orders/Intake' } });
    expect(fixesOf(template)).toEqual([`Set tracing of 'Orders/Intake' to 'Active'${SCOPE}`]);
  });

  test('in CloudFormation', () => {
    expect(fixesOf(stack('t', { Fn: FUNCTION }))).toEqual(["Set TracingConfig.Mode of 'Fn' to Active."]);
  });

  test('in serverless.yml', () => {
    const sections = { Outputs: { ServerlessDeploymentBucketName: { Value: 'bucket' } } };
    const template = stack('t', { HelloLambdaFunction: FUNCTION, Own: FUNCTION }, { sections });
    expect(fixesOf(template)).toEqual([
      "Set provider.tracing.lambda to Active in serverless.yml, or tracing of the function behind 'HelloLambdaFunction'.",
      // The author wrote it in `resources`.
      "Set TracingConfig.Mode of 'Own' to Active.",
    ]);
  });

  describe('in SAM', () => {
    const own = (name: string) => `Set Tracing of '${name}' to Active.`;
    const inGlobals = 'Set Globals.Function.Tracing to Active.';

    test('it is each function', () => {
      expect(fixesOf(stack('t', { A: SAM, B: SAM }))).toEqual([own('A'), own('B')]);
    });

    test('it is Globals if three or more functions have no mode of their own', () => {
      const explicit = { ...SAM, Properties: { Tracing: 'PassThrough' } };
      const ignoring = { ...SAM, IgnoreGlobals: ['Tracing'] };
      expect(fixesOf(stack('t', { A: SAM, B: SAM, C: SAM, D: explicit, E: ignoring }))).toEqual([
        ...[inGlobals, inGlobals, inGlobals],
        ...[own('D'), own('E')],
      ]);
      expect(fixesOf(stack('t', { A: SAM, B: SAM, D: explicit, E: ignoring }))).toEqual(
        ['A', 'B', 'D', 'E'].map(own),
      );
    });

    test('it is Globals too if they have PassThrough', () => {
      const sections = { Globals: { Function: { Tracing: 'PassThrough' } } };
      expect(fixesOf(stack('t', { A: SAM, B: SAM, C: SAM }, { sections }))).toEqual([
        ...[inGlobals, inGlobals, inGlobals],
      ]);
    });

    test('it keeps functions PassThrough whose event sources X-Ray does not support', () => {
      const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
      const Events = { Orders: { Type: 'MSK', Properties: { Stream: arn, Topics: ['orders'] } } };
      const consumer = { ...SAM, Properties: { Events } };
      const fixes = fixesOf(stack('t', { A: SAM, B: SAM, C: SAM, Consumer: consumer }));
      expect(fixes[0]).toBe(
        "Set Globals.Function.Tracing to Active, and Tracing of 'Consumer' to PassThrough.",
      );
    });
  });
});

describe('the fix of functions that can be PassThrough, in SAM', () => {
  const SAM = { Type: 'AWS::Serverless::Function', Properties: {} };
  const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
  const kafka = { Orders: { Type: 'MSK', Properties: { Stream: arn, Topics: ['orders'] } } };
  const consumer = { ...SAM, Properties: { Events: kafka } };
  const splittable = {
    ...SAM,
    Properties: { Events: { ...kafka, Web: { Type: 'Api', Properties: { Path: '/', Method: 'get' } } } },
  };
  const active = { sections: { Globals: { Function: { Tracing: 'Active' } } } };
  const fixesOf = (rule: typeof EXPLICIT_MODE, resources: Resources, options = {}) =>
    rule.check(buildTracingModel([stack('t', resources, options)])).map(({ fix }) => fix);

  test('is Globals if three or more functions set no mode', () => {
    const inGlobals = 'Set Globals.Function.Tracing to Active or PassThrough.';
    const own = (name: string) => `Set Tracing of '${name}' to Active or PassThrough.`;
    expect(fixesOf(EXPLICIT_MODE, { A: SAM, B: SAM, C: SAM })).toEqual([inGlobals, inGlobals, inGlobals]);
    expect(fixesOf(EXPLICIT_MODE, { A: SAM, B: SAM })).toEqual(['A', 'B'].map(own));
  });

  test('keeps PassThrough where an event source needs it', () => {
    expect(fixesOf(EXPLICIT_MODE, { A: SAM, B: SAM, C: SAM, Consumer: consumer })).toEqual([
      ...Array<string>(3).fill(
        "Set Globals.Function.Tracing to Active or PassThrough, and Tracing of 'Consumer' to PassThrough.",
      ),
      "Set Tracing of 'Consumer' to PassThrough.",
    ]);
  });

  test('is PassThrough in Globals only if all functions that take it from there need it', () => {
    const inGlobals = 'Set Globals.Function.Tracing to PassThrough';
    const all = { A: consumer, B: consumer, C: consumer };
    const advice = ', or use a separate PassThrough function for Amazon MSK.';
    expect(fixesOf(EXPLICIT_MODE, all)).toEqual(Array(3).fill(`${inGlobals}.`));
    expect(fixesOf(UNSUPPORTED_EVENT_SOURCE, all, active)).toEqual(Array(3).fill(`${inGlobals}${advice}`));
    const own = (name: string) => `Set Tracing of '${name}' to PassThrough${advice}`;
    expect(fixesOf(UNSUPPORTED_EVENT_SOURCE, { ...all, Other: SAM }, active)).toEqual(
      ['A', 'B', 'C'].map(own),
    );
    expect(fixesOf(UNSUPPORTED_EVENT_SOURCE, { ...all, Web: splittable }, active)).toEqual([
      ...['A', 'B', 'C'].map(own),
      "Move the event source to a separate PassThrough function. 'Web' can then stay Active for its other callers.",
    ]);
  });

  test('is Globals for an invalid mode in Globals', () => {
    const misspelled = { sections: { Globals: { Function: { Tracing: 'active' } } } };
    const own = { ...SAM, Properties: { Tracing: 'active' } };
    expect(fixesOf(INVALID_MODE, { A: SAM, Own: own }, misspelled)).toEqual([
      'Set Globals.Function.Tracing to Active.',
      "Set Tracing of 'Own' to Active.",
    ]);
  });
});

describe('the fix of an untraced caller names what its author edits', () => {
  const Fn = { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'Active' } } };
  const topic = {
    Fn,
    Topic: {
      Type: 'AWS::SNS::Topic',
      Properties: { Subscription: [{ Protocol: 'lambda', Endpoint: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] },
    },
    Publisher: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Fn' },
        Principal: 'sns.amazonaws.com',
        Action: 'lambda:InvokeFunction',
      },
    },
  };
  const api = {
    Fn,
    Api: { Type: 'AWS::ApiGateway::RestApi' },
    Method: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        Integration: {
          Type: 'AWS_PROXY',
          Uri: {
            'Fn::Sub':
              'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
          },
        },
      },
    },
    Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' }, StageName: 'prod' } },
  };
  const machine = {
    Fn,
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: 'arn:aws:iam::111122223333:role/machine',
        DefinitionString: {
          'Fn::Sub': '{"StartAt":"A","States":{"A":{"Type":"Task","End":true,"Resource":"${Fn.Arn}"}}}',
        },
      },
    },
  };
  const fixesOf = (resources: Resources, constructPaths?: Record<string, string>) =>
    UNTRACED_ENTRY.check(buildTracingModel([stack('t', resources, { constructPaths })])).map(
      ({ fix }) => fix,
    );
  const CALLERS = 'or call LambdaTracing.of(scope).active({ callers: true })';

  test.each<[string, Resources, Record<string, string>, string]>([
    [
      'the stage of a RestApi',
      api,
      { Stage: 'Orders/Api/DeploymentStage.prod/Resource' },
      `Set deployOptions.tracingEnabled of 'Orders/Api' to true, ${CALLERS}.`,
    ],
    [
      'a stage',
      api,
      { Stage: 'Orders/Prod/Resource' },
      `Set tracingEnabled of 'Orders/Prod' to true, ${CALLERS}.`,
    ],
    ['a CfnStage', api, { Stage: 'Orders/Prod' }, `Set tracingEnabled of 'Orders/Prod' to true, ${CALLERS}.`],
    [
      'a state machine, whose role CDK permits to write',
      machine,
      { Machine: 'Orders/Flow/Resource' },
      `Set tracingEnabled of 'Orders/Flow' to true, ${CALLERS}.`,
    ],
    [
      'a CfnStateMachine',
      machine,
      { Machine: 'Orders/Flow' },
      "Set tracingConfiguration.enabled of 'Orders/Flow' to true, and attach AWSXRayDaemonWriteAccess to its role, " +
        `unless the role already allows writing to X-Ray, ${CALLERS}, which does both.`,
    ],
  ])('in a CDK app: %s', (_, resources, constructPaths, fix) => {
    expect(fixesOf(resources, constructPaths)).toEqual([fix]);
  });

  test('in a CDK app: a topic', () => {
    const [fix] = fixesOf(topic, { Topic: 'Orders/Placed/Resource' });
    expect(fix).toMatch(/^Set tracingConfig of 'Orders\/Placed' to TracingConfig\.ACTIVE/);
  });
});
