import { literal, type PartialString } from '../../cloudformation/partial-string';
import type { Resource, Template } from '../../cloudformation/template';
import { serviceOf } from '../../iam/resource-policy';
import { type InvokePermission, PERMISSION_TYPES } from '../../lambda/invoke-permissions';
import { referencedNodes } from '../permitted-calls';
import type { Connections } from '../service';
import type { Invocation, TraceNode } from '../trace-map';
import type { Call, TraceMapBuilder, ResolvedTarget } from '../trace-map-builder';
import { samEventsOfType, samEventTargets } from './sam';

/**
 * The invocation of services without a kind of node, if it is always the same ("Invoking Lambda with events from other
 * AWS services", AWS Lambda Developer Guide).
 */
const INVOCATIONS: ReadonlyMap<string, Invocation> = new Map([
  ['alexa-appkit', 'synchronous'],
  ['cloudformation', 'asynchronous'],
  ['codecommit', 'asynchronous'],
  ['codepipeline', 'asynchronous'],
  ['config', 'asynchronous'],
  ['events', 'asynchronous'],
  ['iot', 'asynchronous'],
  ['lex', 'synchronous'],
  ['lexv2', 'synchronous'],
  ['logs', 'asynchronous'],
]);

/**
 * Permissions to invoke a function that no other connection explains: the caller is configured outside of the templates,
 * or by resources that the map does not know ("Granting Lambda functions access to AWS services", AWS Lambda Developer
 * Guide). A permission does not show that the call is made.
 */
export const LAMBDA_PERMISSIONS: Connections = {
  'AWS::Lambda::Permission': connectPermitted,
  'AWS::Lambda::ResourcePolicy': connectPermitted,

  'AWS::Serverless::Function': (resource, map) => {
    if (samEventsOfType('AlexaSkill', resource).length === 0) return;
    for (const fn of samEventTargets(resource, map)) {
      connectService('alexa-appkit.amazon.com', fn, { source: resource }, map);
    }
  },
};

function connectPermitted(resource: Resource, map: TraceMapBuilder): void {
  const { template, properties, type } = resource;
  const functions = map.resolve(properties[PERMISSION_TYPES[type]!], template, 'function');
  for (const { value: permission, when } of map.invocations.of(resource)) {
    // The function's URL is a caller of its own.
    if (permission.isForUrl) continue;
    for (const string of permission.principals) {
      const principal = literal(string);
      const service = principal && serviceOf(principal);
      if (!principal || !service) continue;
      const call = { source: resource, isCertain: false, when };
      for (const fn of functions) {
        if (isExplained(fn.node, service, map)) continue;
        const sources = sourcesOf(permission, template, service, map);
        for (const source of sources) map.connect(source, fn, call);
        if (sources.length === 0) connectService(principal, fn, call, map);
      }
    }
  }
}

function connectService(principal: string, fn: ResolvedTarget, call: Call, map: TraceMapBuilder): void {
  const invocation = INVOCATIONS.get(serviceOf(principal) ?? '');
  map.connect(map.outside('service', principal, call.source.template.source), fn, {
    ...call,
    ...(invocation && { invocation }),
  });
}

/** Returns true if a node of the service is known to call the function. */
function isExplained({ incoming }: TraceNode, service: string, map: TraceMapBuilder): boolean {
  return incoming.some(
    ({ from, sources }) =>
      map.index.services[from.kind].arn?.service === service &&
      sources.some(({ type }) => PERMISSION_TYPES[type] === undefined),
  );
}

/** Returns the nodes of the service that the permission is for. */
function sourcesOf(
  { sourceArns }: InvokePermission,
  template: Template,
  service: string,
  map: TraceMapBuilder,
): TraceNode[] {
  const sources = sourceArns.flatMap((arn) => sourcesIn(arn, template, map));
  // An EventBridge rule outside of the templates can be for events or for a schedule.
  return sources.filter(
    ({ kind }) => map.index.services[kind].arn?.service === service && kind !== 'schedule',
  );
}

function sourcesIn(arn: PartialString, template: Template, map: TraceMapBuilder): TraceNode[] {
  const targets = map.resolveString(arn, template);
  // The nodes of a REST API are its stages.
  return (targets.length > 0 ? targets : referencedNodes(arn, template, map)).map(({ node }) => node);
}
