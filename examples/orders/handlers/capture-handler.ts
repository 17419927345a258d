import { tracer } from './tracer';

/**
 * Runs a handler in its own subsegment, because code cannot write to the function's segment, which Lambda creates.
 * The documentation of Powertools' `Tracer` calls this manual instrumentation.
 */
export function captureHandler<Event, Result>(
  handler: (event: Event) => Promise<Result>,
): (event: Event) => Promise<Result> {
  return async (event) => {
    const segment = tracer.getSegment();
    if (!segment) return handler(event);

    const subsegment = segment.addNewSubsegment(`## ${process.env._HANDLER}`);
    tracer.setSegment(subsegment);
    tracer.annotateColdStart();
    tracer.addServiceNameAnnotation();
    try {
      return await handler(event);
    } catch (error) {
      tracer.addErrorAsMetadata(error as Error);
      throw error;
    } finally {
      subsegment.close();
      tracer.setSegment(segment);
    }
  };
}
