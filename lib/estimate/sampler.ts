import type { Resource } from '../model/template';
import type { Sampling } from './sampling';

/** Who chooses what is recorded: those that share a sampler share its reservoir. */
export interface Sampler extends Sampling {
  readonly by: 'lambda' | 'default-rule' | 'sampling-rule';
  /** The sampling rule. */
  readonly rule?: Resource;
}
