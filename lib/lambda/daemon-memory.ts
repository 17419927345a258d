/** The minimum and the share of a function's memory that the X-Ray daemon can use. */
const MINIMUM_MB = 16;
const SHARE = 0.03;

/**
 * Returns the memory that the X-Ray daemon can use in an Active function, in MB: 3 percent or 16 MB, whichever is
 * greater ("Visualize Lambda function invocations using AWS X-Ray", AWS Lambda Developer Guide).
 *
 * @param memory the function's memory, in MB
 */
export function daemonMemory(memory: number): number {
  return Math.max(MINIMUM_MB, Math.ceil(memory * SHARE));
}
