import type { JudgingOptions } from './judging-options';

/** What `--format` may name. */
export const FORMAT_NAMES = ['text', 'json', 'sarif', 'junit', 'markdown', 'github'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** The options of `check`, as commander hands them over. */
export interface CheckOptions extends JudgingOptions {
  readonly format: FormatName;
}
