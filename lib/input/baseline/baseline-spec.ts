import { basename, dirname, resolve } from 'node:path';
import { type Exclusions, isAssembly, MANIFEST } from '../find-files';
import type { LoadedTemplate, LoadError } from '../loaded-template';
import { identityOf, STDIN } from '../text-files';

/** The source of a baseline. */
export type BaselineSpec =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'git'; readonly revision: string; readonly path?: string }
  | { readonly kind: 'deployed'; readonly stack?: string };

/**
 * Parses the source of a baseline: `git:REV[:PATH]`, `deployed`, `deployed:STACK`, or else a path. A path named
 * `deployed` can be written as `./deployed`.
 */
export function baselineSpec(text: string): BaselineSpec {
  const [, kind, first, second] = /^(git|deployed)(?::([^:]*)(?::(.*))?)?$/s.exec(text) ?? [];
  // Neither revisions nor stack names contain a colon: https://git-scm.com/docs/git-check-ref-format
  if (kind === 'git' && first !== undefined) return { kind, revision: first, path: second || undefined };
  if (kind === 'deployed' && second === undefined) return { kind, stack: first };
  return { kind: 'path', path: text };
}

/** Marks an error as one of the baseline, whose files can have the same names as the checked files. */
export function asBaselineError(error: LoadError): LoadError {
  return { ...error, message: `${error.message} It is part of the baseline.` };
}

/** The location of a baseline relative to the checked paths. */
export type Overlap =
  /** The baseline is separate. */
  | { readonly kind: 'apart' }
  /** The baseline is below a checked directory, and can be excluded from the check. */
  | { readonly kind: 'below'; readonly path: string }
  /** The baseline is, is part of, or contains a checked path, so it would be compared with itself. */
  | { readonly kind: 'same' | 'part' | 'around'; readonly checked: string };

/**
 * Returns the location of a baseline relative to the checked paths. Resolves links.
 *
 * @param path the path of the baseline
 * @param checked the checked paths
 */
export function overlapOf(path: string, checked: readonly string[]): Overlap {
  if (path === STDIN) return { kind: 'apart' };
  const baseline = locationOf(path);
  const overlaps = checked
    .filter((input) => input !== STDIN)
    .map((input): Overlap => {
      const location = locationOf(input);
      if (location === baseline) return { kind: 'same', checked: input };
      if (isBelow(location, baseline)) return { kind: 'around', checked: input };
      if (!isBelow(baseline, location)) return { kind: 'apart' };
      return foldersBetween(baseline, location).some(isAssembly)
        ? { kind: 'part', checked: input }
        : { kind: 'below', path: baseline };
    });
  return (
    overlaps.find((overlap) => 'checked' in overlap) ??
    overlaps.find(({ kind }) => kind === 'below') ?? { kind: 'apart' }
  );
}

/** Resolves the links of a path. A manifest stands for its cloud assembly. */
function locationOf(path: string): string {
  const absolute = resolve(path);
  return identityOf(basename(absolute) === MANIFEST ? dirname(absolute) : absolute);
}

function isBelow(path: string, folder: string): boolean {
  const parent = dirname(path);
  return parent !== path && (parent === folder || isBelow(parent, folder));
}

/** Returns the folders that contain a path, up to and including one of them. */
function foldersBetween(path: string, folder: string): string[] {
  const parent = dirname(path);
  return parent === folder ? [folder] : [parent, ...foldersBetween(parent, folder)];
}

export interface BaselineOptions {
  /**
   * The files and folders to skip.
   *
   * @default - all files are read
   */
  readonly exclude?: Exclusions;
  /**
   * The region of deployed stacks whose templates do not contain their region. Ignored for a stack that is synthesized
   * for a region.
   *
   * @default - the region that the AWS SDK finds
   */
  readonly region?: string;
  /**
   * The profile with the credentials to read deployed stacks with.
   *
   * @default - the profile that the AWS SDK finds
   */
  readonly profile?: string;
  /**
   * Called with the text for a progress line.
   *
   * @default - no progress is reported
   */
  readonly onProgress?: (text: string) => void;
}

/** The result of reading the previous templates. */
export interface Baseline {
  /**
   * The previous templates. Each has the ID of its current template, or an unused ID if there is none. A template with
   * several current templates is repeated for each.
   */
  readonly templates: readonly LoadedTemplate[];
  readonly errors: readonly LoadError[];
  /** Messages that are not errors, such as about a stack that is not deployed yet. */
  readonly notes: readonly string[];
  /** True if it is a revision before the checked files were added, so that it has no templates. */
  readonly isBefore?: true;
}
