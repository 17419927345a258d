import { nameOf, type Resource } from '../cloudformation/template';
import type { KnownRates } from '../estimate/request-rates';
import type { LambdaFunction } from '../lambda/lambda-function';
import { UsageError } from './errors';
import { didYouMean } from './rule-names';

/**
 * Puts the figures together: what `--rps` says takes the place of the configuration's default.
 *
 * @throws UsageError if there is none, or `--rps` is no number
 */
export function configuredRates(
  { named = [], ...config }: Partial<ConfiguredRates> = {},
  rps?: string,
): ConfiguredRates {
  const figures = { named, default: rps === undefined ? config.default : requestsPerSecond(rps) };
  if (figures.default === undefined && named.length === 0) {
    throw new UsageError(
      'The templates do not tell how many requests come. Say so, for every function that is called from outside: --rps 10',
      'Or in .cdk-lambda-xray.yaml, for some by their construct path or logical ID: requestsPerSecond: { default: 2, Orders/Intake: 50 }',
    );
  }
  return figures;
}

/** The same by function. A logical ID means every function that has it. */
export function requestRates(given: ConfiguredRates): KnownRates {
  const byName = new Map(given.named.map((figure) => [figure.name, figure.requestsPerSecond]));
  return {
    default: given.default,
    of: ({ resource }) => {
      const name = namesOf(resource).find((known) => byName.has(known));
      return name === undefined ? undefined : byName.get(name);
    },
  };
}

/** What to say of the figures that are for none of the functions. */
export function unknownNames(named: readonly NamedRate[], functions: readonly LambdaFunction[]): string[] {
  const known = new Set(functions.flatMap(({ resource }) => namesOf(resource)));
  const names = [...new Set(functions.map(({ resource }) => nameOf(resource)))];
  return named
    .filter(({ name }) => !known.has(name))
    .map(
      ({ name, location }) =>
        `${location}: There is no function ${JSON.stringify(name)}.${didYouMean(name, names)}`,
    );
}

function namesOf(resource: Resource): string[] {
  return [nameOf(resource), resource.constructPath ?? resource.logicalId, resource.logicalId];
}

function requestsPerSecond(written: string): number {
  const number = written.trim() === '' ? NaN : Number(written);
  if (isRequestRate(number)) return number;
  throw new UsageError(`--rps ${written}: write ${requestRateInWords(number)}.`);
}

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
export interface ConfiguredRates {
  /** Requests per second of every function that is called from outside. */
  readonly default?: number;
  readonly named: readonly NamedRate[];
}

/** A figure for a function. */
export interface NamedRate {
  /** A construct path or a logical ID. */
  readonly name: string;
  readonly requestsPerSecond: number;
  /** Where it stands: `.cdk-lambda-xray.yaml:3:5`. */
  readonly location: string;
}
