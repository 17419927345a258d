import { isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Resource, Template } from '../../cloudformation/template';
import { publishesVersions } from '../../lambda/version-identity';
import {
  certaintyWithFilter,
  type Connection,
  type Connections,
  FILTER_CRITERIA,
  isCallable,
  type SamEvent,
  type SamEventCallers,
  type SamEventSource,
  type Service,
} from '../service';
import type { NodeKind, TraceNode } from '../trace-map';
import type { ResolvedTarget, TraceMapBuilder } from '../trace-map-builder';

/**
 * Returns the connections of SAM events, APIs aside ("Generated CloudFormation resources for AWS SAM", AWS SAM Developer
 * Guide).
 *
 * @param services the services by the kind of node, whose `samEvents` say who calls for an event
 */
export function samEventConnections(services: Readonly<Record<NodeKind, Service>>): Connections {
  const sources: EventSources = new Map(
    Object.entries(services).flatMap(([kind, { samEvents = {} }]) =>
      Object.entries(samEvents).map(([type, source]) => [type, { kind: kind as NodeKind, source }]),
    ),
  );
  const connect = (resource: Resource, map: TraceMapBuilder) => connectEvents(resource, sources, map);
  return { 'AWS::Serverless::Function': connect, 'AWS::Serverless::StateMachine': connect };
}

type EventSources = ReadonlyMap<string, { readonly kind: NodeKind; readonly source: SamEventSource }>;

function connectEvents(resource: Resource, sources: EventSources, map: TraceMapBuilder): void {
  for (const [name, event] of Object.entries(objectAt(resource.properties, 'Events'))) {
    if (!isObject(event) || typeof event.Type !== 'string') continue;
    const found = sources.get(event.Type);
    if (!found) continue;
    const properties = objectAt(event, 'Properties');
    const samEvent = { properties, resource, logicalId: `${resource.logicalId}${name}` };
    const { callers, ...call } = callersOf(samEvent, found.kind, found.source, map);
    map.callByOneOf(callers, samEventTargets(resource, map), { source: resource, ...call });
  }
}

function callersOf(
  event: SamEvent,
  kind: NodeKind,
  source: SamEventSource,
  map: TraceMapBuilder,
): SamEventCallers {
  if (typeof source === 'function') return source(event, map);
  const { properties, resource, logicalId } = event;
  if (source === 'generated') return { callers: [map.generated(kind, logicalId, resource)] };
  const call = source.call
    ? source.call(properties, resource.template, map)
    : certaintyWithFilter(FILTER_CRITERIA, properties, resource.template, map);
  return { callers: map.resolveAs(kind, properties[source.property], resource), ...call };
}

/** Returns the properties of the events of a type that a SAM function or state machine has. */
export function samEventsOfType(type: string, { properties }: Resource): JsonObject[] {
  return Object.values(objectAt(properties, 'Events')).flatMap((event) =>
    isObject(event) && event.Type === type ? [objectAt(event, 'Properties')] : [],
  );
}

/** Returns the target of a resource's events: the resource, through the alias that SAM generates for a function. */
export function samEventTargets(resource: Resource, map: TraceMapBuilder): ResolvedTarget[] {
  const node = map.node(resource);
  return node ? [{ node, through: publishesVersions(resource) ? [resource] : [] }] : [];
}

/** The APIs that SAM generates for events that name none: logical ID and type. */
const IMPLICIT_APIS = {
  Api: ['ServerlessRestApi', 'AWS::Serverless::Api'],
  HttpApi: ['ServerlessHttpApi', 'AWS::Serverless::HttpApi'],
} as const;

/** Returns true for a resource that SAM generates and that the template does not have. */
export function isGeneratedBySam(resource: Resource): boolean {
  return resource.template.resources.get(resource.logicalId) !== resource;
}

/**
 * Returns the API that SAM generates for the events of a template that name no API ("Generated CloudFormation resources
 * for AWS SAM", AWS SAM Developer Guide); `undefined` if an event names another. Its settings are in `Globals`.
 *
 * @param api the ID of the API that the event names
 */
export function implicitApi(
  api: unknown,
  event: keyof typeof IMPLICIT_APIS,
  template: Template,
  map: TraceMapBuilder,
): TraceNode | undefined {
  const [logicalId, type] = IMPLICIT_APIS[event];
  const isImplicit = api === undefined || (isObject(api) && api.Ref === logicalId);
  if (!isImplicit) return undefined;
  const generated: Resource = { template, logicalId, type, properties: {}, metadata: {} };
  return map.node(template.resources.get(logicalId) ?? generated);
}

/**
 * Connects a SAM API to the functions that authorize its requests ("LambdaTokenAuthorizer", "LambdaAuthorizer", AWS SAM
 * Developer Guide).
 *
 * @param apis the nodes of the API
 */
export function connectSamAuthorizers(apis: readonly TraceNode[], api: Resource, map: TraceMapBuilder): void {
  const authorizers = objectAt(objectAt(effectiveProperties(api), 'Auth'), 'Authorizers');
  for (const authorizer of Object.values(authorizers)) {
    if (!isObject(authorizer)) continue;
    for (const node of apis) map.call(node, authorizer.FunctionArn, { source: api, isAuthorization: true });
  }
}

/** Connectors in the `Connectors` attribute of a function. */
const callByAttribute: Connection = (resource, map) => {
  const { template, logicalId } = resource;
  const attributes = objectAt(objectAt(template.source.template, 'Resources'), logicalId);
  for (const connector of Object.values(objectAt(attributes, 'Connectors'))) {
    callThroughConnector({ Id: logicalId }, objectAt(connector, 'Properties'), resource, map);
  }
};

/** "Managing resource permissions with AWS SAM connectors" (AWS SAM Developer Guide), for calls of functions. */
export const SAM_CONNECTORS: Connections = {
  'AWS::Lambda::Function': callByAttribute,
  'AWS::Serverless::Connector': (resource, map) => {
    const { properties } = resource;
    callThroughConnector(properties.Source, properties, resource, map);
  },
  'AWS::Serverless::Function': callByAttribute,
};

function callThroughConnector(
  caller: unknown,
  connector: JsonObject,
  source: Resource,
  map: TraceMapBuilder,
): void {
  const permissions = [connector.Permissions].flat();
  const { services } = map.index;
  // `Read` allows a function to consume from services that it does not read by calling them.
  const isCall = ({ node: { kind } }: ResolvedTarget) =>
    isCallable(kind, map.index) &&
    (permissions.includes('Write') || (permissions.includes('Read') && services[kind].isReadByCalls));
  for (const { node: from } of nodesOf(caller, source.template, map)) {
    if (from.kind !== 'function') continue;
    const targets = [connector.Destination].flat().flatMap((end) => nodesOf(end, source.template, map));
    for (const to of targets.filter(isCall)) {
      const endsThere = services[to.node.kind].readActions && !permissions.includes('Write');
      map.connect(from, to, { source, ...(endsThere && { propagation: 'breaks' }) });
    }
  }
}

/** Returns the nodes at an end of a connector, by their logical ID or their ARN. */
function nodesOf(end: unknown, template: Template, map: TraceMapBuilder): ResolvedTarget[] {
  if (!isObject(end)) return [];
  return typeof end.Id === 'string' ? map.resolve({ Ref: end.Id }, template) : map.resolve(end.Arn, template);
}
