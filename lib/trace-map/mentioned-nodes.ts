import { isObject } from '../cloudformation/json';
import type { Reference, PartialString } from '../cloudformation/partial-string';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, Template } from '../cloudformation/template';
import { CALL_ACTIONS } from './call-actions';
import { stagesOf } from './services/api-gateway/rest-api';
import type { TraceNode } from './trace-map';
import type { TraceMapBuilder, ResolvedTarget } from './trace-map-builder';

/** What can be called of all that a text refers to, or that it is the ARN of. */
export function referencedNodes(
  text: PartialString,
  template: Template,
  map: TraceMapBuilder,
): ResolvedTarget[] {
  const references = text.filter(
    (part): part is Reference => typeof part === 'object' && part.kind === 'reference',
  );
  const meant = references.length > 0 || isArn(text) ? map.resolveString(text, template) : [];
  const whole = meant.length > 0 ? meant : map.knownOutside(text, template);
  // What else an ARN refers to is but a part of the name: `${Jobs.QueueName}-failed` is another queue.
  const parts = isArn(text) ? [] : references.flatMap((part) => map.resolveString([part], template));
  const mentioned = [...whole, ...parts];
  const isApi = mentioned.some(({ node }) => node.kind === 'rest-api');
  const stages = isApi ? [] : references.flatMap((part) => stagesOfApi(part, map));
  const callable = [...mentioned, ...stages].filter(({ node }) => CALL_ACTIONS.has(node.kind));
  // The whole text comes first, and tells more than a part of it: the alias of a function, for instance.
  return [...new Map(callable.reverse().map((meant) => [meant.node.id, meant])).values()].reverse();
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

/** What can be called of all that the environment variables of a function refer to. */
export function nodesInEnvironment(
  fn: Resource,
  map: TraceMapBuilder,
): ReadonlyMap<TraceNode, ResolvedTarget> {
  const { template } = fn;
  const variables = map.resolver.at(effectiveProperties(fn), ['Environment', 'Variables'], template);
  const texts = variables
    .flatMap(({ value }) => (isObject(value) ? Object.values(value) : []))
    .flatMap((value) => map.resolver.strings(value, template));
  const mentioned = texts.flatMap(({ value: text }) => (text ? referencedNodes(text, template, map) : []));
  return new Map(mentioned.map((meant) => [meant.node, meant]));
}
