import fc from 'fast-check';
import { LAMBDA_SAMPLING, recordedRequests, recordedShare } from '../../lib/estimate/sampling';

test.each([
  [0, 0],
  [0.5, 0.5],
  [1, 1],
  [2, 1.05],
  [10, 1.45],
  [1000, 50.95],
])("Lambda's sampling at %d requests per second records %d", (requests, recorded) => {
  expect(recordedRequests(requests, LAMBDA_SAMPLING)).toBeCloseTo(recorded, 10);
});

test.each([
  [{ reservoir: 0, rate: 0.1 }, 10, 1],
  [{ reservoir: 5, rate: 0 }, 10, 5],
  [{ reservoir: 0, rate: 1 }, 10, 10],
  [{ reservoir: 0, rate: 0 }, 10, 0],
])('%j at %d requests per second records %d', (sampling, requests, recorded) => {
  expect(recordedRequests(requests, sampling)).toBeCloseTo(recorded, 10);
});

const samplings = fc.record({
  reservoir: fc.double({ min: 0, max: 100, noNaN: true }),
  rate: fc.double({ min: 0, max: 1, noNaN: true }),
});
const rates = fc.double({ min: 0, max: 1e6, noNaN: true });

test('more requests do not reduce the recorded requests', () => {
  fc.assert(
    fc.property(samplings, rates, rates, (sampling, a, b) => {
      const [fewer, more] = [a, b].sort((x, y) => x - y);
      expect(recordedRequests(fewer, sampling)).toBeLessThanOrEqual(recordedRequests(more, sampling));
    }),
  );
});

test('recorded requests do not exceed all requests', () => {
  fc.assert(
    fc.property(samplings, rates, (sampling, requests) => {
      expect(recordedRequests(requests, sampling)).toBeLessThanOrEqual(requests * (1 + 1e-9));
      expect(recordedShare(requests, sampling)).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});
