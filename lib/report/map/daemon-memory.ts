import type { LambdaFunction } from '../../model/lambda-function';
import type { MapMemory } from './map-function';

/** What the daemon may take: a share, and at the least so many MB. */
const SHARE = 0.03;
const FLOOR = 16;

/**
 * What is left of a function's memory beside the X-Ray daemon ("Visualize Lambda function invocations using AWS X-Ray",
 * AWS Lambda Developer Guide), for each size that is known.
 */
export function memoryOf({ memory }: LambdaFunction): MapMemory[] {
  const sizes = new Set(memory.flatMap(({ value }) => (value !== undefined && value > 0 ? [value] : [])));
  return [...sizes].map((total) => {
    const daemon = Math.min(total, Math.max(FLOOR, Math.ceil(total * SHARE)));
    return { total, daemon, left: total - daemon };
  });
}
