import type { LoadedTemplate, LoadError } from '../loaded-template';

export interface BaselineOptions {
  /**
   * The region of deployed stacks whose templates do not contain their region. Ignored for a stack that is synthesized
   * for a region.
   *
   * @default - the region that the AWS SDK finds
   */
  readonly region?: string;
  /**
   * The profile with the credentials to read deployed stacks with.
   *
   * @default - the profile that the AWS SDK finds
   */
  readonly profile?: string;
  /**
   * Called with the text for a progress line.
   *
   * @default - no progress is reported
   */
  readonly onProgress?: (text: string) => void;
}

/** The result of reading the previous templates. */
export interface Baseline {
  /**
   * The previous templates. Each has the ID of its current template, or an unused ID if there is none. A template with
   * several current templates is repeated for each.
   */
  readonly templates: readonly LoadedTemplate[];
  readonly errors: readonly LoadError[];
  /** Messages that are not errors, such as about a stack that is not deployed yet. */
  readonly notes: readonly string[];
}
