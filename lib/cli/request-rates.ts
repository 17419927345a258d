import { nameOf, type Resource } from '../cloudformation/template';
import { isNamedBy } from '../cloudformation/template-selection';
import type { KnownRates } from '../estimate/request-rates';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type ConfiguredRates, isRequestRate, type NamedRate, requestRateInWords } from '../config/config';
import { UsageError } from './errors';
import { didYouMean } from '../text/printable';

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

/**
 * Resolves the names of configured rates. The exact name of a function takes precedence. Of the other names that select
 * the function, such as globs and constructs around it, the last counts.
 */
export function requestRates({ named, default: defaultRate }: ConfiguredRates): KnownRates {
  const byName = new Map(named.map(({ name, requestsPerSecond }) => [name, requestsPerSecond]));
  return {
    default: defaultRate,
    of: ({ resource }) => {
      const exact = namesOf(resource).find((candidate) => byName.has(candidate));
      return exact === undefined
        ? named.filter(({ name }) => isNamedBy(resource, name)).at(-1)?.requestsPerSecond
        : byName.get(exact);
    },
  };
}

/** Returns a message for each configured rate whose function does not exist. */
export function unknownNames(named: readonly NamedRate[], functions: readonly LambdaFunction[]): string[] {
  const isKnown = (name: string) =>
    functions.some(({ resource }) => namesOf(resource).includes(name) || isNamedBy(resource, name));
  const names = [...new Set(functions.map(({ resource }) => nameOf(resource)))];
  return named
    .filter(({ name }) => !isKnown(name))
    .map(
      ({ name, location }) =>
        `${location}: There is no function ${JSON.stringify(name)}.${didYouMean(name, names)}`,
    );
}

function namesOf(resource: Resource): string[] {
  return [nameOf(resource), resource.constructPath ?? resource.logicalId, resource.logicalId];
}
