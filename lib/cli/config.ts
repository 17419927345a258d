import type { Threshold } from '../report/severities';
import type { Acknowledgement } from '../rules/acknowledgements';
import type { Settings } from '../rules/judge';
import type { GivenFigures } from './given-figures';

/** What a configuration file says. */
export interface Config {
  readonly severities: NonNullable<Settings['severities']>;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly failOn?: Threshold;
  readonly requestsPerSecond?: GivenFigures;
  /** The file that it is from. */
  readonly file?: string;
}

export const NO_CONFIG: Config = { severities: {}, acknowledgements: [] };
