import type { Threshold } from '../report/severities';

/** What `--format` may name. */
export const FORMAT_NAMES = ['text', 'json', 'sarif', 'junit', 'markdown', 'github'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** The options of `check`, as commander hands them over. */
export interface CheckOptions {
  readonly format: FormatName;
  readonly output?: string;
  readonly failOn?: Threshold;
  /** `ID=severity` each. */
  readonly rule?: readonly string[];
  readonly config?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}
