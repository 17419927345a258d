import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { UsageError } from './usage-error';

/** What opens a file in the program that the system has for it. Of Windows' ways, Explorer needs no shell, which would read names. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer.exe' };
const OTHERWISE = 'xdg-open';

/** How long to listen for a failure, in milliseconds: what opens a file may go on as long as that is open. */
const PATIENCE = 1500;

/**
 * Opens a file in the browser, and doesn't wait for the reader to close it.
 *
 * @throws UsageError if there is nothing to open it with
 */
export async function openFile(file: string): Promise<void> {
  const opener = OPENERS[process.platform] ?? OTHERWISE;
  const child = spawn(opener, [resolve(file)], { detached: true, stdio: 'ignore' });
  const hasFailed = await new Promise<boolean>((resolved) => {
    const timer = setTimeout(() => resolved(false), PATIENCE);
    child.once('error', () => resolved(true));
    // Explorer says that it has failed whenever another of its windows does the work.
    child.once('exit', (status) => resolved(status !== 0 && process.platform !== 'win32'));
    child.once('exit', () => clearTimeout(timer));
    child.once('error', () => clearTimeout(timer));
  });
  child.unref();
  if (hasFailed) {
    throw new UsageError(
      `${opener} can't open ${file} here. Open it in a browser yourself, or leave out --open.`,
    );
  }
}
