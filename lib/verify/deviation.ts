/** In which way the account can differ from the templates. */
export const DEVIATION_KINDS = ['missing', 'mode', 'version', 'alias', 'split', 'permissions'] as const;
export type DeviationKind = (typeof DEVIATION_KINDS)[number];

/** Something in the account that isn't as the templates have it, or that keeps traces from being written. */
export interface Deviation {
  readonly kind: DeviationKind;
  readonly message: string;
  /** What mends it, in words. */
  readonly fix: string;
  /** Commands that do so, where there are any. */
  readonly commands: readonly string[];
  /** The version, the alias or the role that it is about, by what AWS calls it. */
  readonly about?: string;
}
