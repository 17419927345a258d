import { isObject } from '../cloudformation/json';
import type { PartialString, Reference } from '../cloudformation/partial-string';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, Template } from '../cloudformation/template';
import { isCallable } from './calls';
import { stagesOf } from './services/api-gateway/rest-api';
import type { TraceNode } from './trace-map';
import type { ResolvedTarget, TraceMapBuilder } from './trace-map-builder';

/** Returns the callable nodes that a string refers to, or whose ARN it is. */
export function referencedNodes(
  string: PartialString,
  template: Template,
  map: TraceMapBuilder,
): ResolvedTarget[] {
  const references = string.filter(
    (part): part is Reference => typeof part === 'object' && part.kind === 'reference',
  );
  const resolved = references.length > 0 || isArn(string) ? map.resolveString(string, template) : [];
  const whole = resolved.length > 0 ? resolved : map.knownOutside(string, template);
  // Other references in an ARN are parts of the name: `${Jobs.QueueName}-failed` is a different queue.
  const parts = isArn(string) ? [] : references.flatMap((part) => map.resolveString([part], template));
  const targets = [...whole, ...parts];
  const hasStage = targets.some(({ node }) => node.kind === 'rest-api');
  const stages = hasStage ? [] : references.flatMap((part) => stagesOfApi(part, map));
  const callable = [...targets, ...stages].filter(({ node }) => isCallable(node.kind, map.index));
  // The first target of a node is kept: the whole string can name a function's alias, which a part of it does not.
  return [...new Map(callable.reverse().map((target) => [target.node.id, target])).values()].reverse();
}

function isArn([start]: PartialString): boolean {
  return typeof start === 'string' && start.startsWith('arn:');
}

function stagesOfApi(
  { resource: { logicalId, template } }: Reference,
  map: TraceMapBuilder,
): ResolvedTarget[] {
  return stagesOf({ Ref: logicalId }, template, map).map((node) => ({ node, through: [] }));
}

/** Returns the callable nodes that the environment variables of a function refer to. */
export function nodesInEnvironment(
  fn: Resource,
  map: TraceMapBuilder,
): ReadonlyMap<TraceNode, ResolvedTarget> {
  const { template } = fn;
  const variables = map.resolver.at(effectiveProperties(fn), ['Environment', 'Variables'], template);
  const values = variables
    .flatMap(({ value }) => (isObject(value) ? Object.values(value) : []))
    .flatMap((value) => map.resolver.strings(value, template));
  const targets = values.flatMap(({ value: string }) =>
    string ? referencedNodes(string, template, map) : [],
  );
  return new Map(targets.map((target) => [target.node, target]));
}
