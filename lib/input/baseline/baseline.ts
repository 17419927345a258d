import type { LoadedTemplate, LoadError } from '../loaded-template';

export interface BaselineOptions {
  /**
   * The region of deployed stacks whose templates don't say it. A stack that is synthesized for a region is deployed
   * there and nowhere else, whatever is given here.
   *
   * @default - as the AWS SDK finds it
   */
  readonly region?: string;
  /**
   * The profile with the credentials by which deployed stacks are read.
   *
   * @default - as the AWS SDK finds it
   */
  readonly profile?: string;
  /**
   * Told what is being read, for a progress line.
   *
   * @default - nobody is told
   */
  readonly onProgress?: (what: string) => void;
}

/** What came of reading templates of before. */
export interface Baseline {
  /**
   * Those that something judged has come of have the ID of that, the others have IDs that nothing judged has. Of what
   * several have come of, there is one for each.
   */
  readonly templates: readonly LoadedTemplate[];
  readonly errors: readonly LoadError[];
  /** What is worth knowing and isn't wrong, a sentence each: a stack that isn't deployed yet, for instance. */
  readonly notes: readonly string[];
}
