import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import { casesOf } from './cases';
import type { TraceNode } from './trace-map';
import type { TraceMapBuilder, ResolvedTarget } from './trace-map-builder';

/** The properties by which functions, state machines, rules and pipes say in which role they act. */
const ROLE_PROPERTIES = ['Role', 'RoleArn'];

/** Who acts in which role. What a role of several may call, not each of them does. */
export class RoleUsers {
  private readonly users = new Map<Resource, Set<Resource>>();
  private readonly used = new Map<Resource, ReadonlySet<TraceNode>>();

  constructor(private readonly map: TraceMapBuilder) {
    for (const template of map.resolver.templates) {
      for (const resource of template.resources.values()) this.add(resource);
    }
  }

  /** Whether something else that can be there beside a function acts in its role. */
  public isShared(role: Resource, fn: Resource): boolean {
    return [...(this.users.get(role) ?? [])].some(
      (other) => other !== fn && casesOf([fn, other], this.map.resolver).length > 0,
    );
  }

  /** What Lambda itself calls for the functions that have a role. */
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
    for (const name of ROLE_PROPERTIES) {
      if (properties[name] === undefined) continue;
      for (const { value: role } of this.map.roles.resolve(properties[name], resource.template)) {
        if (role) this.users.set(role, (this.users.get(role) ?? new Set()).add(resource));
      }
    }
  }
}

/** What Lambda itself calls for a function, with the function's role: destinations, and what its event sources need. */
export function usedByLambda(
  { outgoing, function: fn }: TraceNode,
  map: TraceMapBuilder,
): ReadonlySet<TraceNode> {
  const needed = (fn?.eventSourceMappings ?? []).flatMap(({ resource, path: event }) =>
    NEEDED_BY_MAPPINGS.flatMap((path) => {
      const ofEvent = event.length > 0 ? [...event, 'Properties'] : [];
      const values = map.valuesAt(resource, [...ofEvent, ...path]);
      return values.flatMap((value): ResolvedTarget[] => map.resolve(value, resource.template));
    }),
  );
  return new Set([...outgoing.map(({ to }) => to), ...needed.map(({ node }) => node)]);
}

const NEEDED_BY_MAPPINGS = [
  ['DestinationConfig', 'OnFailure', 'Destination'],
  ['SourceAccessConfigurations', 'URI'],
];
