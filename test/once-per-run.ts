import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * Returns a result that all test files of a run share: the first that asks for it makes it, and the others wait.
 *
 * @param make gets a folder for files, and returns JSON
 */
export async function oncePerRun<T>(name: string, make: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = join(process.env.SHARED_FOLDER!, name);
  const done = join(folder, 'done.json');
  try {
    mkdirSync(folder);
  } catch {
    while (!existsSync(done)) await setTimeout(50);
    const { result, error } = JSON.parse(readFileSync(done, 'utf-8')) as { result: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  }
  let outcome: { result: T } | { error: string };
  try {
    outcome = { result: await make(folder) };
  } catch (error) {
    outcome = { error: String(error) };
  }
  writeFileSync(`${done}.tmp`, JSON.stringify(outcome));
  renameSync(`${done}.tmp`, done);
  return oncePerRun(name, make);
}
