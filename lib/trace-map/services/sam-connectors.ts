import { isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import type { Resource, Template } from '../../cloudformation/template';
import { type Connection, type Connections, isCallable } from '../service';
import type { ResolvedTarget, TraceMapBuilder } from '../trace-map-builder';

/** Connectors in the `Connectors` attribute of a function. */
const callByAttribute: Connection = (resource, map) => {
  const { template, logicalId } = resource;
  const attributes = objectAt(objectAt(template.source.template, 'Resources'), logicalId);
  for (const connector of Object.values(objectAt(attributes, 'Connectors'))) {
    connect({ Id: logicalId }, objectAt(connector, 'Properties'), resource, map);
  }
};

/** "Managing resource permissions with AWS SAM connectors" (AWS SAM Developer Guide), for calls of functions. */
export const SAM_CONNECTORS: Connections = {
  'AWS::Lambda::Function': callByAttribute,
  'AWS::Serverless::Connector': (resource, map) => {
    const { properties } = resource;
    connect(properties.Source, properties, resource, map);
  },
  'AWS::Serverless::Function': callByAttribute,
};

function connect(caller: unknown, connector: JsonObject, source: Resource, map: TraceMapBuilder): void {
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
