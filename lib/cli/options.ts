import type { Threshold } from '../report/severity';
import type { InputOptions } from './input';

/** What `--format` may name. */
export const FORMAT_NAMES = ['text', 'json', 'sarif', 'junit', 'markdown', 'github'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** The options of `check`, as commander hands them over. */
export interface CheckOptions extends RunChecksOptions {
  readonly format: FormatName;
}

/** What `--format` may name. */
export const DIFF_FORMAT_NAMES = ['text', 'markdown', 'json'] as const;
export type DiffFormatName = (typeof DIFF_FORMAT_NAMES)[number];

/** The options of `diff`, as commander hands them over. */
export interface DiffOptions extends RunChecksOptions {
  readonly format: DiffFormatName;
}

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

/** What `--format` may name. */
export const MAP_FORMAT_NAMES = ['html', 'svg', 'mermaid', 'dot', 'json'] as const;
export type MapFormatName = (typeof MAP_FORMAT_NAMES)[number];

/** The options of `map`, as commander hands them over. */
export interface MapOptions {
  readonly format: MapFormatName;
  readonly output?: string;
  readonly open?: boolean;
  readonly config?: string;
}

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

/** The options of every command that judges, as commander hands them over. */
export interface RunChecksOptions extends InputOptions {
  readonly format: string;
  readonly output?: string;
  readonly failOn?: Threshold;
  /** `ID=severity` each. */
  readonly rule?: readonly string[];
  readonly config?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}
