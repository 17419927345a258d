import { buildTracingModel } from '../../lib/model/build-model';
import { EDGE_FUNCTION } from '../../lib/rules/edge-function';
import { INVALID_MODE } from '../../lib/rules/invalid-mode';
import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import { STATE_MACHINE_PERMISSIONS } from '../../lib/rules/state-machine-permissions';
import { UNPUBLISHED_MODE } from '../../lib/rules/unpublished-mode';
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
    "Remove xray:PutTraceSegments and xray:PutTelemetryRecords from what a policy of the role of 'Fn' denies. No other " +
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
