import { isObject, type JsonObject } from '../../../cloudformation/json';
import {
  concat,
  literal,
  split,
  type PartialString,
  unknownString,
  splitAtNames,
} from '../../../cloudformation/partial-string';
import type { Resolver } from '../../../cloudformation/resolver';
import { effectiveProperties } from '../../../cloudformation/sam-globals';
import type { Resource, Template } from '../../../cloudformation/template';
import type { TraceNode } from '../../trace-map';
import type { TraceMapBuilder, ResolvedTarget } from '../../trace-map-builder';
import { serviceCall, serviceOfSubtype, serviceOfUri, serviceTargets } from './service-integration';

/** An integration or an authorizer of an API. */
export interface Integration {
  readonly uri?: unknown;
  /** The service and its action, such as `SQS-SendMessage`, for HTTP APIs. */
  readonly subtype?: unknown;
  /** The HTTP method of the call to the service. */
  readonly httpMethod?: unknown;
  readonly requestParameters?: unknown;
  readonly requestTemplates?: unknown;
  /** True for an authorizer. */
  readonly isAuthorization?: boolean;
}

/** Reads the properties of an integration in CloudFormation. */
export function integrationOf({
  Uri: uri,
  IntegrationUri: integrationUri,
  IntegrationSubtype: subtype,
  IntegrationHttpMethod: httpMethod,
  RequestParameters: requestParameters,
  RequestTemplates: requestTemplates,
}: JsonObject): Integration {
  return { uri: uri ?? integrationUri, subtype, httpMethod, requestParameters, requestTemplates };
}

/**
 * Connects an API to the targets of an integration.
 *
 * @param apis the nodes of the API
 * @param source the resource with the integration
 */
export function connectIntegration(
  apis: readonly TraceNode[],
  integration: Integration,
  source: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = source;
  const proxyCall = {
    source,
    isAuthorization: integration.isAuthorization,
    ...(isAsynchronous(integration, template, map) && { invocation: 'asynchronous' as const }),
  };
  const uris = stringsOf(integration.uri, template, map);
  for (const api of apis) {
    const inStage = uris.map((uri) => withStageVariables(uri, api.resource, map.resolver));
    map.callOneOf(
      api,
      inStage.flatMap((uri) => targetsOfUri(uri, template, map)),
      proxyCall,
    );
  }
  const services = [
    ...uris.flatMap((uri) => (invokedFunction(uri) ? [] : (serviceOfUri(uri) ?? []))),
    ...stringsOf(integration.subtype, template, map).flatMap(
      (subtype) => serviceOfSubtype(subtype, map.index) ?? [],
    ),
  ];
  const sent = sentStrings(integration, template, map);
  const methods = stringsOf(integration.httpMethod, template, map);
  for (const service of services) {
    const call = serviceCall(service, sent, methods, map.index);
    for (const target of call ? serviceTargets(service, sent, template, map) : []) {
      for (const api of apis) map.connect(api, target, { source, ...call });
    }
  }
}

/** Returns the targets of a proxy's URI: a function, or another node. The path of a service is read elsewhere. */
function targetsOfUri(uri: PartialString, template: Template, map: TraceMapBuilder): ResolvedTarget[] {
  const invoked = invokedFunction(uri);
  if (invoked) return map.resolveString(invoked, template, 'function');
  return serviceOfUri(uri) ? [] : map.resolveString(uri, template);
}

/** "Set up asynchronous invocation of the backend Lambda function" (Amazon API Gateway Developer Guide). */
function isAsynchronous(
  { requestParameters }: Integration,
  template: Template,
  map: TraceMapBuilder,
): boolean {
  return entriesOf(requestParameters, template, map).some(
    ([name, value]) =>
      name.toLowerCase().endsWith('.x-amz-invocation-type') &&
      stringsOf(value, template, map).some((string) => literal(string) === "'Event'"),
  );
}

function sentStrings(
  { requestParameters, requestTemplates }: Integration,
  template: Template,
  map: TraceMapBuilder,
): PartialString[] {
  return [requestParameters, requestTemplates].flatMap((values) =>
    entriesOf(values, template, map).flatMap(([name, value]) =>
      stringsOf(value, template, map).map((string) =>
        /\.action$/i.test(name) ? concat(['Action='], string) : string,
      ),
    ),
  );
}

function entriesOf(values: unknown, template: Template, map: TraceMapBuilder): [string, unknown][] {
  return map.resolver
    .at(values, [], template)
    .flatMap(({ value }) => (isObject(value) ? Object.entries(value) : []));
}

function stringsOf(value: unknown, template: Template, map: TraceMapBuilder): PartialString[] {
  return map.resolver.strings(value, template).flatMap(({ value: string }) => (string ? [string] : []));
}

/**
 * Returns the function, possibly with an alias, in a URI with which API Gateway invokes it; `undefined` for other URIs:
 * `arn:<partition>:apigateway:<region>:lambda:path/2015-03-31/functions/<function>/invocations` ("Integration",
 * Amazon API Gateway API Reference).
 */
export function invokedFunction(uri: PartialString): PartialString | undefined {
  const [, path] = split(uri, ':lambda:path/');
  const [, invoked] = path ? split(path, '/functions/') : [];
  return invoked && split(invoked, '/invocations')[0];
}

/** The path of the variables in a resource that creates a stage. */
export const STAGE_VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::ApiGateway::Stage', ['Variables']],
  ['AWS::ApiGateway::Deployment', ['StageDescription', 'Variables']],
  ['AWS::Serverless::Api', ['Variables']],
  ['AWS::Serverless::HttpApi', ['StageVariables']],
  ['AWS::Serverless::WebSocketApi', ['StageVariables']],
]);

/** Returns a string with the variables of a stage; without the stage, they are unknown. */
function withStageVariables(
  string: PartialString,
  stage: Resource | undefined,
  resolver: Resolver,
): PartialString {
  return insertStageVariables(string, (name) => variable(name, stage, resolver));
}

/**
 * Inserts stage variables into a string ("Using API Gateway stage variables", Amazon API Gateway Developer Guide).
 *
 * @param valueOf returns the value of a variable
 */
export function insertStageVariables(
  string: PartialString,
  valueOf: (name: string) => PartialString,
): PartialString {
  return concat(
    ...string.map((part): PartialString => {
      if (typeof part !== 'string') return [part];
      return splitAtNames(part, '${stageVariables.', '}').flatMap((piece, i) =>
        i % 2 === 0 ? [piece] : valueOf(piece),
      );
    }),
  );
}

function variable(name: string, stage: Resource | undefined, resolver: Resolver): PartialString {
  const path = stage && STAGE_VARIABLES.get(stage.type);
  const [value, ...others] = path
    ? resolver.stringsAt(effectiveProperties(stage), [...path, name], stage.template)
    : [];
  return others.length === 0 && value?.value
    ? value.value
    : unknownString(`${stage?.template.id}/${stage?.logicalId}#stageVariables.${name}`);
}
