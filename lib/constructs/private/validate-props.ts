import { Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { TracingPermissions } from '../tracing-props';

/** One of the two modes that Lambda has. */
export type Mode = Tracing.ACTIVE | Tracing.PASS_THROUGH;

/**
 * The mode that a user asked for, or Active.
 *
 * @param tracing what was given
 * @param where names the construct in the error, such as its path
 * @throws if it is not one of Lambda's two modes
 */
export function validateMode(tracing: Tracing | undefined, where: string): Mode {
  switch (tracing) {
    case undefined:
    case Tracing.ACTIVE:
      return Tracing.ACTIVE;
    case Tracing.PASS_THROUGH:
      return Tracing.PASS_THROUGH;
    case Tracing.DISABLED:
      throw new Error(
        `${where}: Lambda has two tracing modes, Active and PassThrough, and none that is disabled ` +
          '(Tracing.DISABLED only leaves the mode out, which makes it PassThrough). ' +
          'Use Tracing.PASS_THROUGH for a function that records no traces.',
      );
  }
  if (Token.isUnresolved(tracing)) {
    throw new Error(
      `${where}: the tracing mode must be known at synthesis, but is a token that only deployment resolves. ` +
        'Use Tracing.ACTIVE or Tracing.PASS_THROUGH, and choose between them in code, such as by stage.',
    );
  }
  throw new Error(
    `${where}: '${String(tracing)}' is not a tracing mode. Use Tracing.ACTIVE or Tracing.PASS_THROUGH.`,
  );
}

/**
 * The permissions that a user asked for, or the managed policy.
 *
 * @throws if there are no such
 */
export function validatePermissions(
  permissions: TracingPermissions | undefined,
  where: string,
): TracingPermissions {
  if (permissions === undefined) return TracingPermissions.MANAGED_POLICY;
  if (Object.values(TracingPermissions).includes(permissions)) return permissions;
  throw new Error(
    `${where}: '${String(permissions)}' is not a value of tracingPermissions. Use ` +
      `${Object.keys(TracingPermissions)
        .map((name) => `TracingPermissions.${name}`)
        .join(', ')}.`,
  );
}
