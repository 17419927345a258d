import { billFor, perMonth, spanBillFor } from '../../lib/estimate/pricing';
import { indexingPercentage } from '../../lib/model/tracing-model';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, stack } from '../rules/templates';
import { estimated } from './estimates';

/** Returns the bill for a function at a request rate. */
function billAt(requests: number, region?: string) {
  return billFor(estimated({ default: requests }, { Fn: lambda('Active') }).samplingPoints, region);
}

test('a month has 730 hours', () => {
  expect(perMonth(1)).toBe(2_628_000);
});

test.each([
  [0, { recorded: 0, free: 0, usd: 0 }],
  [0.01, { recorded: 26_280, free: 26_280, usd: 0 }],
  [0.5, { recorded: 1_314_000, free: 100_000, usd: 6.07 }],
  [1, { recorded: 2_628_000, free: 100_000, usd: 12.64 }],
  [10, { recorded: 3_810_600, free: 100_000, usd: 18.553 }],
  [1000, { recorded: 133_896_600, free: 100_000, usd: 668.983 }],
])('is correct at %d requests per second', (requests, expected) => {
  const { recorded, free, usd } = billAt(requests);
  expect({ recorded, free, usd }).toEqual({ ...expected, usd: expect.closeTo(expected.usd, 6) as number });
});

test('the free tier applies to each account', () => {
  const inAccount = (account: string) =>
    stack(account, { [`Fn${account}`]: lambda('Active') }, { account, region: 'eu-west-1' });
  const { samplingPoints } = estimated({ default: 1 }, inAccount('1'), inAccount('2'));
  expect(billFor(samplingPoints)).toMatchObject({ recorded: 5_256_000, free: 200_000 });
});

test('the cost of items does not include the free tier', () => {
  expect(billAt(1).items).toMatchObject([{ recorded: 2_628_000, usd: 13.14 }]);
});

describe('the price', () => {
  test.each([undefined, 'us-east-1', 'eu-west-1', 'ap-southeast-4', 'mx-central-1'])(
    'is known for %s',
    (region) => {
      const { prices, unpriced } = billAt(1, region);
      expect(prices).toMatchObject([{ recorded: 5, retrievedOrScanned: 0.5, free: { recorded: 100_000 } }]);
      expect(unpriced).toEqual([]);
    },
  );

  test.each(['cn-north-1', 'us-gov-west-1', 'us-iso-east-1'])('is not known for %s', (region) => {
    const { recorded, usd, unpriced, items } = billAt(1, region);
    expect({ recorded, usd, unpriced }).toEqual({ recorded: 2_628_000, usd: undefined, unpriced: [region] });
    expect(items[0]).not.toHaveProperty('usd');
  });

  test('depends on the region of the template', () => {
    const there = stack('there', { Fn: lambda('Active') }, { account: '1', region: 'cn-north-1' });
    expect(billFor(estimated({ default: 1 }, there).samplingPoints, 'eu-west-1').unpriced).toEqual([
      'cn-north-1',
    ]);
  });
});

describe('the bill for spans', () => {
  /** Returns the bill for a function at a request rate. */
  const spansAt = (requests: number, percentage = 1, region?: string) =>
    spanBillFor(
      estimated({ default: requests }, { Fn: lambda('Active') }).spanSources,
      () => percentage,
      region,
    );

  test.each([
    [0, { spans: 0, usd: 0 }],
    [1, { spans: 10_512_000, usd: 5.263 }],
    // 15,038 GB: 10,240 at 0.35 and 4,798 at 0.20
    [1000, { spans: 10_512_000_000, usd: 4543.508 }],
    // 45,113 GB: 10,240 at 0.35, 20,480 at 0.20 and 14,393 at 0.15
    [3000, { spans: 31_536_000_000, usd: 9838.891 }],
  ])('is correct at %d requests per second', (requests, { spans, usd }) => {
    expect(spansAt(requests)).toMatchObject({ spans, usd: expect.closeTo(usd, 2) as number });
  });

  test('includes what is indexed beyond 1 percent', () => {
    expect(spansAt(1, 11).usd! - spansAt(1).usd!).toBeCloseTo(1.0512 * 0.75, 6);
    expect(spansAt(1, 0).usd).toBe(spansAt(1).usd);
  });

  test('has the steps of the price for each account', () => {
    const inAccount = (account: string) =>
      stack(account, { [`Fn${account}`]: lambda('Active') }, { account, region: 'eu-west-1' });
    const { spanSources } = estimated({ default: 1000 }, inAccount('1'), inAccount('2'));
    expect(spanBillFor(spanSources, () => 1).usd).toBeCloseTo(2 * spansAt(1000).usd!, 6);
  });

  test('has no price where none is known', () => {
    expect(spansAt(1, 1, 'cn-north-1')).toMatchObject({ spans: 10_512_000, unpriced: ['cn-north-1'] });
    expect(spansAt(1, 1, 'cn-north-1')).not.toHaveProperty('usd');
  });

  test("has more spans of functions with AWS's OpenTelemetry layer, and none of functions without active tracing", () => {
    const layers = ['arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:15'];
    const { spanSources } = estimated(
      { default: 1 },
      { Fn: lambda('Active', { Layers: layers }), Other: lambda('PassThrough') },
    );
    expect(spanSources).toMatchObject([{ node: { name: 'Fn' }, spansPerRequest: 6 }]);
  });

  test.each([
    [{}, 1],
    [{ IndexingPercentage: 25 }, 25],
    [{ IndexingPercentage: '0' }, 0],
    [{ IndexingPercentage: { Ref: 'Percentage' } }, 1],
    [{ IndexingPercentage: 400 }, 1],
  ])('has the percentage of the configuration: %j', (properties, expected) => {
    const model = buildTracingModel([
      stack('one', {
        Fn: lambda('Active'),
        Search: { Type: 'AWS::XRay::TransactionSearchConfig', Properties: properties },
      }),
    ]);
    expect(indexingPercentage(model.functions[0].resource, model)).toBe(expected);
  });
});
