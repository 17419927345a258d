import { AwsError, ReadFailures } from '../aws/errors';
import {
  type FunctionName,
  LATEST,
  type ObservedFunction,
  type ObservedRole,
  type ObservedTransactionSearch,
  type ObservedVersion,
  type RoleName,
  roleName,
} from '../verify/observed';
import type { DeployedAccount } from './account';

/** The result of reading functions. */
export interface ReadFunctions {
  readonly functions: readonly ObservedFunction[];
  /** Messages about resources that could not be read. */
  readonly failures: readonly string[];
}

const NONE = Promise.resolve([]);

/** Reads functions with their versions and aliases. */
export async function readFunctions(
  names: readonly FunctionName[],
  account: DeployedAccount,
  onProgress: (text: string) => void,
): Promise<ReadFunctions> {
  const failures = new ReadFailures({ one: 'the function', many: 'functions' });
  const aliasFailures = new ReadFailures({ of: 'the aliases of', one: 'the function', many: 'functions' });
  let count = 0;
  const functions = await Promise.all(
    names.map(async ({ name, region }) => {
      const lambda = await account.functionsIn(region);
      const versions = await failures.attempt(name, region, () => lambda.versionsOf(name));
      const aliases =
        versions &&
        (await aliasFailures.attempt(name, region, () =>
          isPublished(versions) ? lambda.aliasesOf(name) : NONE,
        ));
      onProgress(`Reading function ${++count} of ${names.length}`);
      return { name, region, ...(versions && { versions }), ...(aliases && { aliases }) };
    }),
  );
  return { functions, failures: [...failures.messages(), ...aliasFailures.messages()] };
}

/** Aliases of functions without versions are not read, since Lambda limits the requests of an account. */
function isPublished(versions: readonly ObservedVersion[]): boolean {
  return versions.some(({ number }) => number !== LATEST);
}

/** The result of simulating the permissions of roles. */
export interface ReadRoles {
  readonly roles: readonly ObservedRole[];
  /** Messages about resources that could not be read. */
  readonly failures: readonly string[];
}

/** Simulates the permissions of roles, once for each role and region. */
export async function readRoles(
  names: readonly RoleName[],
  account: DeployedAccount,
  onProgress: (text: string) => void,
): Promise<ReadRoles> {
  const failures = new ReadFailures({ of: 'the permissions of', one: 'the role', many: 'roles' });
  const distinct = [...new Map(names.map((role) => [`${role.region} ${role.arn}`, role])).values()];
  let count = 0;
  const roles = await Promise.all(
    distinct.map(async ({ arn, region }) => {
      const iam = await account.rolesIn(region);
      const role = await failures.attempt(roleName(arn), region, () => iam.simulate(arn));
      onProgress(`Reading role ${++count} of ${distinct.length}`);
      return role ?? [];
    }),
  );
  return { roles: roles.flat(), failures: failures.messages() };
}

/** Reads the state of Transaction Search in each region. The state of a region that can't be read has the error. */
export function readTransactionSearch(
  regions: readonly string[],
  account: DeployedAccount,
): Promise<ObservedTransactionSearch[]> {
  return Promise.all(
    [...new Set(regions)].map(async (region) => {
      try {
        return await (await account.xrayIn(region)).transactionSearch();
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return { region, error: error.message };
      }
    }),
  );
}
