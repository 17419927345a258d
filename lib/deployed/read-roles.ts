import type { ObservedRole, RoleName } from '../verify/observed';
import { roleName } from '../verify/role-name';
import type { DeployedAccount } from './deployed-account';
import { Failures } from './failures';

/** What came of asking for roles. */
export interface ReadRoles {
  readonly roles: readonly ObservedRole[];
  /** Why something could not be read, a sentence each. */
  readonly failures: readonly string[];
}

/** Asks IAM what roles may do, once for each. */
export async function readRoles(
  names: readonly RoleName[],
  account: DeployedAccount,
  onProgress: (what: string) => void,
): Promise<ReadRoles> {
  const failures = new Failures({ of: 'the permissions of', one: 'the role', many: 'roles' });
  const distinct = [...new Map(names.map((role) => [`${role.region} ${role.arn}`, role])).values()];
  let count = 0;
  const roles = await Promise.all(
    distinct.map(async ({ arn, region }) => {
      const iam = await account.rolesIn(region);
      const role = await failures.attempt(roleName(arn), region, () => iam.simulate(arn));
      onProgress(`Asking for role ${++count} of ${distinct.length}`);
      return role ?? [];
    }),
  );
  return { roles: roles.flat(), failures: failures.inSentences() };
}
