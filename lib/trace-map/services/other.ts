import type { Services } from '../service';
import { NOT_INTEGRATED } from '../service-facts';

export const OTHER = {
  /** A service that has a permission to invoke a function. Its invocation depends on the service. */
  service: {
    title: 'AWS service',
    source: NOT_INTEGRATED,
    types: [],
    propagation: 'breaks',
  },
} satisfies Services;
