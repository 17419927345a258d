import type { TracingPermissions } from './tracing-permissions';

/**
 * What all traced functions take besides CDK's own props.
 */
export interface TracingProps {
  /**
   * How the execution role is allowed to write to X-Ray, in either mode: code can send segments of its own
   * in a function that is PassThrough.
   *
   * @default TracingPermissions.MANAGED_POLICY
   */
  readonly tracingPermissions?: TracingPermissions;
}
