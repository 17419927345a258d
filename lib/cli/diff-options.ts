import type { JudgingOptions } from './judging-options';

/** What `--format` may name. */
export const DIFF_FORMAT_NAMES = ['text', 'markdown', 'json'] as const;
export type DiffFormatName = (typeof DIFF_FORMAT_NAMES)[number];

/** The options of `diff`, as commander hands them over. */
export interface DiffOptions extends JudgingOptions {
  readonly format: DiffFormatName;
}
