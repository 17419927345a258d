import type { Assembly, Template } from './assembly';

/** Returns each resource that depends on itself through others, which CloudFormation rejects. */
export function circularDependencies({ templates }: Assembly): string[] {
  return Object.entries(templates).flatMap(([file, template]) =>
    resourcesInCycles(template).map((id) => `${file}: ${id}`),
  );
}

export function resourcesInCycles({ Resources = {} }: Template): string[] {
  const ids = Object.keys(Resources);
  const dependencies = new Map(
    ids.map((id) => {
      const { DependsOn = [], Properties } = Resources[id];
      const references = [...[DependsOn].flat(), ...referencesIn(Properties)];
      return [id, references.filter((reference) => reference in Resources)];
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

/** Returns the logical IDs in `Ref`, `Fn::GetAtt` and `Fn::Sub`. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const [first] = [child].flat();
    if (typeof first !== 'string') return referencesIn(child);
    if (key === 'Ref') return [first];
    if (key === 'Fn::GetAtt') return [first.split('.')[0]];
    if (key === 'Fn::Sub') {
      const names = [...first.matchAll(/\$\{([^!.}]+)/g)].map(([, name]) => name);
      return [...names, ...referencesIn(child)];
    }
    return referencesIn(child);
  });
}
