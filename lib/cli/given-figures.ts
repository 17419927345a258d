/** More is a slip: no account is invoked as often, and a month of much more can't be written as a number. */
const MOST_REQUESTS_PER_SECOND = 1e9;

/** Whether a number can be one of requests per second. */
export function isRequestRate(number: number): boolean {
  return number >= 0 && number <= MOST_REQUESTS_PER_SECOND;
}

/** What a number should be that can't be one. */
export function requestRateInWords(instead: number): string {
  const what = 'a number of requests per second';
  return Number.isFinite(instead) && instead > MOST_REQUESTS_PER_SECOND
    ? `${what} up to 1,000,000,000`
    : `${what}, such as 10 or 0.5`;
}

/** How often functions are invoked, as a configuration says it. */
export interface GivenFigures {
  /** Requests per second of every function that is called from outside. */
  readonly default?: number;
  readonly named: readonly NamedFigure[];
}

/** A figure for a function. */
export interface NamedFigure {
  /** A construct path or a logical ID. */
  readonly name: string;
  readonly requestsPerSecond: number;
  /** Where it stands: `.cdk-lambda-xray.yaml:3:5`. */
  readonly place: string;
}
