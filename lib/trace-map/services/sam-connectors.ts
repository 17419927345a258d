import { isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import type { Resource, Template } from '../../cloudformation/template';
import { CALL_ACTIONS } from '../call-actions';
import type { NodeKind } from '../trace-map';
import type { Connection, Connections, TraceMapBuilder, ResolvedTarget } from '../trace-map-builder';

/** What functions read by calling it; that they may read from something else lets them consume it. */
const READ_BY_CALLS: readonly NodeKind[] = ['bucket', 'table'];

/** Connectors that stand in the attribute of the function that they are for. */
const embedded: Connection = (resource, map) => {
  const { template, logicalId } = resource;
  const attributes = objectAt(objectAt(template.source.template, 'Resources'), logicalId);
  for (const connector of Object.values(objectAt(attributes, 'Connectors'))) {
    connect({ Id: logicalId }, objectAt(connector, 'Properties'), resource, map);
  }
};

/** "Managing resource permissions with AWS SAM connectors" (AWS SAM Developer Guide), as far as functions call. */
export const SAM_CONNECTORS: Connections = {
  'AWS::Lambda::Function': embedded,
  'AWS::Serverless::Connector': (resource, map) => {
    const { properties } = resource;
    connect(properties.Source, properties, resource, map);
  },
  'AWS::Serverless::Function': embedded,
};

function connect(source: unknown, connector: JsonObject, by: Resource, map: TraceMapBuilder): void {
  const permissions = [connector.Permissions].flat();
  const isPermitted = ({ node: { kind } }: ResolvedTarget) =>
    CALL_ACTIONS.has(kind) &&
    (permissions.includes('Write') || (permissions.includes('Read') && READ_BY_CALLS.includes(kind)));
  for (const { node: caller } of endsIn(source, by.template, map)) {
    if (caller.kind !== 'function') continue;
    const called = [connector.Destination].flat().flatMap((end) => endsIn(end, by.template, map));
    for (const to of called.filter(isPermitted)) {
      const endsThere = to.node.kind === 'bucket' && !permissions.includes('Write');
      map.connect(caller, to, { source: by, ...(endsThere && { propagation: 'breaks' }) });
    }
  }
}

/** The resources at an end of a connector, by their logical ID or their ARN. */
function endsIn(end: unknown, template: Template, map: TraceMapBuilder): ResolvedTarget[] {
  if (!isObject(end)) return [];
  return typeof end.Id === 'string' ? map.resolve({ Ref: end.Id }, template) : map.resolve(end.Arn, template);
}
