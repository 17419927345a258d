import { Tracer } from '@aws-lambda-powertools/tracer';

/** One for all invocations, so that it knows the cold start from those after it. */
export const tracer = new Tracer({ serviceName: 'orders' });
