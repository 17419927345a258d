import { type FunctionName, LATEST, type ObservedFunction, type ObservedVersion } from '../verify/observed';
import type { DeployedAccount } from './deployed-account';
import { Failures } from './failures';

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
