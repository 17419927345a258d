import { estimateJson } from '../../../lib/report/estimate/json';
import { describeSchema } from '../describe-schema';
import { estimateReport } from './small-estimate';

interface Contract {
  [key: string]: unknown;
  entries: Record<string, unknown>[];
  notes: string[];
}

function contract(...args: Parameters<typeof estimateReport>): Contract {
  return JSON.parse(estimateJson(estimateReport(...args))) as Contract;
}

test('contains the summary, prices, sampling points and functions', () => {
  const { notes, ...others } = contract();
  expect(notes.length).toBeGreaterThan(0);
  expect(others).toEqual({
    schemaVersion: 1,
    tool: { name: 'cdk-lambda-xray', version: '1.2.3' },
    configuration: {},
    summary: {
      recordedPerMonth: 11_826_000,
      freePerMonth: 100_000,
      linkedPerMonth: 9_066_600,
      consumersPerMonth: 0,
      usdPerMonth: 58.63,
    },
    transactionSearch: {
      off: {
        spansPerMonth: 1_074_983_400,
        gigabytesPerMonth: expect.closeTo(1537.78, 2) as number,
        usdPerMonth: expect.closeTo(538.22, 2) as number,
      },
      price: {
        region: 'us-east-1',
        usdPerGigabyte: [{ upTo: 10_240, usd: 0.35 }, { upTo: 30_720, usd: 0.2 }, { usd: 0.15 }],
        usdPerMillionIndexed: 0.75,
        source: {
          title: 'AWS Price List, AmazonCloudWatch',
          url: 'https://aws.amazon.com/cloudwatch/pricing/',
          readOn: '2025-10-28',
        },
      },
    },
    prices: [
      {
        usdPerMillion: { recorded: 5, retrievedOrScanned: 0.5, insights: 1 },
        free: { recorded: 100_000, retrievedOrScanned: 1_000_000 },
        source: {
          title: 'AWS X-Ray pricing',
          url: 'https://aws.amazon.com/xray/pricing/',
          readOn: '2026-11-20',
        },
      },
    ],
    entries: [
      {
        template: '-',
        logicalId: 'Intake',
        constructPath: 'Orders/Intake/Resource',
        line: 13,
        service: 'AWS Lambda',
        sampledBy: 'lambda',
        reservoir: 1,
        rate: 0.05,
        requestsPerSecond: 50,
        recordedPerSecond: 3.45,
        recordedPerMonth: 9_066_600,
        usdPerMonth: 45.333,
        guesses: [],
      },
      {
        template: '-',
        logicalId: 'Api',
        line: 2,
        service: 'Amazon API Gateway (REST API)',
        sampledBy: 'default-rule',
        reservoir: 1,
        rate: 0.05,
        requestsPerSecond: 2,
        recordedPerSecond: 1.05,
        recordedPerMonth: 2_759_400,
        usdPerMonth: 13.797,
        guesses: ['rate'],
      },
    ],
    functions: [
      fn({ logicalId: 'Read', line: 5 }, 2, 1.05, 2_759_400),
      fn({ logicalId: 'Intake', constructPath: 'Orders/Intake/Resource', line: 13 }, 50, 3.45, 9_066_600),
      fn({ logicalId: 'Worker', line: 19 }, 50, 3.45, 9_066_600),
      fn({ logicalId: 'Nightly', line: 25 }, 2, 0, 0),
    ],
    errors: [],
  });
});

function fn(
  location: object,
  requestsPerSecond: number,
  recordedPerSecond: number,
  recordedPerMonth: number,
) {
  return { template: '-', ...location, requestsPerSecond, recordedPerSecond, recordedPerMonth };
}

const WITH_RULE = `Resources:
  Checkout:
    Type: AWS::Serverless::StateMachine
    Properties:
      Tracing: { Enabled: true }
      Definition: { StartAt: Pay, States: { Pay: { Type: Task, Resource: !GetAtt Pay.Arn, End: true } } }
  Pay: { Type: AWS::Serverless::Function }
  Rule:
    Type: AWS::XRay::SamplingRule
    Properties: { SamplingRule: { Priority: 1, FixedRate: 1, ReservoirSize: 0 } }
`;

test('contains the location of a sampling rule', () => {
  expect(contract(WITH_RULE).entries).toMatchObject([
    { logicalId: 'Checkout', sampledBy: 'sampling-rule', samplingRule: { template: '-', logicalId: 'Rule' } },
  ]);
});

describeSchema('estimate-report', contract, {
  holdsFor: [
    ['a small system', contract],
    ['a sampling rule', () => contract(WITH_RULE)],
    ['a region without a known price', () => contract(undefined, { default: 1 }, 'cn-north-1')],
    ['Transaction Search', () => contract(undefined, { default: 1 }, undefined, {}, true)],
    ['no functions', () => contract('Resources: {}')],
    ['a broken template', () => contract('Resources: {')],
    ['rates with many decimal places', () => contract(undefined, { default: 1 / 3 })],
  ],
  doesNotHoldFor: [
    ['a different schema version', (estimate) => (estimate.schemaVersion = 2)],
    ['an unknown property', (estimate) => (estimate.more = true)],
    ['an unknown property of an entry', ({ entries }) => (entries[0].more = true)],
    ['a missing property', (estimate) => delete estimate.errors],
    ['a negative number of traces', ({ entries }) => (entries[0].recordedPerMonth = -1)],
    ['an unknown kind of sampler', ({ entries }) => (entries[0].sampledBy = 'chance')],
  ],
});
