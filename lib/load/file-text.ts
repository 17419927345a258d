import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** In bytes. CloudFormation takes a megabyte. */
const MAX_SIZE = 100_000_000;

const TOO_LARGE = `This has more than ${MAX_SIZE / 1e6} MB, up to which files are read: CloudFormation takes 1 MB.`;

/** In bytes, of what has no size: a pipe, a device. */
const CHUNK = 65_536;

/** A file that can't be read, said in one sentence. */
export class UnreadableError extends Error {}

/** A file that no template can be: it is binary, or too large. */
export class NoTextError extends UnreadableError {}

/** What to say of the errors of the file system that a user can do something about. */
const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'There is no file or directory of this name.',
  ENOTDIR: 'There is no file or directory of this name.',
  EACCES: "This can't be read: permission is denied.",
  EPERM: "This can't be read: permission is denied.",
  ELOOP: 'This is a symbolic link that leads back to itself.',
  EISDIR: 'This is a directory, and a file is meant.',
  ENAMETOOLONG: 'There is no file or directory of this name, which is too long for one.',
};

/**
 * Reads text, up to a size.
 *
 * @param file a path, or the descriptor of an open file
 * @throws UnreadableError
 */
export function readText(file: string | number): string {
  const bytes = readBytes(file);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    throw new NoTextError('This is text in UTF-16, and templates are in UTF-8: save it as UTF-8.');
  }
  if (bytes.includes(0)) throw new NoTextError('This is not text: it has zero bytes in it.');
  return bytes.toString('utf-8').replace(/^\uFEFF/, '');
}

/** What to say of an error of the file system. */
export function asUnreadable(error: unknown): UnreadableError {
  if (error instanceof UnreadableError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UnreadableError(MESSAGES[code] ?? `This can't be read: ${message.split('\n')[0]}.`);
}

/** Not by `readFileSync`, which goes on for ever where a file has no end. */
function readBytes(file: string | number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = typeof file === 'number' ? file : openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    if (size > MAX_SIZE) throw new NoTextError(TOO_LARGE);
    let bytes = Buffer.allocUnsafe(size > 0 ? size + 1 : CHUNK);
    let total = 0;
    for (;;) {
      const read = readSync(descriptor, bytes, { offset: total });
      if (read === 0) return bytes.subarray(0, total);
      total += read;
      if (total > MAX_SIZE) throw new NoTextError(TOO_LARGE);
      if (total === bytes.length) bytes = Buffer.concat([bytes], 2 * total);
    }
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    if (descriptor !== undefined && typeof file === 'string') closeSync(descriptor);
  }
}
