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
} from '../verify/deployed-functions';
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
  const listed = await listedVersions(names, account);
  let count = 0;
  const functions = await Promise.all(
    names.map(async ({ name, region }) => {
      const lambda = await account.functionsIn(region);
      const known = listed.get(region);
      const versions = known
        ? (known.get(name) ?? [])
        : await failures.attempt(name, region, () => lambda.versionsOf(name));
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

/** The number of functions that a page of a list must save a request for. Reading an account that has many others stops there. */
const FUNCTIONS_PER_PAGE = 5;

/** Returns the versions of the functions by region, for the regions in which a list takes fewer requests than the functions. */
async function listedVersions(
  names: readonly FunctionName[],
  account: DeployedAccount,
): Promise<Map<string, ReadonlyMap<string, readonly ObservedVersion[]>>> {
  const listed = new Map<string, ReadonlyMap<string, readonly ObservedVersion[]>>();
  for (const region of new Set(names.map((fn) => fn.region))) {
    const maxPages = Math.floor(names.filter((fn) => fn.region === region).length / FUNCTIONS_PER_PAGE);
    if (maxPages === 0) continue;
    try {
      const found = await (await account.functionsIn(region)).allVersions(maxPages);
      if (found) listed.set(region, found);
    } catch (error) {
      // The list needs a permission of its own. Reading the functions reports all other errors.
      if (!(error instanceof AwsError)) throw error;
    }
  }
  return listed;
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
