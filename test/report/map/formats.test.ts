import { spawnSync } from 'node:child_process';
import { tracedSystem } from '../../../bench/traced-system';
import { load } from '../../../lib/input/load';
import type { MapDocument } from '../../../lib/report/map/document';
import { traceMapJson } from '../../../lib/report/map/build-document';
import { dot } from '../../../lib/report/map/dot';
import { html } from '../../../lib/report/map/html';
import { mermaid } from '../../../lib/report/map/mermaid';
import { widthOf } from '../../../lib/report/map/draw/cards';
import { svg } from '../../../lib/report/map/svg';
import { ordersApp } from '../../examples/orders-app';
import { directoryWith } from '../../input/temporary';
import { contrast } from './draw/contrast';
import { mapOf, mapOfTemplates, smallMap } from './map-documents';

test('Mermaid', () => {
  expect(mermaid(smallMap())).toBe(`\
flowchart LR
  %%{init: {"flowchart": {"nodeSpacing": 20, "rankSpacing": 20, "padding": 6, "subGraphTitleMargin": {"bottom": 6}}}}%%
  %% 4 functions in 2 stacks: 3 Active, 1 PassThrough. 1 error, 2 warnings. 1 gap, traces end at 1 call by design: DynamoDB Streams does not propagate the trace.
  subgraph g0["orders.yaml"]
    direction LR
    style g0 fill:none,stroke:#66758a
    n0["Intake<br/>Active, recorded<br/>1 warning"]:::recorded
    n1["Worker<br/>PassThrough, gap<br/>1 warning"]:::gap
    n2["Changes<br/>Active, recorded"]:::recorded
    n4["Api<br/>API Gateway (REST API)<br/>recorded"]:::recorded
    n5["Jobs<br/>SQS"]:::plain
    n6["Table<br/>DynamoDB"]:::plain
  end
  subgraph g1["shipping.yaml"]
    direction LR
    style g1 fill:none,stroke:#66758a
    n3["Consumer<br/>Active, not traceable<br/>1 error"]:::untraceable
    n7["parcels<br/>MSK, outside<br/>not traceable"]:::untraceable
  end
  n4 ==> n0
  n5 -.-> n1
  n6 --x|"✕ trace ends"| n2
  n7 --x n3
  n0 --> n5
  n1 --> n6
  classDef recorded fill:#e0f3ed,stroke:#00705a,color:#17202a
  classDef silent fill:#eef1f4,stroke:#59636f,color:#17202a,stroke-dasharray:5 4
  classDef gap fill:#fdeaea,stroke:#b3202c,color:#17202a,stroke-width:3px,stroke-dasharray:8 5
  classDef unknown fill:#fff3d9,stroke:#7d5200,color:#17202a,stroke-dasharray:2 4
  classDef untraceable fill:#f1eafb,stroke:#6a3aa8,color:#17202a,stroke-width:3px
  classDef plain fill:#ffffff,stroke:#66758a,color:#17202a
  linkStyle 2 stroke:#d9434e,stroke-width:3px
`);
});

test('the colors of Mermaid can be read on light and dark pages', () => {
  const text = mermaid(smallMap());
  const [broken] = /#d9434e/.exec(text)!;
  const [, stack] = /style g0 fill:none,stroke:(\S+)/.exec(text)!;
  // GitHub's light and dark pages.
  for (const page of ['#ffffff', '#0d1117']) {
    for (const color of [broken, stack]) expect(contrast(color, page)).toBeGreaterThanOrEqual(3);
  }
});

/**
 * Returns the width in pixels that Mermaid needs for the nodes of a chart, and between them for their spacing and the labels
 * of edges. The frames of stacks take up to a tenth more. Mermaid itself is too large to be a dependency for this.
 */
function widthOfChart(text: string): number {
  const [, spacing, padding] = /"rankSpacing": (\d+), "padding": (\d+)/.exec(text) ?? ['', '50', '15'];
  const [font, wrapped] = [16, 200];
  const nodes = [...text.matchAll(/^ *(n\d+)\["(.*)"\]/gm)].map(([, id, label]) => {
    const lines = label.split('<br/>').map((line) => Math.min(wrapped, widthOf(line, font)));
    const words = label.split(/<br\/>| /).map((word) => widthOf(word, font));
    return { id, rank: 0, width: Math.max(...lines, ...words) + 4 * Number(padding) };
  });
  const edges = [...text.matchAll(/^ *(n\d+) [^\s|]+(?:\|"(.*)"\|)? (n\d+)$/gm)].map(
    ([, from, label = '', to]) => ({
      from: nodes.find(({ id }) => id === from)!,
      to: nodes.find(({ id }) => id === to)!,
      width: widthOf(label, font),
    }),
  );
  nodes.forEach(() => {
    for (const { from, to } of edges) to.rank = Math.max(to.rank, from.rank + 1);
  });
  const ranks = [...new Set(nodes.map(({ rank }) => rank))].map((rank) => {
    const own = nodes.filter((node) => node.rank === rank).map(({ width }) => width);
    const labels = edges.filter(({ to }) => to.rank === rank).map(({ width }) => width);
    return Math.max(...own) + Math.max(0, ...labels) + Number(spacing);
  });
  return ranks.reduce((sum, width) => sum + width, 0);
}

test.each([
  ['as it is', {}],
  ['with a function that breaks a trace', { broken: true }],
])('Mermaid fits into the 1,400 pixels of a pull request for the example app %s', (_, context) => {
  const { directory } = ordersApp(context).synth();
  const text = mermaid(mapOfTemplates(load([directory]).templates));
  expect(text).toContain('AuditTrail/Function');
  const width = widthOfChart(text);

  expect(width).toBeGreaterThan(1000);
  expect(width * 1.1).toBeLessThanOrEqual(1400);
});

describe('a system that exceeds the limits of Mermaid', () => {
  const directory = directoryWith(Object.fromEntries(tracedSystem(600)));
  const document = mapOfTemplates(load([directory]).templates);

  test.each<[string, (map: MapDocument) => string, RegExp, RegExp]>([
    [
      'Mermaid',
      mermaid,
      /^ {2}s0\["Orders<br\/>50 functions: 38 Active, 8 PassThrough, 3 not set, 1 known only at deployment<br\/>2 errors, 12 warnings, 5 info<br\/>✕ 2 breaks"\]:::gap$/m,
      /^ {2}s\d+ -->\|"\d+ calls?"\| s\d+$/m,
    ],
    [
      'DOT',
      dot,
      /^ {2}s0 \[label="Orders\\n50 functions: 38 Active, 8 PassThrough, 3 not set, 1 known only at deployment\\n2 errors, 12 warnings, 5 info\\n✕ 2 breaks"/m,
      /^ {2}s\d+ -> s\d+ \[label="\d+ calls?"\]$/m,
    ],
  ])('is collapsed to stacks with their counts in %s', (_, format, node, edge) => {
    const text = format(document);
    expect(text).toMatch(node);
    expect(text).toMatch(edge);
    expect(text).not.toMatch(/^ +n\d/m);
  });
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
    ['Mermaid', mermaid, '\n  %% Configuration: a.yaml. Rules turned off: LambdaXRay-ActiveTracing.\n'],
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
    '    n1 [label="Worker\\nPassThrough, gap\\n1 warning", color="#b3202c", fillcolor="#fdeaea", style="rounded,filled,dashed", penwidth="3"]',
  );
  expect(lines).toContain(
    '  n6 -> n2 [label="✕ trace ends", style="dotted", arrowhead="tee", color="#b3202c", fontcolor="#b3202c", penwidth="2.5"]',
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
      /<desc id="summary">4 functions in 2 stacks: 3 Active, 1 PassThrough\. 1 error, 2 warnings\. 1 gap, traces end at 1 call by design/,
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
    expect(written).toContain('>PassThrough, gap</text>');
    expect(written).toContain('>not traceable</text>');
  });
});

test('an Active function whose callers decide not to sample is not recorded', () => {
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
  expect(mermaid(document)).toContain('Active, not recorded');
});
