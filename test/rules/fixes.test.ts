import { buildTracingModel } from '../../lib/model/build-model';
import { EDGE_FUNCTION } from '../../lib/rules/edge-function';
import { INVALID_MODE } from '../../lib/rules/invalid-mode';
import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import { UNPUBLISHED_MODE } from '../../lib/rules/unpublished-mode';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { WRITE_PERMISSIONS } from '../../lib/rules/write-permissions';
import { distribution, lambda, type Resources, serverless, stack, findingsIn } from './templates';

test.each([
  ['active', 'Active'],
  ['ACTIVE ', 'Active'],
  ['pass-through', 'PassThrough'],
  ['PASS_THROUGH', 'PassThrough'],
  ['Disabled', 'Active, or PassThrough for a function that records no traces'],
])("instead of the mode '%s' there is to be %s", (mode, meant) => {
  const [{ fix }] = INVALID_MODE.check(buildTracingModel([stack('t', { Fn: lambda(mode) })]));
  expect(fix).toBe(`Write ${meant}.`);
});

describe('a version is tied to the mode', () => {
  const V = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } };
  const template = (resources: Resources, constructPaths?: Record<string, string>) =>
    stack('t', resources, {
      constructPaths,
      sections: { Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } } },
    });

  test('by its description', () => {
    const [{ fix }] = UNPUBLISHED_MODE.check(buildTracingModel([template({ Fn: lambda('Active'), V })]));
    expect(fix).toBe(
      "Give 'V' a Description that states the mode, so that it is replaced along with it. Do so in a deployment that " +
        'changes the function too.',
    );
  });

  test('by currentVersion, in CDK', () => {
    const paths = { Fn: 'Orders/Intake/Resource', V: 'Orders/Released/Resource' };
    const [{ fix }] = UNPUBLISHED_MODE.check(
      buildTracingModel([template({ Fn: lambda('Active'), V }, paths)]),
    );
    expect(fix).toBe(
      "Publish 'Orders/Intake' by currentVersion, or set tieVersions where it gets its mode. Do so in a deployment " +
        'that changes the function too.',
    );
  });

  test('by a mode that is written out, where the version goes by the template', () => {
    const version = `FnCurrentVersion12AB34CD${'0123456789abcdef'.repeat(2)}`;
    const [before, after] = ['PassThrough', { Ref: 'Mode' }].map((mode) =>
      template({ Fn: lambda(mode), [version]: V }),
    );
    const [{ fix }] = VERSION_LOCK.check(buildTracingModel([after], [before]));
    expect(fix).toBe("Write the mode of 'Fn' out: a value that only deployment knows publishes nothing.");
  });
});

describe('what a SAM function has from Globals', () => {
  const globals = (properties: object) => ({ sections: { Globals: { Function: properties } } });
  const edge = (properties: object) =>
    stack(
      't',
      serverless({ AutoPublishAlias: 'live', ...properties }, { D: distribution({ Ref: 'Fn.Version' }) }),
      globals({ Tracing: 'Active' }),
    );

  test.each([{}, { Tracing: 'Active' }])('is a mode that it overrules at the edge, with %j', (own) => {
    const [{ fix }] = EDGE_FUNCTION.check(buildTracingModel([edge(own)]));
    expect(fix).toBe("Set Tracing of 'Fn' to PassThrough: without one, it has that of Globals.");
    expect(findingsIn(EDGE_FUNCTION, edge({ Tracing: 'PassThrough' }))).toEqual([]);
  });

  test('is a variable that only Globals can leave out', () => {
    const variables = { Environment: { Variables: { AWS_XRAY_DAEMON_ADDRESS: '10.0.0.7:2000' } } };
    const fixesOf = (template: ReturnType<typeof stack>) =>
      RESERVED_ENVIRONMENT.check(buildTracingModel([template])).map(({ fix }) => fix);
    expect(fixesOf(stack('t', serverless({ Tracing: 'Active' }), globals(variables)))).toEqual([
      "Remove AWS_XRAY_DAEMON_ADDRESS from Globals.Function, and from the environment of 'Fn' if it is there, too.",
    ]);
    expect(fixesOf(stack('t', serverless({ Tracing: 'Active', ...variables })))).toEqual([
      "Remove AWS_XRAY_DAEMON_ADDRESS from the environment of 'Fn'.",
    ]);
  });
});

describe('a role may write', () => {
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
    "Leave xray:PutTraceSegments and xray:PutTelemetryRecords out of what a policy of the role of 'Fn' denies: no " +
    'other policy can allow it then.';
  const WIDEN =
    "Let the permissions boundary of the role of 'Fn' allow xray:PutTraceSegments and xray:PutTelemetryRecords on *.";
  const WITHIN = { PermissionsBoundary: { Ref: 'Boundary' } };
  const ALLOWED = document('Allow', WRITES);
  const DENIED = document('Deny', 'xray:*');

  test.each<[string, ReturnType<typeof template>, string[]]>([
    ['by a policy, where it has none', template({}), [ATTACH]],
    ['by none that denies it', template(inline(ALLOWED, DENIED)), [UNDENY]],
    ['by none that denies it, and one that allows it', template(inline(DENIED)), [`${UNDENY} ${ATTACH}`]],
    ['within its boundary', template({ ...inline(ALLOWED), ...WITHIN }, bounded('logs:*')), [WIDEN]],
    [
      'within its boundary, by a policy',
      template({ ...inline(document('Allow', 'logs:*')), ...WITHIN }, bounded('logs:*')),
      [`${ATTACH} ${WIDEN}`],
    ],
    [
      'as the boundary and a policy allow',
      template({ ...inline(ALLOWED), ...WITHIN }, bounded(['logs:*', 'xray:*'])),
      [],
    ],
  ])('%s', (_, source, fixes) => {
    expect(fixOf(source)).toEqual(fixes);
  });
});
