import { Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { TracingPermissions } from '../tracing-props';

/** A tracing mode of Lambda. */
export type Mode = Tracing.ACTIVE | Tracing.PASS_THROUGH;

/**
 * Returns the mode given by the user, or Active by default.
 *
 * @param tracing the value of the `tracing` property
 * @param source the construct path or call that errors start with
 * @throws if the value is not Active or PassThrough
 */
export function validateMode(tracing: Tracing | undefined, source: string): Mode {
  switch (tracing) {
    case undefined:
    case Tracing.ACTIVE:
      return Tracing.ACTIVE;
    case Tracing.PASS_THROUGH:
      return Tracing.PASS_THROUGH;
    case Tracing.DISABLED:
      throw new Error(
        `${source}: Lambda has two tracing modes, Active and PassThrough, and no disabled mode. With ` +
          'Tracing.DISABLED, CDK does not set a mode, and Lambda uses PassThrough. ' +
          'Use Tracing.PASS_THROUGH for a function that records no traces.',
      );
  }
  if (Token.isUnresolved(tracing)) {
    throw new Error(
      `${source}: the tracing mode must be known at synthesis, but is a token that is known only at deployment. ` +
        'Use Tracing.ACTIVE or Tracing.PASS_THROUGH. Select between them in code, for example by stage.',
    );
  }
  throw new Error(
    `${source}: '${String(tracing)}' is not a tracing mode. Use Tracing.ACTIVE or Tracing.PASS_THROUGH.`,
  );
}

/**
 * Returns the permissions given by the user, or the managed policy by default.
 *
 * @param permissions the value of the `tracingPermissions` property
 * @param source the construct path or call that errors start with
 * @throws if the value is not one of `TracingPermissions`
 */
export function validatePermissions(
  permissions: TracingPermissions | undefined,
  source: string,
): TracingPermissions {
  if (permissions === undefined) return TracingPermissions.MANAGED_POLICY;
  if (Object.values(TracingPermissions).includes(permissions)) return permissions;
  throw new Error(
    `${source}: '${String(permissions)}' is not a valid value of tracingPermissions. Use ` +
      `${Object.keys(TracingPermissions)
        .map((name) => `TracingPermissions.${name}`)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}.`,
  );
}
