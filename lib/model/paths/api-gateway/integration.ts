import { isObject, type JsonObject } from '../../json';
import type { Resource, Template } from '../../template';
import { concat, literal, type Text } from '../../text';
import type { MapBuilder, Meant } from '../map-builder';
import type { TraceNode } from '../trace-map';
import { invokedFunction } from './invocation-uri';
import { callOf } from './service-action';
import { calledOf, serviceOfSubtype, serviceOfUri } from './service-integration';
import { withStageVariables } from './stage-variables';

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
  map: MapBuilder,
): void {
  const { template } = by;
  const call = {
    by,
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
      for (const api of apis) map.connect(api, called, { by, ...how });
    }
  }
}

/** A function, or something else that the URI of a proxy is; not what a service's own path says. */
function meantBy(uri: Text, template: Template, map: MapBuilder): Meant[] {
  const invoked = invokedFunction(uri);
  if (invoked) return map.meantByText(invoked, template, 'function');
  return serviceOfUri(uri) ? [] : map.meantByText(uri, template);
}

/** "Set up asynchronous invocation of the backend Lambda function" (Amazon API Gateway Developer Guide). */
function isAsynchronous({ requestParameters }: Integration, template: Template, map: MapBuilder): boolean {
  return entriesOf(requestParameters, template, map).some(
    ([name, value]) =>
      name.toLowerCase().endsWith('.x-amz-invocation-type') &&
      textsOf(value, template, map).some((text) => literal(text) === "'Event'"),
  );
}

function sentBy(
  { requestParameters, requestTemplates }: Integration,
  template: Template,
  map: MapBuilder,
): Text[] {
  return [requestParameters, requestTemplates].flatMap((values) =>
    entriesOf(values, template, map).flatMap(([name, value]) =>
      textsOf(value, template, map).map((text) =>
        /\.action$/i.test(name) ? concat(['Action='], text) : text,
      ),
    ),
  );
}

function entriesOf(values: unknown, template: Template, map: MapBuilder): [string, unknown][] {
  return map.resolver
    .at(values, [], template)
    .flatMap(({ value }) => (isObject(value) ? Object.entries(value) : []));
}

function textsOf(value: unknown, template: Template, map: MapBuilder): Text[] {
  return map.resolver.texts(value, template).flatMap(({ value: text }) => (text ? [text] : []));
}
