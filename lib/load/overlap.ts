import { basename, dirname, resolve } from 'node:path';
import { isAssembly, MANIFEST } from './inputs';
import { identityOf, STDIN } from './template-files';

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
