import { billFor, perMonth } from '../../lib/estimate/pricing';
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
