import { checkModel } from '../../lib/checker/check';
import type { Loaded } from '../../lib/input/loaded-template';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { diffJson } from '../../lib/report/diff/json';
import { diffMarkdown } from '../../lib/report/diff/markdown';
import { diffText } from '../../lib/report/diff/text';
import { diffOn } from '../../lib/report/diff/diff';
import { github } from '../../lib/report/formats/github';
import { json } from '../../lib/report/formats/json';
import { junit } from '../../lib/report/formats/junit';
import { markdown } from '../../lib/report/formats/markdown';
import { sarif } from '../../lib/report/formats/sarif';
import { text } from '../../lib/report/formats/text';
import { mapDocumentOf, traceMapJson } from '../../lib/report/map/build-document';
import { html } from '../../lib/report/map/html';
import { reportOn } from '../../lib/report/report';
import { verifyJson } from '../../lib/report/verify/json';
import { verifyText } from '../../lib/report/verify/text';
import { directoryWith } from '../input/temporary';
import { describeSchema } from './describe-schema';
import { smallAccount } from './verify/small-account';

const HINT = 'run cdk synth --debug';

/** Returns the input of reports on a CDK app with an Active function that reads from Kafka. */
function inputOf(trace: readonly string[]) {
  const directory = directoryWith({
    'lib/orders.ts': '',
    'cdk.out/manifest.json': {
      artifacts: {
        Orders: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://unknown-account/unknown-region',
          properties: { templateFile: 'Orders.template.json' },
          metadata: {
            '/Orders/Fn': [{ type: 'aws:cdk:creationStack', data: trace }],
            '/Orders/Fn/Resource': [{ type: 'aws:cdk:logicalId', data: 'Fn' }],
            '/Orders/Fn/Kafka/Resource': [{ type: 'aws:cdk:logicalId', data: 'Kafka' }],
          },
        },
      },
    },
    'cdk.out/Orders.template.json': {
      Resources: {
        Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'Active' } } },
        Kafka: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            FunctionName: { Ref: 'Fn' },
            EventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123',
          },
        },
      },
    },
  });
  const loaded = load([`${directory}/cdk.out`]);
  const model = buildTracingModel(loaded.templates);
  const findings = checkModel(model).filter(({ rule }) => rule.id === 'LambdaXRay-UnsupportedEventSource');
  expect(findings).toHaveLength(1);
  return {
    directory,
    input: {
      tool: { name: 'cdk-lambda-xray', version: '1.2.3', homepage: 'https://example.com' },
      loaded,
      model,
      findings,
      rules: [],
      configuration: { rules: [], failOn: 'error' as const },
      sourceRoot: { root: directory, workingDirectory: directory },
      runName: 'check/cdk.out',
    },
  };
}

const TRACE = ['...new Function2 in aws-cdk-lib...', 'new Orders (lib/orders.ts:18:19)'];
const { input, directory } = inputOf(TRACE);
const report = reportOn(input);
const SOURCE = `${directory}/lib/orders.ts`;
const IN_TEMPLATE = `${directory}/cdk.out/Orders.template.json`;
const [{ position }] = report.findings;
const TEMPLATE_LINE = `Template: ${IN_TEMPLATE}:${position?.line}`;

test('text shows the source, and the template on demand', () => {
  const written = (verbose: boolean) => text(report, { color: false, quiet: false, verbose });
  expect(written(false)).toMatch(`${SOURCE}\n  18:19  error    `);
  expect(written(false)).not.toContain(TEMPLATE_LINE);
  expect(written(true)).toMatch(`${SOURCE}\n  18:19  error    `);
  expect(written(true)).toContain(`${TEMPLATE_LINE}\n`);
  expect(written(true)).not.toContain(HINT);
});

test('text shows the first findings of a template that is made by several files', () => {
  const [finding] = report.findings;
  const findings = ['a', 'b', 'c', 'd', 'e', 'f', 'a'].map((name, i) => ({
    ...finding,
    source: { file: `lib/${name}.ts`, position: { line: 9 - i, column: 1 } },
  }));
  const written = text({ ...report, findings }, { color: false, quiet: true });
  expect(written.match(/^lib\/.*$/gm)).toEqual(['lib/a.ts', 'lib/b.ts', 'lib/c.ts', 'lib/d.ts', 'lib/e.ts']);
  expect(written.match(/ more: --verbose/g)).toHaveLength(1);
  expect(written).toMatch(/^lib\/e\.ts\n {2}5:1 {2}error .*\n +and 2 more: --verbose\n +Fix: .*\n$/m);
});

test('text shows the fix of a line of code once, if several stages have its stack', () => {
  const [finding] = report.findings;
  const inStage = (stage: string, line: number) => ({
    ...finding,
    template: `cdk.out/assembly-${stage}/Orders.template.json`,
    constructPath: `${stage}/Orders/Fn${line}/Resource`,
    related: [],
    fix: `Set tracing of '${stage}/Orders/Fn${line}' to Tracing.PASS_THROUGH.`,
    source: { file: 'lib/orders.ts', position: { line, column: 1 } },
  });
  const findings = ['Beta', 'Prod'].flatMap((stage) => [inStage(stage, 1), inStage(stage, 2)]);
  const written = text({ ...report, findings }, { color: false, quiet: true });
  expect(written.match(/^ {2}\d:1 /gm)).toEqual(['  1:1 ', '  1:1 ', '  2:1 ', '  2:1 ']);
  expect(written.match(/Fix: .*$/gm)).toEqual(['Fix: Set tracing of each to Tracing.PASS_THROUGH.']);
});

const calledFrom = { file: SOURCE, position: { line: 7, column: 5 } };
/** A report whose finding is in code that creates several constructs. */
const shared = {
  ...report,
  findings: report.findings.map((finding) => ({ ...finding, source: { ...finding.source!, calledFrom } })),
};

describe('code that creates several constructs', () => {
  test.each([
    ['text', text(shared, { color: false, quiet: true, verbose: true }), `Called from: ${SOURCE}:7:5\n`],
    ['github', github(shared, { quiet: true }), 'line=18,col=19'],
    ['github', github(shared, { quiet: true }), `%0ACalled from: ${SOURCE}:7:5%0ATemplate: `],
    ['junit', junit(shared), `Called from: ${SOURCE}:7:5\n`],
  ])('%s names the position that calls it', (_, written, expected) => {
    expect(written).toContain(expected);
  });

  test('Markdown links to the position that calls it', () => {
    const root = { ...report.sourceRoot, url: 'https://example.com' };
    const written = markdown({ ...shared, sourceRoot: root });
    expect(written).toContain('18:19](https://example.com/lib/orders.ts#L18), called from [');
    expect(written).toContain('7:5](https://example.com/lib/orders.ts#L7)');
  });

  test('JSON and SARIF have the position that calls it', () => {
    const { findings } = JSON.parse(json(shared)) as { findings: object[] };
    expect(findings).toMatchObject([
      { source: { line: 18, calledFrom: { file: SOURCE, line: 7, column: 5 } } },
    ]);
    const { runs } = JSON.parse(sarif(shared)) as { runs: { results: { relatedLocations: object[] }[] }[] };
    expect(runs[0].results[0].relatedLocations).toContainEqual({
      id: 2,
      message: { text: 'Called from' },
      physicalLocation: {
        artifactLocation: { uri: 'lib/orders.ts', uriBaseId: '%SRCROOT%' },
        region: { startLine: 7, startColumn: 5 },
      },
    });
  });
});

test('JSON has the source beside the position in the template', () => {
  const [finding] = (JSON.parse(json(report)) as { findings: object[] }).findings;
  expect(finding).toMatchObject({
    template: IN_TEMPLATE,
    line: position?.line,
    source: { file: SOURCE, line: 18, column: 19 },
    related: [
      {
        template: IN_TEMPLATE,
        logicalId: 'Fn',
        constructPath: 'Orders/Fn/Resource',
        line: expect.any(Number) as number,
        source: { file: SOURCE, line: 18, column: 19 },
      },
    ],
  });
});

test('SARIF has the source as the location, and the template as a related one', () => {
  const [{ results }] = (JSON.parse(sarif(report)) as { runs: { results: object[] }[] }).runs;
  const at = (uri: string, startLine?: number) => ({
    physicalLocation: { artifactLocation: { uri }, region: { startLine } },
  });
  expect(results).toMatchObject([
    {
      locations: [{ ...at('lib/orders.ts', 18), logicalLocations: [{ name: 'Kafka' }] }],
      relatedLocations: [
        { id: 1, ...at('lib/orders.ts', 18) },
        {
          id: 2,
          message: { text: 'In the template' },
          ...at('cdk.out/Orders.template.json', position?.line),
        },
      ],
    },
  ]);
});

test('GitHub annotates the source', () => {
  expect(github(report, { quiet: false })).toMatch(
    /^::error file=lib\/orders\.ts,line=18,col=19,title=[^\n]*%0ATemplate: [^\n]*Orders\.template\.json/,
  );
});

test.each([
  ['a failed test', report, `<![CDATA[${SOURCE}:18:19\n`],
  [
    'a skipped test',
    {
      ...report,
      findings: report.findings.map((one) => ({ ...one, acknowledged: { reason: 'It is so.' } })),
    },
    `<![CDATA[error: ${SOURCE}:18:19\n`,
  ],
])('JUnit has both positions, that of the source first, in %s', (_, written, start) => {
  const xml = junit(written);
  expect(xml).toContain(start);
  expect(xml).toContain(TEMPLATE_LINE);
});

/** Removes the places at which a browser can break a long path. */
function withoutBreaks(text: string): string {
  return text.replaceAll('<wbr>', '');
}

test('Markdown has both positions, and a link to the code', () => {
  expect(withoutBreaks(markdown(report))).toMatch(
    /lib\/orders\.ts:18:19 · \[.*\]\(.*\) · Template: .*\.json:17 \|/,
  );
  const linked = { ...report, sourceRoot: { ...report.sourceRoot, url: 'https://example.com/blob/0123abc' } };
  expect(markdown(linked)).toContain('18:19](https://example.com/blob/0123abc/lib/orders.ts#L18)');
});

test('Markdown has no link to a template in a cloud assembly', () => {
  const withoutSource = inputOf([]);
  const url = 'https://example.com/blob/0123abc';
  const written = markdown(
    reportOn({ ...withoutSource.input, sourceRoot: { ...withoutSource.input.sourceRoot, url } }),
  );
  expect(written).toContain('Orders.template.json:17 · ');
  expect(written).not.toContain('https://example.com/blob/');
});

const EMPTY: Loaded = { templates: [], errors: [] };
const diff = diffOn({
  ...input,
  before: { loaded: EMPTY, model: buildTracingModel([]), findings: [] },
  after: input,
  notes: [],
});

test('diff has the source in all formats', () => {
  const source = { file: SOURCE, line: 18, column: 19 };
  expect(JSON.parse(diffJson(diff))).toMatchObject({
    functions: [{ source }],
    findings: { new: [{ source }] },
    notes: [],
  });
  expect(withoutBreaks(diffMarkdown(diff))).toContain('lib/orders.ts:18:19');
  const written = diffText(diff, { color: false, quiet: false });
  expect(written).toContain(`${SOURCE}:18:19`);
  expect(written).toContain(`New findings\n  ${SOURCE}\n    18:19  error`);
});

test('the map has the source of nodes, findings and tracing properties', () => {
  const source = { file: SOURCE, line: 18, column: 19 };
  const { nodes, findings } = mapDocumentOf(input);
  const node = nodes.find(({ kind }) => kind === 'function');
  expect(node).toMatchObject({ source, tracingProperty: { source } });
  const constructPath = 'Orders/Fn/Kafka/Resource';
  expect(findings).toMatchObject([{ constructPath, source, line: position?.line }]);
});

const verified = smallAccount();
const inApp = {
  ...verified,
  functions: verified.functions.map((fn) => ({
    ...fn,
    source: { file: 'lib/orders.ts', position: { line: 18, column: 19 } },
  })),
};

test('verify shows the source first, and then the template', () => {
  const lines = verifyText(inApp, { color: false, quiet: true }).split('\n');
  expect(lines[1]).toMatch(/^ {2}lib\/orders\.ts:18:19 {2}mode {2}/);
  expect(lines).toContainEqual(expect.stringMatching(/^ {4}Template: template\.yaml:\d+$/));
});

const verifiedJson = () => JSON.parse(verifyJson(inApp)) as { functions: { source?: unknown }[] };
describeSchema('verify-report', verifiedJson, {
  holdsFor: [['a CDK app', verifiedJson]],
  doesNotHoldFor: [['a source as text', ({ functions }) => (functions[0].source = SOURCE)]],
});

interface Findings {
  findings: { source?: unknown; related: { source?: unknown }[] }[];
}

const reported = () => JSON.parse(json(report)) as Findings;
describeSchema('check-report', reported, {
  holdsFor: [
    ['a CDK app', reported],
    ['code that creates several constructs', () => JSON.parse(json(shared)) as Findings],
  ],
  doesNotHoldFor: [
    ['a source without a file', ({ findings }) => (findings[0].source = { line: 18 })],
    ['a source on line 0', ({ findings }) => (findings[0].source = { file: SOURCE, line: 0 })],
    ['a related resource with a source as text', ({ findings }) => (findings[0].related[0].source = SOURCE)],
  ],
});

const mapped = () =>
  JSON.parse(traceMapJson(mapDocumentOf({ ...input, configuration: { rules: [] } }))) as Findings;
describeSchema('trace-map', mapped, {
  holdsFor: [['a CDK app', mapped]],
  doesNotHoldFor: [['a source as text', ({ findings }) => (findings[0].source = SOURCE)]],
});

const changed = () => JSON.parse(diffJson(diff)) as { functions: { source?: unknown }[] };
describeSchema('diff-report', changed, {
  holdsFor: [['a CDK app', changed]],
  doesNotHoldFor: [['a source as text', ({ functions }) => (functions[0].source = SOURCE)]],
});

describe('without a stack trace of the user', () => {
  const { input: others } = inputOf(['...jsii runtime, aws-cdk-lib...']);
  const without = reportOn(others);

  test('positions are those of the template', () => {
    expect(without.findings.map(({ source }) => source)).toEqual([undefined]);
    expect(text(without, { color: false, quiet: false })).toMatch(
      /^\S+Orders\.template\.json\n {2}\d+:\d+ {2}error/,
    );
  });

  test('JUnit says once how to turn them on, not in each suite', () => {
    const another = { ...without, templates: [...without.templates, 'other.yaml'] };
    expect(junit(another).match(/<testsuite /g)).toHaveLength(2);
    expect(junit(another).split(HINT)).toHaveLength(2);
  });

  test.each([
    ['text', text(without, { color: false, quiet: false })],
    ['json', json(without)],
    ['sarif', sarif(without)],
    ['github', github(without, { quiet: false })],
    ['markdown', markdown(without)],
    ['junit', junit(without)],
    ['the map as JSON', traceMapJson(mapDocumentOf(others))],
    ['the page of the map', html(mapDocumentOf(others)).split('<script')[0]],
  ])('%s says once how to turn them on', (_, output) => {
    expect(output.split(HINT)).toHaveLength(2);
  });

  test('it says nothing if there is no finding', () => {
    expect(reportOn({ ...others, findings: [] }).notes).toEqual([]);
  });

  test('the map also says it if there is no finding, because it has the position of each function', () => {
    expect(mapDocumentOf({ ...others, findings: [] }).notes).toEqual([expect.stringContaining(HINT)]);
    expect(mapDocumentOf(input).notes).toEqual([]);
  });
});
