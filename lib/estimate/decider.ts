import type { TraceNode } from '../model/paths/trace-map';
import type { Sampler } from './sampler';

/** What decides of requests whether they are recorded, and so makes one trace of each that is. */
export interface Decider {
  readonly node: TraceNode;
  readonly sampler: Sampler;
  /** Those that nobody has decided about before. */
  readonly requestsPerSecond: number;
  /** How much of them is recorded. */
  readonly recordedShare: number;
}
