import type { MapDocument, MapEdge, MapFunction } from '../../../lib/report/map/document';
import { traceMapJson } from '../../../lib/report/map/build-document';
import { describeSchema } from '../describe-schema';
import { mapOf, mapOfTemplates, SMALL_FILES, smallMap } from './map-documents';

interface Contract {
  nodes: Record<string, unknown>[];
  edges: Record<string, unknown>[];
  problems: Record<string, unknown>[];
  [key: string]: unknown;
}

/** Returns a line for each node with its state. */
function nodes({ nodes: all }: MapDocument): string[] {
  return all.map(
    ({ id, origin, recording, isGap, state }) =>
      `${id} ${origin} ${recording}${isGap ? ' gap' : ''}, ${state ?? 'no state'}`,
  );
}

/** Returns a line for each call. */
function edges({ edges: all }: MapDocument): string[] {
  return all.filter(({ sources }) => sources.length > 0).map(line);
}

function line({ from, to, propagation, invocation, isBroken }: MapEdge): string {
  return `${from} -${propagation}-> ${to}${invocation ? ` ${invocation}` : ''}${isBroken ? ' broken' : ''}`;
}

test('a function has a service node for incoming calls and its own node for outgoing calls', () => {
  expect(nodes(smallMap())).toEqual([
    'orders.yaml#Intake AWS::Lambda yes, recorded',
    'run:orders.yaml#Intake AWS::Lambda::Function yes, recorded',
    'orders.yaml#Worker AWS::Lambda no gap, gap',
    'run:orders.yaml#Worker AWS::Lambda::Function no gap, gap',
    'orders.yaml#Changes AWS::Lambda yes, recorded',
    'run:orders.yaml#Changes AWS::Lambda::Function yes, recorded',
    'shipping.yaml#Consumer AWS::Lambda yes, not traceable',
    'run:shipping.yaml#Consumer AWS::Lambda::Function yes, not traceable',
    'orders.yaml#Api AWS::Serverless::Api yes, recorded',
    'orders.yaml#Jobs AWS::SQS::Queue never, no state',
    'orders.yaml#Table AWS::DynamoDB::Table never, no state',
    'msk:parcels@111122223333/eu-west-1 AWS::MSK::Cluster never, not traceable',
  ]);
  expect(edges(smallMap()).sort()).toEqual([
    'msk:parcels@111122223333/eu-west-1 -breaks-> shipping.yaml#Consumer stream',
    'orders.yaml#Api -starts-> orders.yaml#Intake synchronous',
    'orders.yaml#Jobs -links-> orders.yaml#Worker queue',
    'orders.yaml#Table -breaks-> orders.yaml#Changes stream broken',
    'run:orders.yaml#Intake -propagates-> orders.yaml#Jobs',
    'run:orders.yaml#Worker -propagates-> orders.yaml#Table',
  ]);
});

test('has a summary', () => {
  expect(smallMap().summary).toMatchObject({
    stacks: 2,
    functions: 4,
    nodes: 12,
    edges: 10,
    byMode: { Active: 3, PassThrough: 1, Unset: 0, Unknown: 0 },
    gaps: 1,
    brokenEdges: 1,
    findings: { error: 1 },
  });
});

test('marks event sources that X-Ray does not support', () => {
  const { services } = smallMap();
  expect(Object.keys(services).filter((kind) => services[kind].isUnsupported)).toEqual(['msk']);
});

test('puts the findings on an event source mapping on its function', () => {
  const { nodes: all, findings } = smallMap();
  const on = (id: string) =>
    all
      .find((node) => node.id === id)!
      .findings.map((index) => findings[index].ruleId.replace('LambdaXRay-', ''));
  expect(on('shipping.yaml#Consumer')).toContain('UnsupportedEventSource');
  expect(on('orders.yaml#Worker')).toEqual(['BrokenTrace']);
  expect(on('orders.yaml#Jobs')).toEqual([]);
});

test('a finding on a path lists the path', () => {
  const broken = smallMap().findings.find(({ ruleId }) => ruleId === 'LambdaXRay-BrokenTrace');
  expect(broken?.related).toEqual(['orders.yaml#Intake', 'orders.yaml#Jobs']);
});

describe('problems', () => {
  const lines = ({ problems }: MapDocument) =>
    problems.map(({ status, severity, path, problem }) => [status, severity, path, problem].join(' | '));

  test('are the findings by severity, then the breaks by design', () => {
    expect(lines(smallMap())).toEqual([
      'to fix | error | parcels → Consumer | Active function with an event source that X-Ray does not support',
      'to fix | warning | Jobs → Worker | Function without active tracing on the path of a trace',
      'to fix | warning | Intake | Version that keeps its mode when the tracing mode changes',
      'by design |  | Table → Changes | DynamoDB Streams does not propagate the trace',
    ]);
  });

  test('have the fix, the nodes, the call and the position', () => {
    const { problems, findings, edges: all } = smallMap();
    const [error, gap] = problems;
    const ended = problems.find(({ status }) => status === 'by design')!;
    expect(error.fix).toBe(findings[error.finding!].fix);
    expect(gap).toMatchObject({
      stack: 'orders.yaml',
      line: 21,
      nodes: ['orders.yaml#Jobs', 'orders.yaml#Worker'],
    });
    expect(ended).toMatchObject({
      stack: 'orders.yaml',
      line: 38,
      nodes: ['orders.yaml#Table', 'orders.yaml#Changes'],
    });
    expect(ended.message).toBe(
      'DynamoDB Streams does not propagate the trace to Changes. The trace ends here. Changes starts a trace of its own.',
    );
    expect([ended.fix, ended.finding]).toEqual([undefined, undefined]);
    expect(all[ended.edge!].isBroken).toBe(true);
  });

  test('that are acknowledged are accepted, with the reason', () => {
    const acknowledged = mapOfTemplates(
      [{ id: 't', file: 't', template: { Resources: { Fn: { Type: 'AWS::Lambda::Function' } } } }],
      [],
      (found) => found.map((finding) => ({ ...finding, acknowledged: { reason: 'A test.' } })),
    );
    expect(acknowledged.problems.map(({ status, reason }) => [status, reason])).toEqual([
      ['accepted', 'A test.'],
    ]);
  });

  test('include gaps that no rule reports', () => {
    const without = mapOf(SMALL_FILES, [], (found) =>
      found.filter(({ rule }) => rule.id !== 'LambdaXRay-BrokenTrace'),
    );
    expect(without.problems.filter(({ status }) => status === 'accepted')).toMatchObject([
      { path: 'Worker', reason: 'LambdaXRay-BrokenTrace is turned off or does not apply to this function.' },
    ]);
  });
});

test('an Active function that records nothing is not recorded', () => {
  const role =
    'Policies: [{ PolicyDocument: { Statement: { Effect: Allow, Action: s3:GetObject, Resource: "*" } } }]';
  const { nodes: all } = mapOf({
    't.yaml': `Resources:
  Fn: { Type: AWS::Lambda::Function, Properties: { TracingConfig: { Mode: Active }, Role: !GetAtt Role.Arn } }
  Role: { Type: AWS::IAM::Role, Properties: { ${role} } }
`,
  });
  expect(all.map(({ state }) => state)).toEqual(['not recorded', 'not recorded']);
});

describe('a function', () => {
  /** Returns the details of the function in a template. */
  const fn = (text: string): MapFunction => mapOf({ 't.yaml': text }).functions[0];
  const lambda = (properties: string, more = '') => `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
${properties}
${more}`;

  test.each<[string, string, MapFunction['modeSetAt']]>([
    ['by the function', lambda('      TracingConfig:\n        Mode: Active'), { stack: 't.yaml', line: 7 }],
    [
      'by a condition around the property',
      lambda('      TracingConfig: !If [C, { Mode: Active }, !Ref AWS::NoValue]'),
      { stack: 't.yaml', line: 6 },
    ],
    ['by default', lambda('      TracingConfig: {}'), undefined],
    [
      'by Globals',
      `Globals:
  Function:
    Tracing: Active
Resources:
  Fn: { Type: AWS::Serverless::Function, Properties: { Handler: index.handler } }
`,
      { stack: 't.yaml', line: 3 },
    ],
    [
      'by default, because it ignores Globals',
      `Globals:
  Function:
    Tracing: Active
Resources:
  Fn: { Type: AWS::Serverless::Function, IgnoreGlobals: [Tracing], Properties: { Handler: index.handler } }
`,
      undefined,
    ],
  ])('has the location of a mode that is set %s', (_, text, place) => {
    expect(fn(text).modeSetAt).toEqual(place);
  });

  test.each([
    [128, 16, 112],
    [512, 16, 496],
    [1024, 31, 993],
    [10_240, 308, 9932],
  ])('of %d MB, the daemon can take %d and leaves %d', (total, daemon, left) => {
    expect(fn(lambda(`      MemorySize: ${total}`)).memory).toEqual([{ total, daemon, left }]);
  });

  test('has no memory size if it is known only at deployment', () => {
    expect(fn(lambda('      MemorySize: !Ref Size')).memory).toEqual([]);
  });

  test('has the actions that its role lacks', () => {
    const role = `
      Role: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{ PolicyDocument: { Statement: { Effect: Allow, Action: xray:PutTraceSegments, Resource: '*' } } }]`;
    expect(fn(lambda(role)).permissions).toMatchObject({
      state: 'missing',
      missing: ['xray:PutTelemetryRecords'],
    });
  });

  test('has versions and aliases with their modes', () => {
    const { versions, aliases } = fn(
      lambda(
        '      TracingConfig: { Mode: Active }',
        `  V:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref Fn
      Name: live
      FunctionVersion: !GetAtt V.Version
      RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: '7', FunctionWeight: 0.1 }] }`,
      ),
    );
    expect(versions).toMatchObject([{ logicalId: 'V', stack: 't.yaml', line: 7, modes: ['Active'] }]);
    expect(aliases).toMatchObject([
      {
        logicalId: 'Live',
        versions: [
          { logicalId: 'V', modes: ['Active'], isAdditional: false },
          { number: '7', modes: [], isAdditional: true },
        ],
      },
    ]);
  });

  test.each<[string, string, string, MapFunction['environments']]>([
    ['default settings', '', '', { snapStart: 'no', provisionedConcurrency: 'no' }],
    [
      'SnapStart',
      '      SnapStart: { ApplyOn: PublishedVersions }',
      '',
      { snapStart: 'yes', provisionedConcurrency: 'no' },
    ],
    [
      'unknown SnapStart',
      '      SnapStart: { ApplyOn: !Ref Snap }',
      '',
      { snapStart: 'unknown', provisionedConcurrency: 'no' },
    ],
    [
      'provisioned concurrency',
      '',
      `  V:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } }`,
      { snapStart: 'no', provisionedConcurrency: 'yes' },
    ],
    [
      'scaled provisioned concurrency',
      '',
      `  V:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: { ResourceId: !Sub 'function:\${V}' }`,
      { snapStart: 'no', provisionedConcurrency: 'yes' },
    ],
  ])('has environments with %s', (_, properties, more, environments) => {
    expect(fn(lambda(properties, more)).environments).toEqual(environments);
  });
});

test('has an expected trace for each invocation type, but none for Kafka', () => {
  const { functions, traces } = smallMap();
  const of = (id: string) => functions.find(({ service }) => service === id)!.traces;
  expect(of('orders.yaml#Intake')).toEqual([{ invocation: 'synchronous', trace: 'synchronous' }]);
  expect(of('orders.yaml#Worker')).toEqual([{ invocation: 'queue', trace: 'queue' }]);
  expect(of('orders.yaml#Changes')).toEqual([{ invocation: 'stream', trace: 'stream' }]);
  expect(of('shipping.yaml#Consumer')).toEqual([]);
  expect(Object.keys(traces).sort()).toEqual(['queue', 'stream', 'synchronous']);
});

test('nodes that SAM generates are in the stack', () => {
  const { nodes: all } = mapOf({
    't.yaml': `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events: { Post: { Type: Api, Properties: { Path: /, Method: post } } }
`,
  });
  expect(all.map(({ name, stack }) => [name, stack])).toContainEqual(['ServerlessRestApi', 't.yaml']);
});

const HOSTILE = '\u0000<script>"\'\\ud800%';

function contract(document = smallMap()): Contract {
  return JSON.parse(traceMapJson(document)) as Contract;
}

describeSchema('trace-map', contract, {
  holdsFor: [
    ['a small system', contract],
    ['an empty map', () => contract(mapOf({}))],
    [
      'hostile names',
      () =>
        contract(
          mapOf({
            [HOSTILE]: JSON.stringify({ Resources: { [HOSTILE]: { Type: 'AWS::Lambda::Function' } } }),
          }),
        ),
    ],
    [
      'acknowledged findings',
      () =>
        contract(
          mapOfTemplates(
            [{ id: 't', file: 't', template: { Resources: { Fn: { Type: 'AWS::Lambda::Function' } } } }],
            [],
            (found) =>
              found.map((finding) => ({ ...finding, acknowledged: { reason: 'This is intended.' } })),
          ),
        ),
    ],
  ],
  doesNotHoldFor: [
    ['a note without text', (map) => (map.notes = [{}])],
    ['another version', (document) => (document.schemaVersion = 2)],
    ['an additional property', (document) => (document.more = true)],
    ['a missing property', (document) => delete document.summary],
    ['an unknown propagation', ({ edges: [edge] }) => (edge.propagation = 'swallows')],
    ['an additional property of a node', ({ nodes: [node] }) => (node.more = true)],
    ['a line before the first', ({ nodes: [node] }) => (node.line = 0)],
    ['another state', ({ nodes: [node] }) => (node.state = 'silent')],
    ['another status of a problem', ({ problems: [problem] }) => (problem.status = 'wontfix')],
    ['a problem without a path', ({ problems: [problem] }) => delete problem.path],
  ],
});
