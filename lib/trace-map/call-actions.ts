import { matchesPattern } from '../iam/policy-document';
import type { ServiceFacts } from './service-facts';
import type { FactsByKind, ServiceEntries, ServiceIndex } from './service-index';
import type { NodeKind } from './trace-map';
import type { Call } from './trace-map-builder';

/** Returns true if a kind of node can be called. */
export function isCallable(kind: NodeKind, { services }: ServiceIndex): boolean {
  return services[kind].callActions !== undefined;
}

/** Returns the actions that call a kind of node. */
export function callActionsOf(kind: NodeKind, services: FactsByKind): readonly string[] {
  return services[kind].callActions ?? [];
}

/** Returns the call actions that a pattern of a policy matches. */
export function callActionsFor(pattern: string, index: ServiceIndex): string[] {
  const lowerCasePattern = pattern.toLowerCase();
  return index
    .table(allCallActions)
    .filter(({ lowerCase }) => matchesPattern(lowerCasePattern, lowerCase))
    .map(({ action }) => action);
}

function allCallActions(services: ServiceEntries) {
  return services
    .flatMap(([, { callActions = [] }]) => callActions)
    .map((action) => ({ action, lowerCase: action.toLowerCase() }));
}

/** Returns how a kind of node is called if only some actions are possible; empty if that makes no difference. */
export function callWithActions(
  actions: readonly string[],
  { readActions = [], deleteActions = [] }: ServiceFacts,
): Pick<Call, 'propagation' | 'isCertain'> {
  const others = actions.filter((action) => !readActions.includes(action));
  if (others.length === 0) return { propagation: 'breaks' };
  return others.every((action) => deleteActions.includes(action)) ? { isCertain: false } : {};
}
