import { effectiveProperties } from '../cloudformation/sam-globals';
import { generatedRoleOf, type Resource } from '../cloudformation/template';
import type { TraceNode } from './trace-map';
import type { TraceMapBuilder, ResolvedTarget } from './trace-map-builder';

/** The properties in which functions, state machines, rules and pipes name their role. */
const ROLE_PROPERTIES = ['Role', 'RoleArn'];

/** The resources that use each role. A role of several resources can allow calls that only one of them makes. */
export class RoleUsers {
  private readonly users = new Map<Resource, Set<Resource>>();
  private readonly used = new Map<Resource, ReadonlySet<TraceNode>>();

  constructor(private readonly map: TraceMapBuilder) {
    for (const template of map.resolver.templates) {
      for (const resource of template.resources.values()) this.add(resource);
    }
  }

  /** Returns true if a resource that can be deployed together with a function uses the same role. */
  public isShared(role: Resource, fn: Resource): boolean {
    return [...(this.users.get(role) ?? [])].some(
      (other) => other !== fn && this.map.resolver.casesOf([fn, other]).length > 0,
    );
  }

  /** Returns the nodes that Lambda itself calls for the functions with a role. */
  public usedByLambda(role: Resource): ReadonlySet<TraceNode> {
    const known = this.used.get(role);
    if (known) return known;
    const nodes = [...(this.users.get(role) ?? [])].flatMap((user) => this.map.node(user) ?? []);
    const used = new Set(nodes.flatMap((node) => [...usedByLambda(node, this.map)]));
    this.used.set(role, used);
    return used;
  }

  private add(resource: Resource): void {
    const properties = effectiveProperties(resource);
    const generated = generatedRoleOf(resource);
    if (generated) this.addUser(generated, resource);
    for (const name of ROLE_PROPERTIES) {
      if (properties[name] === undefined) continue;
      for (const { value: role } of this.map.roles.resolve(properties[name], resource.template)) {
        if (role) this.addUser(role, resource);
      }
    }
  }

  private addUser(role: Resource, user: Resource): void {
    this.users.set(role, (this.users.get(role) ?? new Set()).add(user));
  }
}

/** Returns the nodes that Lambda itself calls with a function's role: destinations, and those of its event sources. */
function usedByLambda({ outgoing, function: fn }: TraceNode, map: TraceMapBuilder): ReadonlySet<TraceNode> {
  const usedByMappings = (fn?.eventSourceMappings ?? []).flatMap(({ resource, path: event }) =>
    USED_BY_MAPPINGS.flatMap((path) => {
      const eventPath = event.length > 0 ? [...event, 'Properties'] : [];
      const values = map.valuesAt(resource, [...eventPath, ...path]);
      return values.flatMap((value): ResolvedTarget[] => map.resolve(value, resource.template));
    }),
  );
  return new Set([...outgoing.map(({ to }) => to), ...usedByMappings.map(({ node }) => node)]);
}

const USED_BY_MAPPINGS = [
  ['DestinationConfig', 'OnFailure', 'Destination'],
  ['SourceAccessConfigurations', 'URI'],
];
