import { ALWAYS, type Assumptions, certainly, flatMap, type Possible, and } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';

/** Returns the combinations of conditions under which all of some resources are created. */
export function casesOf(
  resources: readonly Resource[],
  resolver: Resolver,
  assumed: Assumptions = ALWAYS,
): Assumptions[] {
  const start: Possible<undefined>[] = [{ value: undefined, when: assumed }];
  return resources
    .reduce(
      (cases, resource) => flatMap(cases, () => resolver.whereCreated(resource, certainly(undefined))),
      start,
    )
    .map(({ when }) => when);
}

/**
 * Returns the assumptions that hold in two cases, `undefined` if they exclude each other or are of different templates:
 * nothing shows whether `Env` can be `prod` in one template while it is `dev` in another.
 */
export function andCases(a: Assumptions, b: Assumptions): Assumptions | undefined {
  const both = and(a, b);
  return both && templatesIn(both).size <= 1 ? both : undefined;
}

/** Returns true if a case includes another, narrower one. */
export function includes(wider: Assumptions, narrower: Assumptions): boolean {
  return Object.entries(wider).every(([key, holds]) => narrower[key] === holds);
}

/** Returns the IDs of the templates whose parameters and conditions a case assumes. */
function templatesIn(when: Assumptions): Set<string> {
  return new Set(
    Object.keys(when).flatMap((key) => {
      const ofCondition = /^([^?$]*)\?/.exec(key)?.[1];
      return ofCondition ?? [...key.matchAll(/\$\{([^#}]*)#/g)].map(([, id]) => id);
    }),
  );
}
