import { ALWAYS, type Assumptions, certainly, flatMap, type Possible, and } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';

/** The cases in which all of some resources are created, as far as conditions make any. */
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
 * The case that is both; nothing where there is none that is sure. What the parameters of two templates are, nobody who
 * reads these knows: such as `Env` of one being `prod` while that of another is `dev`.
 */
export function andCases(a: Assumptions, b: Assumptions): Assumptions | undefined {
  const both = and(a, b);
  return both && templatesIn(both).size <= 1 ? both : undefined;
}

/** Whether something that holds in one case holds in another all the more. */
export function includes(wider: Assumptions, narrower: Assumptions): boolean {
  return Object.entries(wider).every(([key, holds]) => narrower[key] === holds);
}

/** The IDs of the templates whose parameters and conditions are assumed to be something. */
function templatesIn(when: Assumptions): Set<string> {
  return new Set(
    Object.keys(when).flatMap((key) => {
      const ofCondition = /^([^?$]*)\?/.exec(key)?.[1];
      return ofCondition ?? [...key.matchAll(/\$\{([^#}]*)#/g)].map(([, id]) => id);
    }),
  );
}
