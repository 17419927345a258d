import { type Possible, and } from '../../cloudformation/possible';
import type { Resolver } from '../../cloudformation/resolver';
import type { Resource } from '../../cloudformation/template';
import { nodesInEnvironment } from '../mentioned-nodes';
import { type PermittedCalls, type Permission, rolePermittedCalls } from '../permitted-calls';
import { RoleUsers, usedByLambda } from '../role-users';
import type { TraceNode } from '../trace-map';
import type { Connection, Connections, TraceMapBuilder } from '../trace-map-builder';

/**
 * What the code of a function calls, as far as that can be told without it: what its role may call by name, and what its
 * environment refers to. That it may call anything at all tells nothing, but that it may call what its environment
 * refers to. Nor does it tell much that something else has the role, too: that may be what calls.
 *
 * The permissions boundary isn't looked at, nor are AWS managed policies.
 */
const callByCode: Connection = (resource, map) => {
  const caller = map.node(resource)!;
  const grants = map.shared(rolePermittedCalls).of(resource);
  const mentioned = nodesInEnvironment(resource, map);
  const called = new Set<TraceNode>();

  for (const grant of grants) {
    const { isShared, isUsedByLambda } = useOf(grant.value, caller, resource, map);
    for (const { to, ...call } of inCase(grant, grant.value.calls)) {
      const also = mentioned.get(to.node);
      // Lambda takes the function's role, too; and it is another's calls rather than itself that a shared role is for.
      const isOfOther = isUsedByLambda(to.node) || (isShared && to.node === caller);
      if (isOfOther && !also) continue;
      const qualified = to.through.length === 0 && also ? also : to;
      map.connect(caller, qualified, { ...call, ...(isShared && !also && { isCertain: false }) });
      called.add(to.node);
    }
  }
  for (const to of mentioned.values()) {
    if (called.has(to.node) || to.node === caller) continue;
    const permits = grants.flatMap((grant) => inCase(grant, grant.value.permissionsFor(to.node)));
    for (const permit of permits) map.connect(caller, to, permit);
    const isForbidden = grants.length > 0 && grants.every(({ value: grant }) => grant.forbids(to.node));
    if (permits.length === 0 && !isForbidden) map.connect(caller, to, { source: resource, isCertain: false });
  }
};

export const FUNCTION_CALLS: Connections = {
  'AWS::Lambda::Function': callByCode,
  'AWS::Serverless::Function': callByCode,
};

/** What else the role is for that grants are of. */
function useOf({ role }: PermittedCalls, caller: TraceNode, fn: Resource, map: TraceMapBuilder) {
  const users = map.shared(roleUsers);
  const used = role ? users.usedByLambda(role) : usedByLambda(caller, map);
  return {
    isShared: role !== undefined && users.isShared(role, fn),
    isUsedByLambda: (node: TraceNode) => used.has(node),
  };
}

/** Of what a role permits, that which it does while it is the function's. */
function inCase<T extends Permission>(
  { when: assumed }: Possible<PermittedCalls>,
  permits: readonly T[],
): T[] {
  return permits.flatMap((permit) => {
    const when = and(assumed, permit.when);
    return when ? [{ ...permit, when }] : [];
  });
}

function roleUsers(_: Resolver, map: TraceMapBuilder): RoleUsers {
  return new RoleUsers(map);
}
