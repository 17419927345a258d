import type { Rule } from './rule';
import { UNSUPPORTED_EVENT_SOURCE } from './unsupported-event-source';

/** Every rule there is, in the order in which they are listed. */
export const RULES: readonly Rule[] = [UNSUPPORTED_EVENT_SOURCE];
