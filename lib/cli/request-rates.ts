import { nameOf, type Resource } from '../cloudformation/template';
import type { KnownRates } from '../estimate/request-rates';
import type { LambdaFunction } from '../lambda/lambda-function';
import { UsageError } from './errors';
import { didYouMean } from '../text/printable';

/** The request rates in a configuration file. */
export interface ConfiguredRates {
  /** The requests per second of every function that is called from outside. */
  readonly default?: number;
  readonly named: readonly NamedRate[];
}

/** The request rate of a function. */
export interface NamedRate {
  /** A construct path or a logical ID. */
  readonly name: string;
  readonly requestsPerSecond: number;
  /** The location in the configuration file: `.cdk-lambda-xray.yaml:3:5`. */
  readonly location: string;
}

/**
 * Combines the configured rates with `--rps`, which overrides the configured default.
 *
 * @throws UsageError if there are no rates, or `--rps` is invalid
 */
export function configuredRates(
  { named = [], ...config }: Partial<ConfiguredRates> = {},
  rps?: string,
): ConfiguredRates {
  const rates = { named, default: rps === undefined ? config.default : parseRps(rps) };
  if (rates.default === undefined && named.length === 0) {
    throw new UsageError(
      'The templates do not contain request rates. Set the rate of each function that is called from outside: --rps 10',
      'Or set rates in .cdk-lambda-xray.yaml, by construct path or logical ID: requestsPerSecond: { default: 2, Orders/Intake: 50 }',
    );
  }
  return rates;
}

function parseRps(rps: string): number {
  const number = rps.trim() === '' ? NaN : Number(rps);
  if (isRequestRate(number)) return number;
  throw new UsageError(`--rps ${rps}: expected ${requestRateInWords(number)}.`);
}

/** Resolves the names of configured rates. A logical ID stands for every function that has it. */
export function requestRates({ named, default: defaultRate }: ConfiguredRates): KnownRates {
  const byName = new Map(named.map(({ name, requestsPerSecond }) => [name, requestsPerSecond]));
  return {
    default: defaultRate,
    of: ({ resource }) => {
      const name = namesOf(resource).find((candidate) => byName.has(candidate));
      return name === undefined ? undefined : byName.get(name);
    },
  };
}

/** Returns a message for each configured rate whose function does not exist. */
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

/** A higher rate is a typing error: no account has so many invocations, and a monthly total could lose precision. */
const MAX_REQUESTS_PER_SECOND = 1e9;

/** True if a number is a valid request rate. */
export function isRequestRate(number: number): boolean {
  return number >= 0 && number <= MAX_REQUESTS_PER_SECOND;
}

/** Describes the valid values in a message about an invalid one. */
export function requestRateInWords(invalid: number): string {
  const description = 'a number of requests per second';
  return Number.isFinite(invalid) && invalid > MAX_REQUESTS_PER_SECOND
    ? `${description} up to 1,000,000,000`
    : `${description}, such as 10 or 0.5`;
}
