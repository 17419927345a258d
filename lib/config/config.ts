import type { Acknowledgement } from '../checker/acknowledgements';
import type { CheckConfig } from '../checker/check';
import type { ParameterValues } from '../cloudformation/template-selection';
import type { Position } from '../input/loaded-template';
import type { ConfiguredSeverity, Threshold } from '../report/configuration';
import { SEVERITIES } from '../rules/rule';

/** The content of a configuration file. */
export interface Config {
  readonly severities: NonNullable<CheckConfig['severities']>;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly failOn?: Threshold;
  readonly requestsPerSecond?: ConfiguredRates;
  /** Globs of files and folders that are not read when a folder is checked, relative to the folder of the file. */
  readonly exclude: readonly string[];
  readonly parameters: readonly ConfiguredParameters[];
  readonly includeCdkFunctions?: boolean;
  /** True if Transaction Search is on in the accounts, outside of the templates. */
  readonly transactionSearch?: boolean;
  /** The path of the file. */
  readonly file?: string;
}

export const NO_CONFIG: Config = { severities: {}, acknowledgements: [], exclude: [], parameters: [] };

/** Values for the parameters of templates. */
export interface ConfiguredParameters extends ParameterValues {
  /** The positions of the parameters in the file. */
  readonly positions: Readonly<Record<string, Position>>;
}

/** The request rates in a configuration file. */
export interface ConfiguredRates {
  /** The requests per second of every function that is called from outside. */
  readonly default?: number;
  readonly named: readonly NamedRate[];
}

/** The request rate of the functions that a name selects. */
export interface NamedRate {
  /** A construct path or a logical ID, or a glob of them. */
  readonly name: string;
  readonly requestsPerSecond: number;
  /** The location in the configuration file: `.cdk-lambda-xray.yaml:3:5`. */
  readonly location: string;
}

/** The severities that can be configured, starting with the lowest. */
export const SEVERITY_OPTIONS: readonly ConfiguredSeverity[] = ['off', ...[...SEVERITIES].reverse()];

/** A mistake in a configuration file, or a file that can't be read. */
export class ConfigError extends Error {
  public readonly problems: readonly string[];

  /** @param problems one line per problem: its location, the problem, the way out */
  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** A higher rate is a typing error: no account has so many invocations, and a monthly total could lose precision. */
export const MAX_REQUESTS_PER_SECOND = 1e9;

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
