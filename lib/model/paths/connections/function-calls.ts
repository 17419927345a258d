import { type Possible, together } from '../../possible';
import type { Resolver } from '../../resolver';
import type { Connection, Connections } from '../connection';
import { mentionedInEnvironment } from '../function-environment';
import type { Grants, NamedCall, Permit } from '../grants';
import type { MapBuilder, Meant } from '../map-builder';
import { RoleGrants } from '../role-grants';
import type { TraceNode } from '../trace-map';

/**
 * What the code of a function calls, as far as that can be told without it: what its role may call by name, and what its
 * environment refers to. That it may call anything at all tells nothing, but that it may call what its environment
 * refers to.
 *
 * The permissions boundary isn't looked at, nor are AWS managed policies.
 */
const callByCode: Connection = (resource, map) => {
  const caller = map.node(resource)!;
  const grants = map.shared(roleGrants).of(resource);
  const mentioned = mentionedInEnvironment(resource, map);
  const others = usedByLambda(caller, map);
  const called = new Set<TraceNode>();

  for (const { to, ...call } of grants.flatMap(callsIn)) {
    const also = mentioned.get(to.node);
    // Lambda takes the function's role, too.
    if (others.has(to.node) && !also) continue;
    const qualified = to.through.length === 0 && also ? also : to;
    map.connect(caller, qualified, call);
    called.add(to.node);
  }
  for (const to of mentioned.values()) {
    if (called.has(to.node) || to.node === caller) continue;
    const permits = grants.flatMap((grant) => inCase(grant, grant.value.permitsFor(to.node)));
    for (const permit of permits) map.connect(caller, to, permit);
    const isForbidden = grants.length > 0 && grants.every(({ value: grant }) => grant.forbids(to.node));
    if (permits.length === 0 && !isForbidden) map.connect(caller, to, { by: resource, isCertain: false });
  }
};

export const FUNCTION_CALLS: Connections = {
  'AWS::Lambda::Function': callByCode,
  'AWS::Serverless::Function': callByCode,
};

function callsIn(grant: Possible<Grants>): NamedCall[] {
  return inCase(grant, grant.value.calls);
}

/** Of what a role permits, that which it does while it is the function's. */
function inCase<T extends Permit>({ when: assumed }: Possible<Grants>, permits: readonly T[]): T[] {
  return permits.flatMap((permit) => {
    const when = together(assumed, permit.when);
    return when ? [{ ...permit, when }] : [];
  });
}

function roleGrants(_: Resolver, map: MapBuilder): RoleGrants {
  return new RoleGrants(map);
}

/** What Lambda itself calls for a function, with the function's role: destinations, and what its event sources need. */
function usedByLambda(caller: TraceNode, map: MapBuilder): ReadonlySet<TraceNode> {
  const mappings = caller.function?.eventSourceMappings ?? [];
  const needed = mappings.flatMap(({ resource }) =>
    NEEDED_BY_MAPPINGS.flatMap((path) =>
      map.valuesAt(resource, path).flatMap((value): Meant[] => map.meant(value, resource.template)),
    ),
  );
  return new Set([...caller.outgoing.map(({ to }) => to), ...needed.map(({ node }) => node)]);
}

const NEEDED_BY_MAPPINGS = [
  ['DestinationConfig', 'OnFailure', 'Destination'],
  ['SourceAccessConfigurations', 'URI'],
];
