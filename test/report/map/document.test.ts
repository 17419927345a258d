import type { MapDocument, MapEdge, MapFunction } from '../../../lib/report/map/document';
import { traceMapJson } from '../../../lib/report/map/json';
import { describeSchema } from '../describe-schema';
import { mapOf, mapOfTemplates, smallMap } from './map-documents';

interface Contract {
  nodes: Record<string, unknown>[];
  edges: Record<string, unknown>[];
  [key: string]: unknown;
}

/** A node a line, with what becomes of traces there. */
function nodes({ nodes: all }: MapDocument): string[] {
  return all.map(
    ({ id, origin, recording, isGap: isGap }) => `${id} ${origin} ${recording}${isGap ? ' gap' : ''}`,
  );
}

/** A call a line. */
function edges({ edges: all }: MapDocument): string[] {
  return all.filter(({ sources }) => sources.length > 0).map(line);
}

function line({ from, to, propagation, invocation, isBroken }: MapEdge): string {
  return `${from} -${propagation}-> ${to}${invocation ? ` ${invocation}` : ''}${isBroken ? ' broken' : ''}`;
}

test('a function is two nodes, and calls go to the one and from the other', () => {
  expect(nodes(smallMap())).toEqual([
    'orders.yaml#Intake AWS::Lambda yes',
    'run:orders.yaml#Intake AWS::Lambda::Function yes',
    'orders.yaml#Worker AWS::Lambda no gap',
    'run:orders.yaml#Worker AWS::Lambda::Function no gap',
    'orders.yaml#Changes AWS::Lambda yes',
    'run:orders.yaml#Changes AWS::Lambda::Function yes',
    'shipping.yaml#Consumer AWS::Lambda yes',
    'run:shipping.yaml#Consumer AWS::Lambda::Function yes',
    'orders.yaml#Api AWS::Serverless::Api yes',
    'orders.yaml#Jobs AWS::SQS::Queue never',
    'orders.yaml#Table AWS::DynamoDB::Table never',
    'msk:parcels@111122223333/eu-west-1 AWS::MSK::Cluster never',
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

test('the sum of it', () => {
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

test('sources that X-Ray does not support are marked', () => {
  const { services } = smallMap();
  expect(Object.keys(services).filter((kind) => services[kind].isUnsupported)).toEqual(['msk']);
});

test('findings are on the function that they are about, be it by its mapping', () => {
  const { nodes: all, findings } = smallMap();
  const on = (id: string) =>
    all
      .find((node) => node.id === id)!
      .findings.map((index) => findings[index].ruleId.replace('LambdaXRay-', ''));
  expect(on('shipping.yaml#Consumer')).toContain('UnsupportedEventSource');
  expect(on('orders.yaml#Worker')).toEqual(['ActiveTracing', 'BrokenTrace']);
  expect(on('orders.yaml#Jobs')).toEqual([]);
});

test('a finding on a path has the path', () => {
  const broken = smallMap().findings.find(({ ruleId }) => ruleId === 'LambdaXRay-BrokenTrace');
  expect(broken?.related).toEqual(['orders.yaml#Intake', 'orders.yaml#Jobs']);
});

describe('of a function', () => {
  /** What there is to tell of the function in a template. */
  const fn = (text: string): MapFunction => mapOf({ 't.yaml': text }).functions[0];
  const lambda = (properties: string, more = '') => `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
${properties}
${more}`;

  test.each<[string, string, MapFunction['modeSetAt']]>([
    ['on it', lambda('      TracingConfig:\n        Mode: Active'), { stack: 't.yaml', line: 7 }],
    [
      'by a condition around it',
      lambda('      TracingConfig: !If [C, { Mode: Active }, !Ref AWS::NoValue]'),
      { stack: 't.yaml', line: 6 },
    ],
    ['nowhere', lambda('      TracingConfig: {}'), undefined],
    [
      'for all of them',
      `Globals:
  Function:
    Tracing: Active
Resources:
  Fn: { Type: AWS::Serverless::Function, Properties: { Handler: index.handler } }
`,
      { stack: 't.yaml', line: 3 },
    ],
  ])('the mode is set %s', (_, text, place) => {
    expect(fn(text).modeSetAt).toEqual(place);
  });

  test.each([
    [128, 16, 112],
    [512, 16, 496],
    [1024, 31, 993],
    [10_240, 308, 9932],
  ])('of %d MB the daemon may take %d, and %d are left', (total, daemon, left) => {
    expect(fn(lambda(`      MemorySize: ${total}`)).memory).toEqual([{ total, daemon, left }]);
  });

  test('memory that only deployment tells is not there', () => {
    expect(fn(lambda('      MemorySize: !Ref Size')).memory).toEqual([]);
  });

  test('what its role lacks', () => {
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

  test('its versions and aliases, with the modes that they lock', () => {
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
    ['nothing special', '', '', { snapStart: 'no', provisionedConcurrency: 'no' }],
    [
      'SnapStart',
      '      SnapStart: { ApplyOn: PublishedVersions }',
      '',
      { snapStart: 'yes', provisionedConcurrency: 'no' },
    ],
    [
      'SnapStart, perhaps',
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
      'provisioned concurrency that is scaled',
      '',
      `  V:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: { ResourceId: !Sub 'function:\${V}' }`,
      { snapStart: 'no', provisionedConcurrency: 'yes' },
    ],
  ])('its environments have %s', (_, properties, more, environments) => {
    expect(fn(lambda(properties, more)).environments).toEqual(environments);
  });
});

test('the traces to expect: for each way in which it is invoked, none of them by Kafka', () => {
  const { functions, traces } = smallMap();
  const of = (id: string) => functions.find(({ service }) => service === id)!.traces;
  expect(of('orders.yaml#Intake')).toEqual([{ invocation: 'synchronous', trace: 'synchronous' }]);
  expect(of('orders.yaml#Worker')).toEqual([{ invocation: 'queue', trace: 'queue' }]);
  expect(of('orders.yaml#Changes')).toEqual([{ invocation: 'stream', trace: 'stream' }]);
  expect(of('shipping.yaml#Consumer')).toEqual([]);
  expect(Object.keys(traces).sort()).toEqual(['queue', 'stream', 'synchronous']);
});

test('what SAM makes is in the stack, and no more outside than what is written out', () => {
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
    ['nothing at all', () => contract(mapOf({}))],
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
            (found) => found.map((finding) => ({ ...finding, acknowledged: { reason: 'It is meant so.' } })),
          ),
        ),
    ],
  ],
  doesNotHoldFor: [
    ['another version', (document) => (document.schemaVersion = 2)],
    ['something more', (document) => (document.more = true)],
    ['something less', (document) => delete document.summary],
    ['an unknown effect', ({ edges: [edge] }) => (edge.effect = 'swallows')],
    ['something more in a node', ({ nodes: [node] }) => (node.more = true)],
    ['a line before the first', ({ nodes: [node] }) => (node.line = 0)],
  ],
});
