/** What `--format` may name. */
export const VERIFY_FORMAT_NAMES = ['text', 'json'] as const;
export type VerifyFormatName = (typeof VERIFY_FORMAT_NAMES)[number];

/** The options of `verify`, as commander hands them over. */
export interface VerifyOptions {
  readonly format: VerifyFormatName;
  readonly stack?: readonly string[];
  readonly region?: string;
  readonly profile?: string;
  readonly concurrency: string;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}
