import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './usage-error';

/**
 * Writes a file so that whoever reads it meanwhile sees all of the old or all of the new text.
 *
 * @throws UsageError if it can't be written
 */
export function writeOutput(file: string, text: string): void {
  try {
    const existing = statSync(file, { throwIfNoEntry: false });
    // Devices and pipes can't be replaced; renaming over a link would replace the link.
    if (existing && !existing.isFile()) writeFileSync(file, text);
    else replace(existing ? realpathSync(file) : file, text, existing);
  } catch (error) {
    throw new UsageError(`The report can't be written to ${file}: ${reasonOf(error, file)}`);
  }
}

function replace(file: string, text: string, existing: Stats | undefined): void {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: existing?.mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function reasonOf(error: unknown, file: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${dirname(file)}. Make it, or name another file with --output.`;
    case 'EISDIR':
      return 'that is a folder. Name a file in it.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'this is not allowed. Name another file with --output.';
    default:
      return message;
  }
}
