import type { Figures } from '../estimate/figures';
import type { LambdaFunction } from '../model/lambda-function';
import { nameOf, type Resource } from '../model/template';
import { didYouMean } from './did-you-mean';
import { type GivenFigures, isRequestRate, type NamedFigure, requestRateInWords } from './given-figures';
import { UsageError } from './usage-error';

/**
 * Puts the figures together: what `--rps` says takes the place of the configuration's default.
 *
 * @throws UsageError if there is none, or `--rps` is no number
 */
export function givenFigures(
  { named = [], ...config }: Partial<GivenFigures> = {},
  rps?: string,
): GivenFigures {
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
export function figuresOf(given: GivenFigures): Figures {
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
export function unknownNames(named: readonly NamedFigure[], functions: readonly LambdaFunction[]): string[] {
  const known = new Set(functions.flatMap(({ resource }) => namesOf(resource)));
  const names = [...new Set(functions.map(({ resource }) => nameOf(resource)))];
  return named
    .filter(({ name }) => !known.has(name))
    .map(
      ({ name, place }) =>
        `${place}: There is no function ${JSON.stringify(name)}.${didYouMean(name, names)}`,
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
