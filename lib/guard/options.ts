import type { Config } from '../config/config';
import type { Threshold } from '../report/configuration';

/** The options of a guard. The build of its function writes them to a file beside the code. */
export interface GuardOptions {
  /** The severities, acknowledgements and parameters. Its `template` selects stacks by their names. */
  readonly config: Config;
  /** The lowest severity of new findings that fail an operation. */
  readonly failOn: Threshold;
  /** The answer to an operation that can't be checked. */
  readonly onError: 'ALLOW' | 'DENY';
  readonly exemptStacks: readonly ExemptStack[];
}

/** Stacks that are not checked. */
export interface ExemptStack {
  /** A stack name, or a glob of them. */
  readonly stackName: string;
  readonly reason: string;
}

/** The name of the file with the options. */
export const OPTIONS_FILE = 'guard.json';

/** The reason why an operation can't be checked. The message is for the user who started the operation. */
export class GuardError extends Error {}
