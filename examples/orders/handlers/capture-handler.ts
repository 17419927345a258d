import { tracer } from './tracer';

/**
 * Puts what a handler does under a subsegment of its own: code can't write to the function's segment, which
 * Lambda makes. The docs of Powertools' `Tracer` call it manual instrumentation.
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
