import { buildTracingModel } from '../../../lib/model/build-model';
import { posture, type Posture, postureOf } from '../../../lib/report/formats/posture';
import { describeSchema } from '../describe-schema';
import { functionNamed, reportOf, smallSystem } from '../small-system';

type Resources = Readonly<Record<string, object>>;

/** Returns the posture of resources, optionally with those of a baseline. */
function postureFor(resources: Resources, baseline?: Resources): Posture {
  const templateOf = (written: Resources) => [{ id: 'template.json', template: { Resources: written } }];
  return postureOf(buildTracingModel(templateOf(resources), baseline && templateOf(baseline)));
}

function lambda(mode?: unknown, properties: object = {}): object {
  const TracingConfig = mode === undefined ? undefined : { Mode: mode };
  return {
    Type: 'AWS::Lambda::Function',
    Properties: { Role: { Ref: 'Role' }, TracingConfig, ...properties },
  };
}

const VERSION = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } };

function aliasOf(version: unknown, more: object = {}): object {
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: { Name: 'live', FunctionName: { Ref: 'Fn' }, FunctionVersion: version, ...more },
  };
}

function versionNumber(logicalId: string): object {
  return { 'Fn::GetAtt': [logicalId, 'Version'] };
}

test('writes all keys in alphabetical order, without what changes with a release or the code', () => {
  expect(posture(smallSystem())).toBe(`{
  "functions": {
    "Intake": {
      "mode": "Active",
      "modeSetAt": "TracingConfig.Mode",
      "permissions": "unknown"
    },
    "Nightly": {
      "eventSources": [
        "Amazon SQS"
      ],
      "mode": "Unset (PassThrough)",
      "permissions": "missing"
    },
    "Orders/Consumer": {
      "callers": {
        "orders": "does not propagate the trace, from a stream"
      },
      "eventSources": [
        "Amazon MSK, which X-Ray does not support"
      ],
      "mode": "Active or PassThrough",
      "modeSetAt": "TracingConfig.Mode",
      "permissions": "unknown"
    }
  },
  "schemaVersion": 1,
  "tool": {
    "name": "cdk-lambda-xray"
  }
}
`);
});

describe('the mode', () => {
  test.each<[string, unknown, object]>([
    ['Active', 'Active', { mode: 'Active', modeSetAt: 'TracingConfig.Mode' }],
    ['left out', undefined, { mode: 'Unset (PassThrough)' }],
    ['known only at deployment', { Ref: 'Mode' }, { mode: 'Unknown', modeSetAt: 'TracingConfig.Mode' }],
    ['invalid', 'active', { mode: '"active"', modeSetAt: 'TracingConfig.Mode' }],
  ])('%s', (_, written, expected) => {
    const { mode, modeSetAt } = postureFor({ Fn: lambda(written) }).Fn;
    expect({ mode, modeSetAt }).toEqual(expected);
  });

  test('is set in the globals of a SAM template', () => {
    const template = {
      Globals: { Function: { Tracing: 'Active' } },
      Resources: { Fn: { Type: 'AWS::Serverless::Function' } },
    };
    expect(postureOf(buildTracingModel([{ id: 'template.json', template }])).Fn).toEqual({
      mode: 'Active',
      modeSetAt: 'Globals.Function.Tracing',
      permissions: 'granted',
    });
  });
});

describe('versions and aliases', () => {
  const HASH = '0123456789abcdef'.repeat(2);
  const current = `FnCurrentVersion0123ABCD${HASH}`;

  test('have no hash in their names', () => {
    expect(
      postureFor({ Fn: lambda('Active'), [current]: VERSION, Live: aliasOf(versionNumber(current)) }).Fn,
    ).toMatchObject({ versions: { FnCurrentVersion0123ABCD: 'Active' }, aliases: { Live: 'Active' } });
  });

  test('have no known mode if a change of the mode does not publish them', () => {
    const published = (mode: string) =>
      postureFor({ Fn: lambda(mode), V1: VERSION, Live: aliasOf(versionNumber('V1')), Old: aliasOf('7') }).Fn;
    const expected = {
      versions: { V1: 'the mode it was published with' },
      aliases: {
        Live: 'the mode it was published with',
        Old: 'the mode it was published with (version 7)',
      },
    };
    expect(published('Active')).toMatchObject(expected);
    expect(published('PassThrough')).toMatchObject(expected);
  });

  test('can have the mode of the function if another tool decides', () => {
    const hashed = `FnLambdaVersion${'a1B2'.repeat(10)}xyz`;
    expect(postureFor({ Fn: lambda('Active'), [hashed]: VERSION }).Fn.versions).toEqual({
      FnLambdaVersion: 'Active or the mode it was published with',
    });
  });

  test('stay on an old mode, as a baseline shows', () => {
    const system = (mode: string) => ({
      Fn: lambda(mode),
      V1: VERSION,
      Live: aliasOf('7'),
      Beta: aliasOf(versionNumber('V1')),
    });
    expect(postureFor(system('PassThrough'), system('Active')).Fn).toMatchObject({
      mode: 'PassThrough',
      versions: { V1: 'stays on Active' },
      aliases: { Beta: 'stays on Active', Live: 'stays on Active' },
    });
    expect(postureFor(system('Active'), system('Active')).Fn).toMatchObject({
      versions: { V1: 'Active' },
      aliases: { Beta: 'Active' },
    });
  });

  test('name a part of the requests', () => {
    const routing = {
      RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: '7', FunctionWeight: 0.1 }] },
    };
    expect(
      postureFor({ Fn: lambda('Active'), [current]: VERSION, Live: aliasOf(versionNumber(current), routing) })
        .Fn.aliases,
    ).toEqual({ Live: 'Active, and the mode it was published with (version 7) for part of the requests' });
  });

  test('are named after SAM if it creates them', () => {
    const sam = (more: object = {}) => ({
      Fn: {
        Type: 'AWS::Serverless::Function',
        Properties: { Tracing: 'Active', AutoPublishAlias: 'live', ...more },
      },
    });
    expect(postureFor(sam()).Fn).toMatchObject({
      versions: { 'published by SAM': 'the mode it was published with' },
      aliases: { 'live, created by SAM': 'the mode it was published with' },
    });
    expect(postureFor(sam({ AutoPublishAliasAllProperties: true })).Fn).toMatchObject({
      versions: { 'published by SAM': 'Active' },
      aliases: { 'live, created by SAM': 'Active' },
    });
  });

  test('of one name are counted', () => {
    const [first, second] = ['0', '1'].map((digit) => `FnCurrentVersion0123ABCD${digit.repeat(32)}`);
    expect(postureFor({ Fn: lambda('Active'), [first]: VERSION, [second]: VERSION }).Fn.versions).toEqual({
      FnCurrentVersion0123ABCD: 'Active',
      'FnCurrentVersion0123ABCD (2)': 'Active',
    });
  });
});

describe('callers and gaps', () => {
  const POLICY = (action: string, resource: object) => ({
    PolicyName: 'calls',
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] },
  });
  const roleThat = (...policies: object[]) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'],
      Policies: policies,
    },
  });
  const queued = (intake: string, worker: string): Resources => ({
    Jobs: { Type: 'AWS::SQS::Queue' },
    Role: roleThat(),
    IntakeRole: roleThat(POLICY('sqs:SendMessage', { 'Fn::GetAtt': ['Jobs', 'Arn'] })),
    Intake: lambda(intake, { Role: { 'Fn::GetAtt': ['IntakeRole', 'Arn'] } }),
    Worker: lambda(worker, { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Worker' }, EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } },
    },
  });

  test('has a gap on a traced path', () => {
    expect(postureFor(queued('Active', 'PassThrough')).Worker).toEqual({
      callers: { Jobs: 'links the traces, from a queue' },
      eventSources: ['Amazon SQS'],
      gaps: ['records nothing on a traced path'],
      mode: 'PassThrough',
      modeSetAt: 'TracingConfig.Mode',
      permissions: 'granted',
    });
    expect(postureFor(queued('Active', 'Active')).Worker).not.toHaveProperty('gaps');
  });

  test('has a gap if the caller decides not to sample', () => {
    const clicks = 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks';
    const system = (filter: string): Resources => ({
      FilterRole: roleThat(POLICY('lambda:InvokeFunction', { 'Fn::GetAtt': ['Worker', 'Arn'] })),
      Filter: lambda(filter, {
        Role: { 'Fn::GetAtt': ['FilterRole', 'Arn'] },
        Environment: { Variables: { WORKER: { Ref: 'Worker' } } },
      }),
      Clicks: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: { Ref: 'Filter' }, EventSourceArn: clicks },
      },
      Role: roleThat(),
      Worker: lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    });
    expect(postureFor(system('PassThrough')).Worker.gaps).toEqual([
      'may record nothing: called only from Filter, without active tracing',
    ]);
    expect(postureFor(system('Active')).Worker).not.toHaveProperty('gaps');
  });

  test('shows a caller whose tracing is off', () => {
    const events = {
      Get: { Type: 'Api', Properties: { Path: '/', Method: 'get', RestApiId: { Ref: 'Api' } } },
    };
    const callersOf = (tracing?: boolean) =>
      postureFor({
        Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', TracingEnabled: tracing } },
        Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Active', Events: events } },
      }).Fn.callers;
    expect(callersOf(true)).toEqual({ Api: 'starts a trace, synchronously' });
    expect(callersOf()).toEqual({ Api: 'tracing is off, propagates the trace, synchronously' });
  });

  test('do not depend on the order of the resources', () => {
    const system = queued('Active', 'PassThrough');
    const reversed = Object.fromEntries(Object.entries(system).reverse());
    expect(JSON.stringify(postureFor(reversed))).toBe(JSON.stringify(postureFor(system)));
  });
});

test('sorts keys as other programs do', () => {
  const names = ['A', 'A (b)', 'A/b', 'B', 'a'];
  const resources = Object.fromEntries(
    names.map((path, i) => [`Fn${i}`, { ...lambda(), Metadata: { 'aws:cdk:path': path } }]).reverse(),
  ) as Resources;
  expect(Object.keys(postureFor(resources))).toEqual(names);
});

test('names the templates of functions with the same name', () => {
  const report = reportOf({
    'a.json': functionNamed('Fn'),
    'b.json': functionNamed('Fn'),
    'c.json': functionNamed('Other'),
  });
  const { functions } = JSON.parse(posture(report)) as { functions: object };
  expect(Object.keys(functions)).toEqual(['Fn (a.json)', 'Fn (b.json)', 'Other']);
});

interface Contract {
  functions: Record<string, Record<string, unknown>>;
  [key: string]: unknown;
}

function contract(report = smallSystem()): Contract {
  return JSON.parse(posture(report)) as Contract;
}

const HOSTILE = '\u0000<script>"\'\\ud800%';

describeSchema('posture', contract, {
  holdsFor: [
    ['a small system', contract],
    ['no templates', () => contract(reportOf({}))],
    ['hostile names', () => contract(reportOf({ [HOSTILE]: functionNamed(HOSTILE) }))],
  ],
  doesNotHoldFor: [
    ['another version', (report) => (report.schemaVersion = 2)],
    ['something more', (report) => (report.more = true)],
    ['something more in a function', ({ functions }) => (functions.Intake.more = true)],
    ['the version of the tool', (report) => (report.tool = { name: 'cdk-lambda-xray', version: '1.2.3' })],
    ['something less', ({ functions }) => delete functions.Intake.mode],
    ['other permissions', ({ functions }) => (functions.Intake.permissions = 'lost')],
    ['an empty list', ({ functions }) => (functions.Intake.gaps = [])],
    ['a list of callers', ({ functions }) => (functions.Intake.callers = ['Api'])],
  ],
});
