import fc from 'fast-check';
import { estimateJson } from '../../../lib/report/estimate/json';
import type { EstimateReport } from '../../../lib/report/estimate/report';
import { estimateText } from '../../../lib/report/estimate/text';
import { harmIn, NAME } from '../hostile-name';
import { estimateReport } from './small-estimate';

/** An estimate with each note that contains names. The name is in each text from the template. */
function reportOn(name: string): EstimateReport {
  const active = { TracingConfig: { Mode: 'Active' } };
  const fn = (path: string, properties: object) => ({
    Type: 'AWS::Lambda::Function',
    Metadata: { 'aws:cdk:path': path },
    Properties: properties,
  });
  const api = (more: object) => ({
    Type: 'AWS::Serverless::Api',
    Properties: { Name: name, StageName: 'prod', ...more },
  });
  const handler = (on: string) => ({
    Type: 'AWS::Serverless::Function',
    Properties: {
      Tracing: 'Active',
      Events: { Get: { Type: 'Api', Properties: { RestApiId: { Ref: on }, Path: '/', Method: 'get' } } },
    },
  });
  const rule = (more: object) => ({
    Type: 'AWS::XRay::SamplingRule',
    Properties: { SamplingRule: { Priority: 1, FixedRate: 0.25, ReservoirSize: 2, ...more } },
  });
  const template = {
    Parameters: { Mode: { Type: 'String' } },
    Resources: {
      [`${name}Fn`]: fn(name, active),
      [`${name}Open`]: fn(`${name}Open/Resource`, { TracingConfig: { Mode: { Ref: 'Mode' } } }),
      [`${name}Fed`]: fn(`${name}Fed/Resource`, active),
      [`${name}Seed`]: fn(`${name}Seed/Resource`, active),
      [`${name}Seeded`]: {
        Type: 'Custom::Seed',
        Properties: { ServiceToken: { 'Fn::GetAtt': [`${name}Seed`, 'Arn'] } },
      },
      [`${name}Feed`]: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: `${name}Fed` },
          EventSourceArn: `arn:aws:kafka:eu-west-1:111122223333:cluster/${name}/0123`,
        },
      },
      [`${name}Api`]: api({ TracingEnabled: true }),
      [`${name}Read`]: handler(`${name}Api`),
      [`${name}OpenApi`]: api({ TracingEnabled: { Ref: 'Mode' } }),
      [`${name}OpenRead`]: handler(`${name}OpenApi`),
      [`${name}Rule`]: rule({ ServiceType: 'AWS::ApiGateway::Stage' }),
      [`${name}Other`]: rule({ Priority: 0, URLPath: name }),
    },
  };
  const rates = { [`${name}Open`]: 1, [`${name}Fed`]: 1, [`${name}Read`]: 1, [`${name}OpenRead`]: 1 };
  const report = estimateReport(JSON.stringify(template), rates, `cn-${name}`);
  return { ...report, errors: [{ file: name, message: name }] };
}

function holdsFor(claim: (report: EstimateReport, name: string) => void) {
  const property = fc.property(NAME, (name) => claim(reportOn(name), name));
  return () => fc.assert(property, { examples: [['::add-mask::x'], [' ##[add-mask]x'], ['\u202e']] });
}

/** A name must not change the number of lines. */
const PLAIN = reportOn('Plain');

test.each([
  'The sampling rule',
  'are ignored',
  'without a request rate',
  'Not included: functions',
  'Assumed Active',
  'Assumed not traced',
  'record nothing',
  'No price',
])('a note contains a name: %s', (text) => {
  const matching = PLAIN.notes.filter((note) => new RegExp(text).test(note));
  expect(matching).toEqual([expect.stringContaining('Plain')]);
});

test(
  'text keeps its lines and contains no control characters',
  holdsFor((report) => {
    const written = textOf(report);
    expect(written.split('\n')).toHaveLength(textOf(PLAIN).split('\n').length);
    expect(harmIn(written)).toEqual([]);
  }),
);

test(
  'JSON contains the name',
  holdsFor((report, name) => {
    const written = estimateJson(report);
    expect(harmIn(written)).toEqual([]);
    const { functions } = JSON.parse(written) as {
      functions: { logicalId: string; constructPath?: string }[];
    };
    expect(functions.map(({ logicalId }) => logicalId)).toContain(`${name}Read`);
    expect(functions.map(({ constructPath }) => constructPath)).toContain(name);
  }),
);

function textOf(report: EstimateReport): string {
  return estimateText(report, { color: false });
}
