import type { Threshold } from '../report/severities';
import type { Acknowledgement, Settings } from '../rules/judge';

/** What a configuration file says. */
export interface Config {
  readonly severities: NonNullable<Settings['severities']>;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly failOn?: Threshold;
  /** The file that it is from. */
  readonly file?: string;
}

export const NO_CONFIG: Config = { severities: {}, acknowledgements: [] };
