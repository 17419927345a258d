import type { LoadError } from '../load/loaded';
import type { ReportedFinding } from '../report/report';
import type { TextOptions } from '../report/text';

/** What a command that judges has to say. */
export interface Outcome {
  /** In the format that was asked for. */
  write(options: TextOptions): string | Promise<string>;
  /** In a sentence. */
  readonly summary: string;
  /** What is worth knowing and isn't wrong, and isn't written. */
  readonly notes: readonly string[];
  readonly errors: readonly LoadError[];
  /** By which the command fails, where they are grave enough. */
  readonly findings: readonly ReportedFinding[];
}
