import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeFile } from '../cloudformation/template';

/** Source files and lists of packages, which show the libraries of a function. */
const SOURCE = /\.[cm]?[jt]s$|\.py$|^package\.json$|^requirements\.txt$/;

/** Folders with code of others, which a function may not use. */
const OTHERS = /^(?:node_modules|\.git|\.venv|__pycache__|.*\.(?:dist|egg)-info)$/;

/** The limits of reading: files and bytes in all, bytes of a file, and folders below the code. */
const MAX_FILES = 100;
const MAX_TOTAL = 20_000_000;
const MAX_SIZE = 10_000_000;
const MAX_DEPTH = 3;
const MAX_ENTRIES = 2000;

/**
 * Reads the code of functions. The files of the last folder are kept, since functions with the same code are usually defined
 * beside each other.
 */
export class CodeReader {
  private last?: { readonly folder: string; readonly files: readonly CodeFile[] };

  /**
   * Returns the source files in a folder, those closest to the folder first. Links are not followed.
   *
   * @param folder the folder; there may be none
   */
  public read(folder: string): readonly CodeFile[] {
    if (this.last?.folder !== folder) this.last = { folder, files: readCodeFiles(folder) };
    return this.last.files;
  }
}

function readCodeFiles(folder: string): CodeFile[] {
  const found: CodeFile[] = [];
  let remaining = MAX_TOTAL;
  let entries = MAX_ENTRIES;
  let level = [''];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const parent of level) {
      for (const entry of entriesOf(join(folder, parent))) {
        if (--entries < 0) return found;
        const path = `${parent}${entry.name}`;
        if (entry.isDirectory() && !OTHERS.test(entry.name)) next.push(`${path}/`);
        if (!entry.isFile() || !SOURCE.test(entry.name)) continue;
        const text = textOf(join(folder, path), Math.min(remaining, MAX_SIZE));
        if (text === undefined) continue;
        remaining -= text.length;
        found.push({ path, text });
        if (found.length === MAX_FILES) return found;
      }
    }
    level = next;
  }
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function textOf(file: string, maxSize: number): string | undefined {
  try {
    return statSync(file).size <= maxSize ? readFileSync(file, 'utf-8') : undefined;
  } catch {
    return undefined;
  }
}
