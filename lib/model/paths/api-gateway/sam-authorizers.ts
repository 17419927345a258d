import { effectiveProperties } from '../../sam-globals';
import { isObject, objectAt } from '../../json';
import type { Resource } from '../../template';
import type { MapBuilder } from '../map-builder';
import type { TraceNode } from '../trace-map';

/**
 * Connects a SAM API to the functions that authorize its requests ("LambdaTokenAuthorizer", "LambdaAuthorizer", AWS SAM
 * Developer Guide).
 *
 * @param apis the nodes that the API is
 */
export function connectSamAuthorizers(apis: readonly TraceNode[], api: Resource, map: MapBuilder): void {
  const authorizers = objectAt(objectAt(effectiveProperties(api), 'Auth'), 'Authorizers');
  for (const authorizer of Object.values(authorizers)) {
    if (!isObject(authorizer)) continue;
    for (const node of apis) map.call(node, authorizer.FunctionArn, { by: api, isAuthorization: true });
  }
}
