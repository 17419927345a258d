import type { FunctionSummary } from '../function-summary';
import type { Place } from '../place';
import type { PermissionChange } from './permission-change';
import type { PublicationChange } from './publication-change';
import type { UntracedSource } from './untraced-source';

/** What becomes of a function; `republished` where it has a new version in the same mode, and no other change. */
export type Change = 'added' | 'removed' | 'changed' | 'republished';

export const CHANGES: readonly Change[] = ['changed', 'added', 'removed', 'republished'];

/** A function that is not as it was. */
export interface FunctionChange extends Place {
  readonly change: Change;
  /** What it was, unless it is added. */
  readonly before?: FunctionSummary;
  /** What it is, unless it is removed. */
  readonly after?: FunctionSummary;
  readonly permissions: PermissionChange;
  /** What becomes of its versions and aliases, where it is in both. */
  readonly publications: readonly PublicationChange[];
  /** The event sources behind which X-Ray does not trace. */
  readonly untracedSources: {
    readonly added: readonly UntracedSource[];
    readonly removed: readonly UntracedSource[];
  };
}

/** Whether a function can record traces, once all is deployed. */
export function canBeActive({ after }: FunctionChange): boolean {
  return after?.possibleModes.includes('Active') ?? false;
}
