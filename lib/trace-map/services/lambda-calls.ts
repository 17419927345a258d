import { type Possible, and } from '../../cloudformation/possible';
import type { Resolver } from '../../cloudformation/resolver';
import type { Resource } from '../../cloudformation/template';
import { type PermittedCalls, type Permission, rolePermittedCalls } from '../permitted-calls';
import { nodesInEnvironment } from '../referenced-nodes';
import { RoleUsers } from '../role-users';
import type { Connection, Connections } from '../service';
import type { TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';

/**
 * Connects a function to the nodes that its code calls, by the evidence in templates: nodes that its role names, and
 * nodes that its environment refers to. A permission for a pattern counts only for nodes in the environment. Calls of a
 * role that other resources use are not certain.
 *
 * Permissions boundaries and AWS managed policies are not read.
 */
const callByCode: Connection = (resource, map) => {
  const caller = map.node(resource)!;
  const permittedCalls = map.shared(rolePermittedCalls).of(resource);
  const inEnvironment = nodesInEnvironment(resource, map);
  const called = new Set<TraceNode>();

  for (const permitted of permittedCalls) {
    const { isShared, isUsedByLambda } = useOf(permitted.value, resource, map);
    for (const { to, ...call } of withAssumptions(permitted, permitted.value.calls)) {
      const reference = inEnvironment.get(to.node);
      // Lambda uses the function's role too, and a shared role allows others to call the function, not itself.
      const isForOthers = isUsedByLambda(to.node) || (isShared && to.node === caller);
      if (isForOthers && !reference) continue;
      const target = to.through.length === 0 && reference ? reference : to;
      map.connect(caller, target, { ...call, ...(isShared && !reference && { isCertain: false }) });
      called.add(to.node);
    }
  }
  for (const to of inEnvironment.values()) {
    if (called.has(to.node) || to.node === caller) continue;
    const permissions = permittedCalls.flatMap((permitted) =>
      withAssumptions(permitted, permitted.value.permissionsFor(to.node)),
    );
    for (const permission of permissions) map.connect(caller, to, permission);
    const isForbidden =
      permittedCalls.length > 0 && permittedCalls.every(({ value }) => value.forbids(to.node));
    if (permissions.length === 0 && !isForbidden)
      map.connect(caller, to, { source: resource, isCertain: false });
  }
};

export const FUNCTION_CALLS: Connections = {
  'AWS::Lambda::Function': callByCode,
  'AWS::Serverless::Function': callByCode,
};

/** Returns the other uses of the role that allows calls. */
function useOf({ role }: PermittedCalls, fn: Resource, map: TraceMapBuilder) {
  const users = map.shared(roleUsers);
  const used = users.usedByLambda(role);
  return {
    isShared: users.isShared(role, fn),
    isUsedByLambda: (node: TraceNode) => used.has(node),
  };
}

/** Limits permissions to the conditions under which the function has the role. */
function withAssumptions<T extends Permission>(
  { when: assumed }: Possible<PermittedCalls>,
  permissions: readonly T[],
): T[] {
  return permissions.flatMap((permission) => {
    const when = and(assumed, permission.when);
    return when ? [{ ...permission, when }] : [];
  });
}

function roleUsers(_: Resolver, map: TraceMapBuilder): RoleUsers {
  return new RoleUsers(map);
}
