import fc from 'fast-check';
import { estimateText } from '../../../lib/report/estimate/text';
import { NAME } from '../hostile-name';
import { functionNamed } from '../small-system';
import { estimateReport } from './small-estimate';

const SMALLEST = `Resources:
  Fn: { Type: AWS::Serverless::Function, Properties: { Tracing: Active } }
`;

const TRACED_API = `Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { Name: orders, StageName: prod, TracingEnabled: true } }
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Events: { Get: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /, Method: get } } }
`;

function text(...args: Parameters<typeof estimateReport>): string {
  return estimateText(estimateReport(...args), { color: false });
}

/** Returns the notes that contain a text. */
function notes(part: string, ...args: Parameters<typeof estimateReport>): readonly string[] {
  return estimateReport(...args).notes.filter((note) => note.includes(part));
}

test('lists sampling points, notes and the cost', () => {
  expect(estimateText(estimateReport(), { color: false, width: 100 })).toMatchInlineSnapshot(`
"About USD 58.63 per month: 11,826,000 traces recorded, 100,000 of them free, the rest at USD 5.00 per million.

Entry          Sampled by    Requests/s  Recorded/s  Recorded/month     USD
Orders/Intake  Lambda                50        3.45       9,066,600   45.33
Api            default rule           2        1.05       2,759,400  ~13.80

- ~ marks a guess: the request rate is the default, or the tracing is known only at deployment.
- Assumes evenly distributed requests and a month of 730 hours.
- Lambda records 1 request per second and 5 percent of additional requests. AWS does not document
  whether this applies per function or per execution environment. The estimate assumes per function,
  so the actual number can be higher.
- X-Ray's default rule records 1 request per second and 5 percent of additional requests. Services
  with the same rule share its reservoir. Rules outside of the templates are not considered.
- Not included: a function that processes messages from a queue has separate traces, linked to the
  traces of the messages. There may be 9,066,600 of them per month (USD 45.33).
- With Transaction Search, which captures all invocations, CloudWatch would charge about USD 538.22
  per month instead. This is a guess for 1,100,000,000 spans (1,500 GB): 4 spans per invocation, 6
  with AWS's OpenTelemetry layer, of 1.5 KB each. In us-east-1, CloudWatch charges USD 0.35 per GB
  up to 10,240 GB, less beyond, and USD 0.75 per million spans that are indexed beyond 1 percent.
  Storage and queries in CloudWatch Logs are not estimated (AWS Price List, AmazonCloudWatch, read
  on 2025-10-28; current prices: https://aws.amazon.com/cloudwatch/pricing/).
- X-Ray charges USD 5.00 per million traces recorded beyond 100,000 per month and account. Not
  estimated: USD 0.50 per million traces retrieved or scanned beyond 1,000,000, and USD 1.00 per
  million traces in groups with X-Ray Insights (https://aws.amazon.com/xray/pricing/, read on
  2026-11-20).
"
`);
});

test('is short for functions that are not recorded', () => {
  expect(text(functionNamed('Fn'), { default: 10 })).toBe('USD 0.00 per month: 0 traces recorded.\n');
});

test('is free within the free tier', () => {
  expect(text(SMALLEST, { default: 0.01 })).toMatch(
    /^About USD 0\.00 per month: 26,280 traces recorded, 26,280 of them free\.\n/,
  );
});

test('has no cost if no price is known', () => {
  const written = text(SMALLEST, { default: 1 }, 'cn-north-1');
  expect(written).toMatch(/^Fn {5}Lambda {15}1 {11}1 {7}2,628,000 {4}\?$/m);
  expect(written).toMatch(/^Cost per month unknown: 2,628,000 traces recorded\.\n/);
  expect(written).toMatch(/\n- No price is known for cn-north-1\.\n$/);
  expect(written).not.toContain('Transaction Search');
});

describe('with Transaction Search', () => {
  const SEARCH = '  Search: { Type: AWS::XRay::TransactionSearchConfig }\n';
  const CAPTURED = expect.stringMatching(/^With Transaction Search, Lambda captures the spans/) as string;

  test.each([
    ['in the templates', SMALLEST + SEARCH, false],
    ['outside of them', SMALLEST, true],
  ])('%s, CloudWatch charges for spans', (_, template, isOutside) => {
    const report = estimateReport(template, { default: 1 }, undefined, {}, isOutside);
    expect(report).toMatchObject({
      usdPerMonth: expect.closeTo(5.26, 2) as number,
      prices: [],
      recordedPerMonth: 0,
      transactionSearch: { on: { spans: 10_512_000 } },
      entries: [{ logicalId: 'Fn', sampledBy: 'transaction-search', recordedPerMonth: 2_628_000 }],
    });
    expect(report.transactionSearch.off).toBeUndefined();
    expect(report.notes).toContainEqual(CAPTURED);
    expect(report.notes).not.toContainEqual(
      expect.stringMatching(/No price is known|Lambda records|X-Ray charges/),
    );
    expect(estimateText(report, { color: false })).toMatch(
      /^About USD 5\.26 per month: 11,000,000 spans \(15 GB\) with Transaction Search\.\n/,
    );
  });

  test('elsewhere, X-Ray has its price, and the estimate has that of Transaction Search', () => {
    const report = estimateReport(SMALLEST, { default: 1 });
    expect(report).toMatchObject({
      usdPerMonth: expect.closeTo(12.64, 2) as number,
      transactionSearch: { off: { spans: 10_512_000, usd: expect.closeTo(5.26, 2) as number } },
    });
    expect(report.transactionSearch.on).toBeUndefined();
    expect(report.notes).not.toContainEqual(CAPTURED);
    expect(report.notes).toContainEqual(
      expect.stringContaining('CloudWatch would charge about USD 5.26 per month instead.'),
    );
  });

  test('has no price where none is known', () => {
    const report = estimateReport(SMALLEST + SEARCH, { default: 1 }, 'cn-north-1');
    expect(report.usdPerMonth).toBeUndefined();
    expect(report.notes).toContain('No price is known for cn-north-1.');
  });
});

describe('functions that streams invoke', () => {
  const STREAM = (rate: string) => `Resources:
  Audit:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: ${rate}
      Events: { Clicks: { Type: Kinesis, Properties: { Stream: 'arn:aws:kinesis:eu-west-1:1:stream/clicks' } } }
`;

  test('are listed apart, with an assumption', () => {
    const report = estimateReport(STREAM('Active'), { default: 10 });
    expect(report).toMatchObject({ recordedPerMonth: 0, consumersPerMonth: 2_628_000 });
    expect(report.notes).toContain(
      "Not included: functions that only streams and event buses invoke: 'Audit'. The number of their invocations depends on batches and event patterns, not on the rate of requests. At an assumed 1 invocation per second each, there would be 2,628,000 traces more per month (USD 13.14). To include a function, set its request rate.",
    );
  });

  test('have their own rate', () => {
    const report = estimateReport(STREAM('Active'), { default: 10, Audit: 10 });
    expect(report).toMatchObject({ recordedPerMonth: 3_810_600, consumersPerMonth: 0 });
    expect(report.notes.join(' ')).not.toContain('streams');
  });

  test('are not listed without active tracing', () => {
    expect(notes('streams', STREAM('PassThrough'), { default: 10 })).toEqual([]);
  });
});

describe('the table', () => {
  const functions = (count: number) =>
    `Resources:\n${Array.from({ length: count }, (_, i) => `  Fn${i}: { Type: AWS::Serverless::Function, Properties: { Tracing: Active } }\n`).join('')}`;
  const rows = (written: string) => written.split('\n').filter((line) => line.startsWith('Fn'));

  test('has the ten entries with the highest cost', () => {
    const rates = { default: 0.5, Fn11: 20, Fn3: 2 };
    const written = text(functions(12), rates);
    expect(rows(written)).toHaveLength(10);
    expect(rows(written).slice(0, 2)).toEqual([
      expect.stringMatching(/^Fn11 .* 25\.62$/),
      expect.stringMatching(/^Fn3 .* 13\.80$/),
    ]);
    expect(written).toContain('\n2 more, see --verbose\n');
    const all = estimateText(estimateReport(functions(12), rates), { color: false, verbose: true });
    expect(rows(all)).toHaveLength(12);
    expect(all).not.toContain('--verbose');
  });

  test('marks a rate that is the default, and a mode known only at deployment', () => {
    const written = text(
      `Parameters: { Mode: { Type: String } }\n${functions(3).replace('Active', '!Ref Mode')}`,
      { default: 1, Fn0: 1, Fn1: 1 },
    );
    expect(rows(written).map((row) => row.slice(-6))).toEqual(['~13.14', ' 13.14', '~13.14']);
  });
});

test('is colored on request', () => {
  expect(estimateText(estimateReport(), { color: true })).toContain('\u001b[');
});

describe('notes', () => {
  test('describe a sampling rule', () => {
    const template = `${TRACED_API}  Rule:
    Type: AWS::XRay::SamplingRule
    Properties: { SamplingRule: { Priority: 1, FixedRate: 0.25, ReservoirSize: 2, ServiceName: orders/* } }
`;
    expect(notes("'Rule'", template)).toEqual([
      expect.stringContaining(
        "The sampling rule 'Rule' records 2 requests per second and 25 percent of additional requests.",
      ),
    ]);
  });

  test('list ignored sampling rules', () => {
    const template = `${TRACED_API}  Rule:
    Type: AWS::XRay::SamplingRule
    Properties: { SamplingRule: { Priority: 1, FixedRate: 0.25, ReservoirSize: 2, URLPath: /orders } }
`;
    expect(notes("'Rule'", template)).toEqual([
      "Sampling rules that apply to some requests only, or to services known only at deployment, are ignored: 'Rule'.",
    ]);
  });

  test('list functions without a request rate', () => {
    expect(notes('without a request rate', SMALLEST, { Other: 1 })).toEqual([
      "Functions without a request rate are assumed not to be invoked: 'Fn'.",
    ]);
  });

  test('list functions that only schedules invoke', () => {
    const nightly = `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Events: { Night: { Type: Schedule, Properties: { Schedule: rate(1 day) } } }
`;
    expect(notes('schedules', nightly, { default: 10 })).toEqual([
      "Not included: functions that only schedules, deployments or failed requests invoke: 'Fn'. A schedule invokes a function at most once a minute (43,800 times per month). To include a function, set its request rate.",
    ]);
    expect(notes('schedules', nightly, { Fn: 1 })).toEqual([]);
  });

  test('list modes known only at deployment', () => {
    const template = `Parameters: { Mode: { Type: String } }
${SMALLEST.replace('Active', '!Ref Mode')}`;
    expect(notes('Assumed Active', template)).toEqual(["Assumed Active (known only at deployment): 'Fn'."]);
  });

  test('name the configuration with the request rates', () => {
    expect(notes('configured', SMALLEST, { default: 1 }, undefined, { file: 'rates.yaml' })).toEqual([
      'Request rates are configured in rates.yaml.',
    ]);
  });

  test.each(['active', 'Enabled'])(
    'list functions with an invalid mode, which record nothing: %s',
    (mode) => {
      const template = SMALLEST.replace('Active', mode);
      expect(notes('Assumed', template)).toEqual([
        "Assumed to record no traces, because their tracing mode is invalid: 'Fn'.",
      ]);
      expect(estimateReport(template)).toMatchObject({ recordedPerMonth: 0 });
    },
  );

  test('list callers whose tracing is known only at deployment', () => {
    const template = `Parameters: { Traced: { Type: String } }
${TRACED_API.replace('TracingEnabled: true', 'TracingEnabled: !Ref Traced')}`;
    expect(notes('Assumed not traced', template)).toEqual([
      "Assumed not traced (known only at deployment): 'Api'.",
    ]);
  });

  test('describe a sampling rule that samples no requests, without listing its functions', () => {
    const template = `${TRACED_API}  Rule:
    Type: AWS::XRay::SamplingRule
    Properties: { SamplingRule: { Priority: 1, FixedRate: 0, ReservoirSize: 0 } }
`;
    expect(notes('0 percent of requests', template)).toEqual([
      expect.stringContaining("The sampling rule 'Rule'"),
    ]);
    expect(notes('record nothing', template)).toEqual([]);
  });

  test('list Active functions that are never recorded', () => {
    const kafka = `${SMALLEST}  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Fn, EventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123' }
`;
    expect(notes('record nothing', kafka)).toEqual([
      expect.stringMatching(/because X-Ray does not support what invokes them.*: 'Fn'\.$/),
    ]);
  });

  test('list Active functions whose callers decide not to sample', () => {
    const filter = `${SMALLEST}  Filter:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{ LambdaInvokePolicy: { FunctionName: !Ref Fn } }]
      Events: { Clicks: { Type: Kinesis, Properties: { Stream: 'arn:aws:kinesis:eu-west-1:1:stream/clicks' } } }
`;
    expect(notes('record nothing', filter)).toEqual([
      expect.stringMatching(/because only functions without active tracing invoke them.*: 'Fn'\.$/),
    ]);
  });

  test.each([
    ['', 1],
    ["OTEL_AWS_APPLICATION_SIGNALS_ENABLED: 'false', ", 0],
  ])('list functions with Application Signals: %s', (variable, count) => {
    const template = `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Layers: ['arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:15']
      Environment: { Variables: { ${variable}AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-instrument } }
`;
    expect(notes('Application Signals', template)).toHaveLength(count);
  });

  test('name at most five functions', () => {
    const functions = Array.from(
      { length: 8 },
      (_, i) => `  Fn${i}: { Type: AWS::Serverless::Function, Properties: { Tracing: Active } }`,
    );
    expect(notes('without a request rate', `Resources:\n${functions.join('\n')}\n`, { Other: 1 })).toEqual([
      "Functions without a request rate are assumed not to be invoked: 'Fn0', 'Fn1', 'Fn2', 'Fn3', 'Fn4', 3 more.",
    ]);
  });
});

test('keeps any name within its line, without control characters', () => {
  fc.assert(
    fc.property(NAME, (name) => {
      const fn = { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: { Ref: 'Mode' } } } };
      const template = { Parameters: { Mode: { Type: 'String' } }, Resources: { [name]: fn } };
      const written = text(JSON.stringify(template), { default: 1 });
      // Two lines of the table, six notes and the summary, with empty lines between these and a final line break.
      if (name !== '__proto__') expect(written.split('\n')).toHaveLength(12);
      // oxlint-disable-next-line no-control-regex
      expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});
