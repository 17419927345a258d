import { basename, dirname, resolve } from 'node:path';
import { isAssembly, MANIFEST } from '../find-files';
import type { LoadError } from '../loaded-template';
import { identityOf, STDIN } from '../template-files';

/** Where a baseline comes from. */
export type BaselineSpec =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'git'; readonly revision: string; readonly path?: string }
  | { readonly kind: 'deployed'; readonly stack?: string };

/**
 * What the words of a user mean: `git:REV[:PATH]`, `deployed`, `deployed:STACK`, and anything else is a path, for which
 * `./deployed` is a way to write `deployed`.
 */
export function baselineSpec(words: string): BaselineSpec {
  const [, kind, first, second] = /^(git|deployed)(?::([^:]*)(?::(.*))?)?$/s.exec(words) ?? [];
  // No revision has a colon in it, and no stack's name has: https://git-scm.com/docs/git-check-ref-format
  if (kind === 'git' && first !== undefined) return { kind, revision: first, path: second || undefined };
  if (kind === 'deployed' && second === undefined) return { kind, stack: first };
  return { kind: 'path', path: words };
}

/** An error in a baseline, the files of which may be called just as those that are judged. */
export function inBaseline(error: LoadError): LoadError {
  return { ...error, message: `${error.message} It belongs to the baseline.` };
}

/** How a baseline lies among what is judged. */
export type Overlap =
  /** In another place, as it should. */
  | { readonly kind: 'apart' }
  /** Below a directory that is judged: it can be left out of that. */
  | { readonly kind: 'below'; readonly path: string }
  /** What is judged, a part of it, or around it: it can only be compared with itself. */
  | { readonly kind: 'same' | 'part' | 'around'; readonly judged: string };

/**
 * How a baseline lies among what is judged, whatever links lead there.
 *
 * @param path the baseline's
 * @param judged the paths that are judged
 */
export function overlapOf(path: string, judged: readonly string[]): Overlap {
  if (path === STDIN) return { kind: 'apart' };
  const baseline = placeOf(path);
  const overlaps = judged
    .filter((one) => one !== STDIN)
    .map((one): Overlap => {
      const place = placeOf(one);
      if (place === baseline) return { kind: 'same', judged: one };
      if (isBelow(place, baseline)) return { kind: 'around', judged: one };
      if (!isBelow(baseline, place)) return { kind: 'apart' };
      return foldersBetween(baseline, place).some(isAssembly)
        ? { kind: 'part', judged: one }
        : { kind: 'below', path: baseline };
    });
  return (
    overlaps.find((overlap) => 'judged' in overlap) ??
    overlaps.find(({ kind }) => kind === 'below') ?? { kind: 'apart' }
  );
}

/** Where a path leads to. A manifest stands for the cloud assembly that it is in. */
function placeOf(path: string): string {
  const named = resolve(path);
  return identityOf(basename(named) === MANIFEST ? dirname(named) : named);
}

function isBelow(path: string, folder: string): boolean {
  const parent = dirname(path);
  return parent !== path && (parent === folder || isBelow(parent, folder));
}

/** The folders that a path is in, up to this one. */
function foldersBetween(path: string, folder: string): string[] {
  const parent = dirname(path);
  return parent === folder ? [folder] : [parent, ...foldersBetween(parent, folder)];
}
