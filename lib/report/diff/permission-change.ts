import { WRITE_ACTIONS } from '../../model/iam/aws-managed-policies';
import type { WritePermission } from '../../model/iam/write-permission';
import type { LambdaFunction } from '../../model/lambda-function';

/** The X-Ray write actions that a function surely had not, or had, and surely has, or has not. */
export interface PermissionChange {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export function permissionChange(
  before: LambdaFunction | undefined,
  after: LambdaFunction,
): PermissionChange {
  const turned = (from: Allowed, to: Allowed) =>
    before
      ? WRITE_ACTIONS.filter((action) => allows(before, action) === from && allows(after, action) === to)
      : [];
  return { gained: turned('no', 'yes'), lost: turned('yes', 'no') };
}

type Allowed = 'yes' | 'no' | 'unknown';

/** What a role comes to in the case that is worst for tracing. */
function allows({ writePermissions }: LambdaFunction, action: string): Allowed {
  const cases = writePermissions.map(({ value }) => inCase(value, action));
  return (['no', 'unknown'] as const).find((allowed) => cases.includes(allowed)) ?? 'yes';
}

function inCase({ state, missing }: WritePermission, action: string): Allowed {
  if (missing.includes(action)) return 'no';
  return state === 'unknown' ? 'unknown' : 'yes';
}
