import { isObject, type JsonObject } from '../../../cloudformation/json';
import {
  concat,
  literal,
  split,
  type PartialString,
  unknownString,
} from '../../../cloudformation/partial-string';
import type { Resolver } from '../../../cloudformation/resolver';
import { effectiveProperties } from '../../../cloudformation/sam-globals';
import type { Resource, Template } from '../../../cloudformation/template';
import type { TraceNode } from '../../trace-map';
import type { TraceMapBuilder, ResolvedTarget } from '../../trace-map-builder';
import { calledOf, callOf, serviceOfSubtype, serviceOfUri } from './service-integration';

/** What an API does with a request. */
export interface Integration {
  readonly uri?: unknown;
  /** Of HTTP APIs: the service and its action, such as `SQS-SendMessage`. */
  readonly subtype?: unknown;
  /** By which the service is called, and not the API. */
  readonly httpMethod?: unknown;
  readonly requestParameters?: unknown;
  readonly requestTemplates?: unknown;
  /** Whether it is an authorizer, and no integration. */
  readonly isAuthorization?: boolean;
}

/** An integration as CloudFormation writes it. */
export function integrationOf({
  Uri: uri,
  IntegrationUri: uriOfV2,
  IntegrationSubtype: subtype,
  IntegrationHttpMethod: httpMethod,
  RequestParameters: requestParameters,
  RequestTemplates: requestTemplates,
}: JsonObject): Integration {
  return { uri: uri ?? uriOfV2, subtype, httpMethod, requestParameters, requestTemplates };
}

/**
 * Connects an API to what an integration of it calls.
 *
 * @param apis the nodes that the API is
 * @param by what has the integration
 */
export function connectIntegration(
  apis: readonly TraceNode[],
  integration: Integration,
  by: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = by;
  const call = {
    source: by,
    isAuthorization: integration.isAuthorization,
    ...(isAsynchronous(integration, template, map) && { invocation: 'asynchronous' as const }),
  };
  const uris = textsOf(integration.uri, template, map);
  for (const api of apis) {
    const inStage = uris.map((uri) => withStageVariables(uri, api.resource, map.resolver));
    map.callOneOf(
      api,
      inStage.flatMap((uri) => meantBy(uri, template, map)),
      call,
    );
  }
  const services = [
    ...uris.flatMap((uri) => (invokedFunction(uri) ? [] : (serviceOfUri(uri) ?? []))),
    ...textsOf(integration.subtype, template, map).flatMap((subtype) => serviceOfSubtype(subtype) ?? []),
  ];
  const sent = sentBy(integration, template, map);
  const methods = textsOf(integration.httpMethod, template, map);
  for (const service of services) {
    const how = callOf(service, sent, methods);
    for (const called of how ? calledOf(service, sent, template, map) : []) {
      for (const api of apis) map.connect(api, called, { source: by, ...how });
    }
  }
}

/** A function, or something else that the URI of a proxy is; not what a service's own path says. */
function meantBy(uri: PartialString, template: Template, map: TraceMapBuilder): ResolvedTarget[] {
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
      textsOf(value, template, map).some((text) => literal(text) === "'Event'"),
  );
}

function sentBy(
  { requestParameters, requestTemplates }: Integration,
  template: Template,
  map: TraceMapBuilder,
): PartialString[] {
  return [requestParameters, requestTemplates].flatMap((values) =>
    entriesOf(values, template, map).flatMap(([name, value]) =>
      textsOf(value, template, map).map((text) =>
        /\.action$/i.test(name) ? concat(['Action='], text) : text,
      ),
    ),
  );
}

function entriesOf(values: unknown, template: Template, map: TraceMapBuilder): [string, unknown][] {
  return map.resolver
    .at(values, [], template)
    .flatMap(({ value }) => (isObject(value) ? Object.entries(value) : []));
}

function textsOf(value: unknown, template: Template, map: TraceMapBuilder): PartialString[] {
  return map.resolver.strings(value, template).flatMap(({ value: text }) => (text ? [text] : []));
}

/**
 * The function in a URI by which API Gateway invokes it, with its alias perhaps; nothing for other URIs:
 * `arn:<partition>:apigateway:<region>:lambda:path/2015-03-31/functions/<function>/invocations` ("Integration",
 * Amazon API Gateway API Reference).
 */
function invokedFunction(uri: PartialString): PartialString | undefined {
  const [, path] = split(uri, ':lambda:path/');
  const [, invoked] = path ? split(path, '/functions/') : [];
  return invoked && split(invoked, '/invocations')[0];
}

/** Where the variables stand in what makes a stage. */
const VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::ApiGateway::Stage', ['Variables']],
  ['AWS::ApiGateway::Deployment', ['StageDescription', 'Variables']],
  ['AWS::Serverless::Api', ['Variables']],
  ['AWS::Serverless::HttpApi', ['StageVariables']],
  ['AWS::Serverless::WebSocketApi', ['StageVariables']],
]);

const VARIABLE = /\$\{stageVariables\.([^}]+)\}/;

/**
 * A text as it is in a stage, with the stage's variables in it ("Using API Gateway stage variables", Amazon API
 * Gateway Developer Guide).
 *
 * @param stage what makes the stage; nothing where that isn't known, nor the variables therefore
 */
function withStageVariables(
  text: PartialString,
  stage: Resource | undefined,
  resolver: Resolver,
): PartialString {
  return concat(
    ...text.map((part): PartialString => {
      if (typeof part !== 'string') return [part];
      const pieces = part.split(VARIABLE);
      return concat(...pieces.map((piece, i) => (i % 2 === 0 ? [piece] : variable(piece, stage, resolver))));
    }),
  );
}

function variable(name: string, stage: Resource | undefined, resolver: Resolver): PartialString {
  const path = stage && VARIABLES.get(stage.type);
  const [value, ...others] = path
    ? resolver.stringsAt(effectiveProperties(stage), [...path, name], stage.template)
    : [];
  return others.length === 0 && value?.value
    ? value.value
    : unknownString(`${stage?.template.id}/${stage?.logicalId}#stageVariables.${name}`);
}
