import type { JsonObject } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import type { Resource, Template } from '../cloudformation/template';
import { applicability, type PolicyValues, statementsOf } from '../iam/policy-document';
import {
  conditionPatterns,
  documentsIn,
  principalsIn,
  serviceOf,
  SOURCE_ARN,
  textsOf,
} from '../iam/resource-policy';
import type { ServiceEntries } from './service-index';
import type { NodeKind, TraceMap, TraceNode } from './trace-map';
import type { TraceMapBuilder } from './trace-map-builder';

/**
 * Returns the nodes that a resource policy allows others to call than the callers that the map knows, such as a topic of
 * another account that sends to a queue. The policy does not show that a call is made, so it makes no edge. Ask after all
 * calls are connected.
 */
export function openTargets(resources: readonly Resource[], map: TraceMapBuilder): TraceMap['openTargets'] {
  const policies = map.index.table(policiesByType);
  return new Set(
    resources.flatMap((resource) => {
      const [kind, property] = policies.get(resource.type) ?? [];
      if (property === undefined || map.resolver.casesOf([resource]).length === 0) return [];
      return map
        .valuesAt(resource, [property])
        .flatMap((value) => map.resolve(value, resource.template, kind))
        .flatMap(({ node }) => (isOpen(node, resource, map) ? [node] : []));
    }),
  );
}

function policiesByType(services: ServiceEntries): ReadonlyMap<string, readonly [NodeKind, string]> {
  return new Map(
    services.flatMap(([kind, { resourcePolicies: byType = {} }]) =>
      Object.entries(byType).map(([type, property]) => [type, [kind, property]] as const),
    ),
  );
}

/** True if a policy may allow a caller that is none of the known ones. A policy that can't be read may. */
function isOpen(node: TraceNode, { template, properties }: Resource, map: TraceMapBuilder): boolean {
  const documents = documentsIn(properties.PolicyDocument, template, map.resolver);
  return documents.some(({ value: { document, values } }) =>
    statementsOf(document, values).some(
      ({ value: found }) => !found || allowsOthers(node, found, { template, values }, map),
    ),
  );
}

interface Scope {
  readonly template: Template;
  readonly values: PolicyValues;
}

function allowsOthers(
  node: TraceNode,
  statement: JsonObject,
  { template, values }: Scope,
  map: TraceMapBuilder,
): boolean {
  const { callActions = [], readActions = [], deleteActions = [] } = map.index.services[node.kind];
  const sending = callActions.filter(
    (action) => !readActions.includes(action) && !deleteActions.includes(action),
  );
  const isAboutCalls = applicability(statement, 'Action', sending, values).some(
    (applies) => applies !== 'no',
  );
  if (statement.Effect === 'Deny' || !isAboutCalls) return false;
  const sources = textsOf(conditionPatterns(SOURCE_ARN, statement, values));
  if (sources.length > 0) return sources.some((arn) => !isCaller(arn, node, template, map));
  const principals = textsOf(principalsIn(statement.Principal, values));
  return (
    principals.length === 0 || principals.some((principal) => !isPrincipalOfCaller(principal, node, map))
  );
}

/** True if the ARN of a condition is that of a known caller, or of a resource that makes it call, such as a rule. */
function isCaller(
  arn: PartialString,
  { incoming }: TraceNode,
  template: Template,
  map: TraceMapBuilder,
): boolean {
  const nodes = map.resolveString(arn, template).map(({ node }) => node);
  const resources = arn.flatMap((part) =>
    typeof part === 'object' && part.kind === 'reference' ? [part.resource] : [],
  );
  return incoming.some(
    ({ from, sources }) =>
      nodes.includes(from) ||
      resources.some((resource) => resource === from.resource || sources.includes(resource)),
  );
}

/** True if a principal is the service, or the role, of a known caller. */
function isPrincipalOfCaller(
  principal: PartialString,
  { incoming }: TraceNode,
  map: TraceMapBuilder,
): boolean {
  const name = literal(principal);
  const service = name === undefined ? undefined : serviceOf(name);
  const [role] = principal;
  return incoming.some(({ from }) => {
    if (service !== undefined) return map.index.services[from.kind].arn?.service === service;
    const roles = from.function?.roles ?? [];
    return (
      typeof role === 'object' &&
      role.kind === 'reference' &&
      roles.some(({ value }) => value.resource === role.resource)
    );
  });
}
