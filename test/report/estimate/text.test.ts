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

/** The notes in which there is something. */
function notes(about: string, ...args: Parameters<typeof estimateReport>): readonly string[] {
  return estimateReport(...args).notes.filter((note) => note.includes(about));
}

test('a small system', () => {
  expect(estimateText(estimateReport(), { color: false, width: 100 })).toMatchInlineSnapshot(`
   "Entry          Decides       Requests/s  Recorded/s  Recorded/month    USD
   Orders/Intake  Lambda                50        3.45       9,066,600  45.33
   Api            default rule           2        1.05       2,759,400  13.80

   - Requests are taken to come evenly, in a month of 730 hours.
   - Lambda records 1 request a second and 5 percent of the others. This is taken to be for each
     function. If it is for each of its execution environments, which no page says, more is recorded.
   - X-Ray's default rule records 1 request a second and 5 percent of the others. Services with the
     same rule share its requests per second. Rules that are not in the templates are not considered.
   - Not counted: behind a queue, a function's traces are of their own, and linked to those of the
     messages. There may be 9,066,600 of them a month, at USD 45.33.
   - X-Ray charges USD 5.00 for a million traces recorded beyond 100,000 a month and account; and USD
     0.50 for a million retrieved or scanned beyond 1,000,000, which is not estimated
     (https://aws.amazon.com/xray/pricing/, read on 2026-11-20).

   11,826,000 traces recorded a month, 100,000 of them free, the others at USD 5.00 a million: USD 58.63.
   "
  `);
});

test('nothing that records', () => {
  expect(text(functionNamed('Fn'), { default: 10 })).toBe('0 traces recorded a month: USD 0.00.\n');
});

test('less than is free', () => {
  expect(text(SMALLEST, { default: 0.01 })).toMatch(
    /\n26,280 traces recorded a month, 26,280 of them free: USD 0\.00\.\n$/,
  );
});

test('where no price is known', () => {
  const written = text(SMALLEST, { default: 1 }, 'cn-north-1');
  expect(written).toMatch(/^Fn {5}Lambda {12}1 {11}1 {7}2,628,000 {4}\?$/m);
  expect(written).toMatch(/\n- No price is known for cn-north-1\.\n\n2,628,000 traces recorded a month\.\n$/);
});

test('colors, if wanted', () => {
  expect(estimateText(estimateReport(), { color: true })).toContain('\u001b[');
});

describe('notes', () => {
  test('on a sampling rule', () => {
    const template = `${TRACED_API}  Rule:
    Type: AWS::XRay::SamplingRule
    Properties: { SamplingRule: { Priority: 1, FixedRate: 0.25, ReservoirSize: 2, ServiceName: orders/* } }
`;
    expect(notes("'Rule'", template)).toEqual([
      expect.stringContaining("The rule 'Rule' records 2 requests a second and 25 percent of the others."),
    ]);
  });

  test('on a sampling rule that is left out', () => {
    const template = `${TRACED_API}  Rule:
    Type: AWS::XRay::SamplingRule
    Properties: { SamplingRule: { Priority: 1, FixedRate: 0.25, ReservoirSize: 2, URLPath: /orders } }
`;
    expect(notes("'Rule'", template)).toEqual([
      "Not considered, since they are for some requests only, or the template does not tell what they are for: the sampling rules 'Rule'.",
    ]);
  });

  test('on a function without a figure', () => {
    expect(notes('Without', SMALLEST, { Other: 1 })).toEqual([
      "Without a figure, and counted as if nobody called them: 'Fn'.",
    ]);
  });

  test('on a function that no requests come to', () => {
    const nightly = `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Events: { Night: { Type: Schedule, Properties: { Schedule: rate(1 day) } } }
`;
    expect(notes('schedules', nightly, { default: 10 })).toEqual([
      "Not counted, since only schedules, deployments or what has failed call them: 'Fn'. A schedule does so at most once a minute, 43,800 times a month. Give them figures by name if that matters.",
    ]);
    expect(notes('schedules', nightly, { Fn: 1 })).toEqual([]);
  });

  test('on modes that only deployment tells', () => {
    const template = `Parameters: { Mode: { Type: String } }
${SMALLEST.replace('Active', '!Ref Mode')}`;
    expect(notes('deployment', template)).toEqual(["Taken to be Active, since only deployment tells: 'Fn'."]);
  });

  test('on callers of which only deployment tells', () => {
    const template = `Parameters: { Traced: { Type: String } }
${TRACED_API.replace('TracingEnabled: true', 'TracingEnabled: !Ref Traced')}`;
    expect(notes('deployment', template)).toEqual([
      "Taken not to be traced, since only deployment tells: 'Api'.",
    ]);
  });

  test('on a sampling rule that is for no request, and on nothing behind it', () => {
    const template = `${TRACED_API}  Rule:
    Type: AWS::XRay::SamplingRule
    Properties: { SamplingRule: { Priority: 1, FixedRate: 0, ReservoirSize: 0 } }
`;
    expect(notes('0 percent of the requests', template)).toEqual([
      expect.stringContaining("The rule 'Rule'"),
    ]);
    expect(notes('recording nothing', template)).toEqual([]);
  });

  test('on functions that are Active in vain', () => {
    const kafka = `${SMALLEST}  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Fn, EventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123' }
`;
    expect(notes('recording nothing', kafka)).toEqual([expect.stringMatching(/does not trace: 'Fn'\.$/)]);
  });

  test('name no more than a few', () => {
    const functions = Array.from(
      { length: 8 },
      (_, i) => `  Fn${i}: { Type: AWS::Serverless::Function, Properties: { Tracing: Active } }`,
    );
    expect(notes('Without', `Resources:\n${functions.join('\n')}\n`, { Other: 1 })).toEqual([
      "Without a figure, and counted as if nobody called them: 'Fn0', 'Fn1', 'Fn2', 'Fn3', 'Fn4', and 3 more.",
    ]);
  });
});

test('names keep to their lines, and the terminal to its state', () => {
  fc.assert(
    fc.property(NAME, (name) => {
      const fn = { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: { Ref: 'Mode' } } } };
      const template = { Parameters: { Mode: { Type: 'String' } }, Resources: { [name]: fn } };
      const written = text(JSON.stringify(template), { default: 1 });
      // The table in two lines, four notes, and the summary; one between each, and one at the end.
      if (name !== '__proto__') expect(written.split('\n')).toHaveLength(10);
      // eslint-disable-next-line no-control-regex
      expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});
