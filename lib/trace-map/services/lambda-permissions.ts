import { literal, type Text } from '../../cloudformation/partial-string';
import type { Resource, Template } from '../../cloudformation/template';
import { mentionedIn } from '../mentioned-nodes';
import type { Invocation } from '../service';
import type { TraceNode } from '../trace-map';
import type { Call, Connections, MapBuilder, Meant } from '../trace-map-builder';
import { calledByEvents, samEvents } from './sam-events';

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
    const called = map.meant(properties.FunctionName, template, 'function');
    for (const { value: text } of map.resolver.texts(properties.Principal, template)) {
      const principal = text && literal(text);
      const service = principal && serviceOf(principal);
      if (!principal || !service) continue;
      for (const fn of called) {
        if (isExplained(fn.node, service, map)) continue;
        const sources = sourcesOf(resource, service, map);
        for (const source of sources) map.connect(source, fn, { by: resource, isCertain: false });
        if (sources.length === 0) connectService(principal, fn, { by: resource, isCertain: false }, map);
      }
    }
  },

  'AWS::Serverless::Function': (resource, map) => {
    if (samEvents(resource, 'AlexaSkill').length === 0) return;
    for (const fn of calledByEvents(resource, map)) {
      connectService('alexa-appkit.amazon.com', fn, { by: resource }, map);
    }
  },
};

function connectService(principal: string, fn: Meant, call: Call, map: MapBuilder): void {
  const invocation = INVOCATIONS.get(serviceOf(principal) ?? '');
  map.connect(map.outside('service', principal, call.by.template.source), fn, {
    ...call,
    ...(invocation && { invocation }),
  });
}

/** The service that a principal such as `logs.eu-west-1.amazonaws.com` is; nothing for accounts. */
function serviceOf(principal: string): string | undefined {
  return /^([\w-]+)\.(?:[\w-]+\.)?amazon(?:aws)?\.com/.exec(principal)?.[1];
}

/** Whether something of the service is known to call the function. */
function isExplained({ incoming }: TraceNode, service: string, map: MapBuilder): boolean {
  return incoming.some(
    ({ from, by }) =>
      map.index.services[from.kind].arn?.service === service && by.some(({ type }) => type !== PERMISSION),
  );
}

/** What of the service the permission is for. */
function sourcesOf({ properties, template }: Resource, service: string, map: MapBuilder): TraceNode[] {
  const texts = map.resolver.texts(properties.SourceArn, template);
  const sources = texts.flatMap(({ value: text }) => (text ? sourcesIn(text, template, map) : []));
  // A rule of EventBridge that isn't in the templates may be for events as well as for a schedule.
  return sources.filter(
    ({ kind }) => map.index.services[kind].arn?.service === service && kind !== 'schedule',
  );
}

function sourcesIn(text: Text, template: Template, map: MapBuilder): TraceNode[] {
  const meant = map.meantByText(text, template);
  // A REST API is its stages.
  return (meant.length > 0 ? meant : mentionedIn(text, template, map)).map(({ node }) => node);
}

/** Whether it lets only the function's URL be called: that is not to invoke the function by oneself. */
function isForUrl({ properties, template }: Resource, map: MapBuilder): boolean {
  const is = (property: string, value: string) =>
    map.resolver
      .texts(properties[property], template)
      .every(({ value: text }) => text && literal(text) === value);
  return is('Action', 'lambda:InvokeFunctionUrl') || is('InvokedViaFunctionUrl', 'true');
}
