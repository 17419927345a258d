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
