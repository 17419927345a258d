import { Tracer } from '@aws-lambda-powertools/tracer';

/** Shared by all invocations to detect cold starts. */
export const tracer = new Tracer({ serviceName: 'orders' });
