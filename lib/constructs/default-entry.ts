import { existsSync } from 'node:fs';

/** What CDK's `NodejsFunction` looks for, in its order. */
const EXTENSIONS = ['ts', 'js', 'mjs', 'mts', 'cts', 'cjs'];

/**
 * The file that `NodejsFunction` would take for an entry that isn't given: beside the file that makes the function,
 * with the function's ID before the extension. CDK's own search stops at the class that extends `NodejsFunction`.
 *
 * @param id the function's ID
 * @param constructorName the constructor that the file calls
 * @returns nothing where there is no such file: CDK then says what it has looked for
 */
export function defaultEntry(id: string, constructorName: string): string | undefined {
  const sites = callSites();
  const own = sites.findIndex((site) => site.getFunctionName() === constructorName);
  const caller = own < 0 ? undefined : sites[own + 1]?.getFileName()?.replace(/^file:\/\//, '');
  const base = caller?.replace(/\.[^./]+$/, '');
  return EXTENSIONS.map((extension) => `${base}.${id}.${extension}`).find((file) => base && existsSync(file));
}

function callSites(): NodeJS.CallSite[] {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_, sites) => sites;
  const { stack } = new Error() as unknown as { stack: NodeJS.CallSite[] };
  if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
  else Reflect.deleteProperty(Error, 'prepareStackTrace');
  return stack;
}
