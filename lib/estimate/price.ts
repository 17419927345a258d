/** What X-Ray charges in some regions, in US dollars, and what is free each month. */
export interface Price {
  /** The names of the regions. */
  readonly regions: RegExp;
  /** For a million traces. */
  readonly recorded: number;
  /** For a million traces. */
  readonly retrievedOrScanned: number;
  /** Traces, of an account. */
  readonly free: { readonly recorded: number; readonly retrievedOrScanned: number };
  readonly source: { readonly title: string; readonly url: string; readonly readOn: string };
}
