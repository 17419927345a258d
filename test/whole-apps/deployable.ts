import type { Assembly, Resource, Template } from './assembly';

/** Returns what CloudFormation rejects although synthesis passes. */
export function deploymentErrors({ templates }: Assembly): string[] {
  return Object.entries(templates).flatMap(([file, template]) =>
    errorsIn(template).map((error) => `${file}: ${error}`),
  );
}

export function errorsIn(template: Template): string[] {
  return [
    ...resourcesInCycles(template).map((id) => `${id} depends on itself`),
    ...missingConditions(template),
  ];
}

/** Returns the resources that depend on themselves through others. */
function resourcesInCycles({ Resources = {} }: Template): string[] {
  const ids = Object.keys(Resources);
  const dependencies = new Map(
    ids.map((id) => {
      const { DependsOn = [] } = Resources[id];
      const all = [...[DependsOn].flat(), ...references(Resources[id], true)];
      return [id, all.filter((reference) => reference in Resources)];
    }),
  );
  return ids.filter((id) => {
    const reached = new Set<string>();
    const pending = [...dependencies.get(id)!];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      pending.push(...dependencies.get(next)!);
    }
    return reached.has(id);
  });
}

/** Returns the references to a conditional resource from one without its condition. */
function missingConditions({ Resources = {} }: Template): string[] {
  return Object.entries(Resources).flatMap(([id, resource]) =>
    references(resource, false)
      .filter((name) => {
        const { Condition } = Resources[name] ?? {};
        return Condition !== undefined && Condition !== resource.Condition;
      })
      .map((name) => `${id} refers to ${name}, and lacks its condition`),
  );
}

/**
 * Returns the logical IDs in `Ref`, `Fn::GetAtt` and `Fn::Sub` of the properties.
 *
 * @param includesIf true if values in `Fn::If` count
 */
function references({ Properties }: Resource, includesIf: boolean): string[] {
  return referencesIn(Properties);

  function referencesIn(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap(referencesIn);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
      if (key === 'Fn::If' && !includesIf) return [];
      const [first] = [child].flat();
      if (typeof first !== 'string') return referencesIn(child);
      if (key === 'Ref') return [first];
      if (key === 'Fn::GetAtt') return [first.split('.')[0]];
      if (key !== 'Fn::Sub') return referencesIn(child);
      const names = [...first.matchAll(/\$\{([^!.}]+)/g)].map(([, name]) => name);
      return [...names, ...referencesIn(child)];
    });
  }
}
