import { isObject, objectAt } from '../../../cloudformation/json';
import { effectiveProperties } from '../../../cloudformation/sam-globals';
import type { Resource, Template } from '../../../cloudformation/template';
import type { TraceNode } from '../../trace-map';
import type { TraceMapBuilder } from '../../trace-map-builder';

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
