import type { Threshold } from '../report/severities';
import type { InputOptions } from './input';

/** The options of every command that judges, as commander hands them over. */
export interface JudgingOptions extends InputOptions {
  readonly format: string;
  readonly output?: string;
  readonly failOn?: Threshold;
  /** `ID=severity` each. */
  readonly rule?: readonly string[];
  readonly config?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}
