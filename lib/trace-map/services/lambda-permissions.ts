import { literal, type PartialString } from '../../cloudformation/partial-string';
import type { Resource, Template } from '../../cloudformation/template';
import { referencedNodes } from '../mentioned-nodes';
import type { Invocation } from '../service';
import type { TraceNode } from '../trace-map';
import type { Call, Connections, TraceMapBuilder, ResolvedTarget } from '../trace-map-builder';
import { targetsOfEvents, samEvents } from './sam-events';

const PERMISSION = 'AWS::Lambda::Permission';

/**
 * How services that have no kind of their own invoke functions, as far as that is always the same ("Invoking Lambda with
 * events from other AWS services", AWS Lambda Developer Guide).
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
 * Who may invoke a function, where nothing else explains that: what has been configured outside of the templates, or by
 * resources of which the map knows nothing ("Granting Lambda functions access to AWS services", AWS Lambda Developer
 * Guide). Whether they do so, a permission doesn't tell.
 */
export const PERMISSIONS: Connections = {
  [PERMISSION]: (resource, map) => {
    const { template, properties } = resource;
    if (isForUrl(resource, map)) return;
    const called = map.resolve(properties.FunctionName, template, 'function');
    for (const { value: text } of map.resolver.strings(properties.Principal, template)) {
      const principal = text && literal(text);
      const service = principal && serviceOf(principal);
      if (!principal || !service) continue;
      for (const fn of called) {
        if (isExplained(fn.node, service, map)) continue;
        const sources = sourcesOf(resource, service, map);
        for (const source of sources) map.connect(source, fn, { source: resource, isCertain: false });
        if (sources.length === 0) connectService(principal, fn, { source: resource, isCertain: false }, map);
      }
    }
  },

  'AWS::Serverless::Function': (resource, map) => {
    if (samEvents(resource, 'AlexaSkill').length === 0) return;
    for (const fn of targetsOfEvents(resource, map)) {
      connectService('alexa-appkit.amazon.com', fn, { source: resource }, map);
    }
  },
};

function connectService(principal: string, fn: ResolvedTarget, call: Call, map: TraceMapBuilder): void {
  const invocation = INVOCATIONS.get(serviceOf(principal) ?? '');
  map.connect(map.outside('service', principal, call.source.template.source), fn, {
    ...call,
    ...(invocation && { invocation }),
  });
}

/** The service that a principal such as `logs.eu-west-1.amazonaws.com` is; nothing for accounts. */
function serviceOf(principal: string): string | undefined {
  return /^([\w-]+)\.(?:[\w-]+\.)?amazon(?:aws)?\.com/.exec(principal)?.[1];
}

/** Whether something of the service is known to call the function. */
function isExplained({ incoming }: TraceNode, service: string, map: TraceMapBuilder): boolean {
  return incoming.some(
    ({ from, sources }) =>
      map.index.services[from.kind].arn?.service === service &&
      sources.some(({ type }) => type !== PERMISSION),
  );
}

/** What of the service the permission is for. */
function sourcesOf({ properties, template }: Resource, service: string, map: TraceMapBuilder): TraceNode[] {
  const texts = map.resolver.strings(properties.SourceArn, template);
  const sources = texts.flatMap(({ value: text }) => (text ? sourcesIn(text, template, map) : []));
  // A rule of EventBridge that isn't in the templates may be for events as well as for a schedule.
  return sources.filter(
    ({ kind }) => map.index.services[kind].arn?.service === service && kind !== 'schedule',
  );
}

function sourcesIn(text: PartialString, template: Template, map: TraceMapBuilder): TraceNode[] {
  const meant = map.resolveString(text, template);
  // A REST API is its stages.
  return (meant.length > 0 ? meant : referencedNodes(text, template, map)).map(({ node }) => node);
}

/** Whether it lets only the function's URL be called: that is not to invoke the function by oneself. */
function isForUrl({ properties, template }: Resource, map: TraceMapBuilder): boolean {
  const is = (property: string, value: string) =>
    map.resolver
      .strings(properties[property], template)
      .every(({ value: text }) => text && literal(text) === value);
  return is('Action', 'lambda:InvokeFunctionUrl') || is('InvokedViaFunctionUrl', 'true');
}
