import {
  type FunctionName,
  LATEST,
  type ObservedFunction,
  type ObservedRole,
  type ObservedVersion,
  type RoleName,
  roleName,
} from '../verify/observed';
import type { DeployedAccount } from './account';
import { Failures } from './read-stacks';

/** What came of reading functions. */
export interface ReadFunctions {
  readonly functions: readonly ObservedFunction[];
  /** Why something could not be read, a sentence each. */
  readonly failures: readonly string[];
}

const NONE = Promise.resolve([]);

/** Reads functions, with their versions and aliases. */
export async function readFunctions(
  names: readonly FunctionName[],
  account: DeployedAccount,
  onProgress: (what: string) => void,
): Promise<ReadFunctions> {
  const unread = new Failures({ one: 'the function', many: 'functions' });
  const unreadAliases = new Failures({ of: 'the aliases of', one: 'the function', many: 'functions' });
  let count = 0;
  const functions = await Promise.all(
    names.map(async ({ name, region }) => {
      const lambda = await account.functionsIn(region);
      const versions = await unread.attempt(name, region, () => lambda.versionsOf(name));
      const aliases =
        versions &&
        (await unreadAliases.attempt(name, region, () =>
          isPublished(versions) ? lambda.aliasesOf(name) : NONE,
        ));
      onProgress(`Reading function ${++count} of ${names.length}`);
      return { name, region, ...(versions && { versions }), ...(aliases && { aliases }) };
    }),
  );
  return { functions, failures: [...unread.inSentences(), ...unreadAliases.inSentences()] };
}

/** Without a version, there are no aliases to verify: most functions have none, and Lambda answers few requests. */
function isPublished(versions: readonly ObservedVersion[]): boolean {
  return versions.some(({ number }) => number !== LATEST);
}

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
