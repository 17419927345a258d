import type { Severity } from '../../../rules/rule';
import type { ReportedMode } from '../../function-summary';

/** What is folded into a box, and has a picture of its own when it is unfolded. */
export interface Folder {
  readonly kind: FolderKind;
  readonly name: string;
  /** The folder that it is in; nothing for the whole system. */
  readonly parent?: number;
  /** The folders in it, or else the units. */
  readonly folders: readonly number[];
  readonly units: readonly number[];
  readonly summary: FolderSummary;
}

/** The whole system; several stacks, where there are too many for one picture; a stack; a part of one; or all that is outside. */
export type FolderKind = 'system' | 'stacks' | 'stack' | 'part' | 'outside';

/** What is in a folder, and below it. */
export interface FolderSummary {
  readonly stacks: number;
  readonly units: number;
  readonly functions: number;
  readonly byMode: Readonly<Record<ReportedMode, number>>;
  readonly holes: number;
  readonly brokenEdges: number;
  /** Units by their gravest finding that isn't acknowledged. */
  readonly findings: Readonly<Record<Severity, number>>;
}
