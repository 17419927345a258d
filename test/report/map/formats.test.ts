import { spawnSync } from 'node:child_process';
import type { MapDocument } from '../../../lib/report/map/document';
import { traceMapJson } from '../../../lib/report/map/build-document';
import { dot } from '../../../lib/report/map/dot';
import { html } from '../../../lib/report/map/html';
import { mermaid } from '../../../lib/report/map/mermaid';
import { svg } from '../../../lib/report/map/svg';
import { mapOf, mapOfTemplates, smallMap } from './map-documents';

test('Mermaid', () => {
  expect(mermaid(smallMap())).toBe(`\
flowchart LR
  subgraph s0["orders.yaml"]
    n0["Intake<br/>AWS::Lambda"]:::yes
    n1["Intake<br/>AWS::Lambda::Function<br/>Active: records"]:::yes
    n2["Worker<br/>AWS::Lambda"]:::gap
    n3["Worker<br/>AWS::Lambda::Function<br/>PassThrough: gap in the trace"]:::gap
    n4["Changes<br/>AWS::Lambda"]:::yes
    n5["Changes<br/>AWS::Lambda::Function<br/>Active: records"]:::yes
    n8["Api<br/>API Gateway (REST API)<br/>records"]:::yes
    n9["Jobs<br/>SQS"]:::never
    n10["Table<br/>DynamoDB"]:::never
  end
  subgraph s1["shipping.yaml"]
    n6["Consumer<br/>AWS::Lambda"]:::yes
    n7["Consumer<br/>AWS::Lambda::Function<br/>Active: records"]:::yes
  end
  n11["parcels<br/>MSK<br/>X-Ray cannot trace it"]:::unsupported
  n0 --> n1
  n2 --> n3
  n4 --> n5
  n6 --> n7
  n8 ==>|"starts a trace, synchronously, through Intake"| n0
  n9 -.->|"links the traces, from a queue"| n2
  n10 --x|"✕ breaks the trace, from a stream"| n4
  n11 --x|"does not propagate the trace, from a stream"| n6
  n1 -->|"propagates the trace"| n9
  n3 -->|"propagates the trace"| n10
  classDef yes fill:#e0f3ed,stroke:#00705a,color:#17202a
  classDef no fill:#eef1f4,stroke:#59636f,color:#17202a,stroke-dasharray:5 4
  classDef gap fill:#fdeaea,stroke:#b3202c,color:#17202a,stroke-width:3px,stroke-dasharray:8 5
  classDef unknown fill:#fff3d9,stroke:#7d5200,color:#17202a,stroke-dasharray:2 4
  classDef unsupported fill:#f1eafb,stroke:#6a3aa8,color:#17202a,stroke-width:3px
  classDef never fill:#ffffff,stroke:#66758a,color:#17202a
  linkStyle 6 stroke:#b3202c,stroke-width:3px,color:#b3202c
`);
});

test('Mermaid has only stacks if the map exceeds its limits', () => {
  const Resources = Object.fromEntries(
    Array.from({ length: 600 }, (_, i) => [`Fn${i}`, { Type: 'AWS::Lambda::Function' }]),
  );
  expect(mermaid(mapOfTemplates([{ id: 'many', file: 'many', template: { Resources } }]))).toBe(`\
flowchart LR
  %% Stacks only: the full map exceeds the limits of Mermaid.
  s0["many<br/>600 functions"]
`);
});

describe('a configuration that differs from the defaults', () => {
  const TEXT = 'Configuration: {a}.yaml. Rules turned off: LambdaXRay-ActiveTracing.';
  const map = {
    ...smallMap(),
    configuration: {
      file: '{a}.yaml',
      rules: [{ ruleId: 'LambdaXRay-ActiveTracing', severity: 'off', defaultSeverity: 'warning' } as const],
    },
  };

  test.each<[string, (document: MapDocument) => string, string]>([
    ['HTML', html, `${TEXT}</p>`],
    ['SVG', svg, `${TEXT}</desc>`],
    ['DOT', dot, `${TEXT}", labelloc=t]`],
    [
      'Mermaid',
      mermaid,
      'flowchart LR\n  %% Configuration: a.yaml. Rules turned off: LambdaXRay-ActiveTracing.\n',
    ],
    ['JSON', traceMapJson, '"file": "{a}.yaml"'],
  ])('is named in %s', (_, format, expected) => {
    expect(format(map)).toContain(expected);
  });
});

test('DOT', () => {
  const lines = dot(smallMap()).split('\n');
  expect(lines[0]).toBe('digraph {');
  expect(lines).toContain('  subgraph cluster_0 {');
  expect(lines).toContain('    label="orders.yaml"');
  expect(lines).toContain(
    '    n3 [label="Worker\\nAWS::Lambda::Function\\nPassThrough: gap in the trace", color="#b3202c", fillcolor="#fdeaea", style="rounded,filled,dashed", penwidth="3"]',
  );
  expect(lines).toContain(
    '  n10 -> n4 [label="✕ breaks the trace, from a stream", style="dotted", arrowhead="tee", color="#b3202c", fontcolor="#b3202c", penwidth="2.5"]',
  );
});

const hasGraphviz = spawnSync('dot', ['-V']).status === 0;
(hasGraphviz ? test : test.skip)(
  `Graphviz accepts DOT${hasGraphviz ? '' : ' (skipped: Graphviz is not installed)'}`,
  () => {
    const hostile = '"]; \\" \\ &quot; <b> \n }';
    const text = JSON.stringify({ Resources: { [hostile]: { Type: 'AWS::Lambda::Function' } } });
    for (const document of [smallMap(), mapOf({ [hostile]: text })]) {
      const { status, stderr } = spawnSync('dot', ['-Tsvg'], { input: dot(document), encoding: 'utf-8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  },
);

describe('SVG', () => {
  const written = svg(smallMap());

  test('has a title and a description for screen readers', () => {
    expect(written).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* role="img" aria-labelledby="title summary">/,
    );
    expect(written).toContain('<title id="title">Trace map</title>');
    expect(written).toMatch(
      /<desc id="summary">4 functions in 2 stacks: 3 Active, 1 PassThrough\. Traces break in 2 places\./,
    );
  });

  test('says that there are no functions', () => {
    expect(svg(mapOf({}))).toContain('These templates contain no Lambda functions.</text>');
  });

  test('is light or dark by preference, and needs no other files', () => {
    expect(written).toContain('@media screen and (prefers-color-scheme:dark)');
    expect(written).not.toMatch(/<script|<foreignObject|href=|url\(|@import/i);
  });

  test('shows breaks by shape and text', () => {
    expect(written).toContain('>trace ends</text>');
    expect(written).toContain('>PassThrough: gap in the trace</text>');
    expect(written).toContain('>X-Ray cannot trace it</text>');
  });
});

test('an Active function whose callers decide not to sample may record nothing', () => {
  const document = mapOf({
    'orders.yaml': `Resources:
  Filter:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{ LambdaInvokePolicy: { FunctionName: !Ref Worker } }]
      Events: { Clicks: { Type: Kinesis, Properties: { Stream: 'arn:aws:kinesis:eu-west-1:1:stream/clicks' } } }
  Worker:
    Type: AWS::Serverless::Function
    Properties: { Tracing: Active }
`,
  });
  expect(mermaid(document)).toContain('Active: may record nothing');
});
