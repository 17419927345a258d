/** What `--format` may name. */
export const ESTIMATE_FORMAT_NAMES = ['text', 'json'] as const;
export type EstimateFormatName = (typeof ESTIMATE_FORMAT_NAMES)[number];

/** The options of `estimate`, as commander hands them over. */
export interface EstimateOptions {
  readonly format: EstimateFormatName;
  readonly rps?: string;
  readonly region?: string;
  readonly output?: string;
  readonly config?: string;
  readonly color: boolean;
}
