/** How requests are chosen to be recorded: so many in each second, and a share of the rest. */
export interface Sampling {
  readonly reservoir: number;
  readonly rate: number;
}

/**
 * "The sampling rate is 1 request per second and 5 percent of additional requests" ("Visualize Lambda function invocations
 * using AWS X-Ray", AWS Lambda Developer Guide). No page says of what: it is taken to be of a function, and not of each of
 * its execution environments.
 */
export const LAMBDA_SAMPLING: Sampling = { reservoir: 1, rate: 0.05 };

/** "The first request each second, and five percent of any additional requests" ("Configure sampling rules", AWS X-Ray Developer Guide). */
export const DEFAULT_RULE: Sampling = { reservoir: 1, rate: 0.05 };

/** How many of the requests of a second are recorded, where they come evenly. */
export function recordedOf(requests: number, { reservoir, rate }: Sampling): number {
  return Math.min(requests, reservoir) + rate * Math.max(0, requests - reservoir);
}

/** The share of requests that is recorded. */
export function recordedShare(requests: number, sampling: Sampling): number {
  if (requests > 0) return recordedOf(requests, sampling) / requests;
  return sampling.reservoir > 0 ? 1 : sampling.rate;
}
