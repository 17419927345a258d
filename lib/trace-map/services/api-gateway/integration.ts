import { isObject, type JsonObject } from '../../../cloudformation/json';
import {
  concat,
  literal,
  type PartialString,
  split,
  splitAtNames,
  unknownString,
} from '../../../cloudformation/partial-string';
import type { Resolver } from '../../../cloudformation/resolver';
import { effectiveProperties } from '../../../cloudformation/sam-globals';
import type { Resource, Template } from '../../../cloudformation/template';
import type { ApiIntegration, ServiceEntries, ServiceIndex } from '../../service-facts';
import type { NodeKind, TraceNode } from '../../trace-map';
import type { Call, ResolvedTarget, TraceMapBuilder } from '../../trace-map-builder';

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

/** A service that an API calls without a function. */
export interface IntegratedService {
  /** The name of the service in ARNs. */
  readonly name: string;
  /** The path that is called. */
  readonly path: PartialString;
  /** The action of a subtype. For others, the path or the request has it. */
  readonly action?: string;
}

interface KnownIntegration extends ApiIntegration {
  readonly kind: NodeKind;
  readonly name: string;
}

/** Returns the integrations by the name of the service in ARNs. */
function integrationsByName(services: ServiceEntries): ReadonlyMap<string, KnownIntegration> {
  return new Map(
    services.flatMap(([kind, { apiIntegration, arn }]) =>
      apiIntegration && arn ? [[arn.service, { ...apiIntegration, kind, name: arn.service }] as const] : [],
    ),
  );
}

/** Returns the service in `arn:<partition>:apigateway:<region>:<service>:<path or action>`. */
function serviceOfUri(uri: PartialString): IntegratedService | undefined {
  const [, , gateway, , service, ...rest] = split(uri, ':');
  const [name, ...path] = [service, ...rest];
  const known = name && literal(name);
  if (!known || !gateway || literal(gateway) !== 'apigateway') return undefined;
  return { name: known.slice(known.lastIndexOf('.') + 1), path: path.flat() };
}

/**
 * Returns the service of a subtype such as `SQS-SendMessage` ("Integration subtype reference", Amazon API Gateway
 * Developer Guide).
 */
function serviceOfSubtype(subtype: PartialString, index: ServiceIndex): IntegratedService | undefined {
  const [service, action] = literal(subtype)?.split('-') ?? [];
  if (service === undefined) return undefined;
  const integrations = [...index.table(integrationsByName).values()];
  const found = integrations.find((integration) => integration.subtype === service);
  return found && { name: found.name, path: [], action };
}

/**
 * Returns the nodes of a service that the request names: by a reference or an ARN in the path or in what is sent, or by
 * the segment of the path with the name.
 *
 * @param sent the strings that the request consists of
 */
function serviceTargets(
  { name: service, path }: IntegratedService,
  sent: readonly PartialString[],
  template: Template,
  map: TraceMapBuilder,
): ResolvedTarget[] {
  const strings = [path, ...sent];
  const referenced = strings.flatMap((string) =>
    string.flatMap((part) => {
      if (typeof part === 'string' || part.kind !== 'reference') return [];
      const kind = map.index.kindOf(part.resource);
      return kind && map.index.services[kind].arn?.service === service
        ? map.resolveString([part], template)
        : [];
    }),
  );
  const arns = strings.flatMap(quotedArns).filter((arn) => literal(split(arn, ':')[2] ?? []) === service);
  const { kind, nameSegment } = map.index.table(integrationsByName).get(service) ?? {};
  const name = nameSegment === undefined ? undefined : split(path, '/')[nameSegment];
  return [
    ...referenced,
    ...arns.flatMap((arn) => map.resolveString(arn, template)),
    ...(kind && name && literal(name) ? map.resolveString(name, template, kind) : []),
  ];
}

/** Returns the ARNs in a string, quoted or by themselves. */
function quotedArns(string: PartialString): PartialString[] {
  const pieces = split(string, '"').flatMap((piece) => split(piece, "'"));
  return pieces.filter(([start]) => typeof start === 'string' && start.startsWith('arn:'));
}

/**
 * Returns how an API calls a service; `undefined` if its action is known not to be a call.
 *
 * @param sent the strings that the request consists of
 * @param methods the methods that the request can have
 */
function serviceCall(
  service: IntegratedService,
  sent: readonly PartialString[],
  methods: readonly PartialString[],
  index: ServiceIndex,
): Pick<Call, 'propagation'> | undefined {
  const integration = index.table(integrationsByName).get(service.name);
  const { readMethods, actions: callActions } = integration ?? {};
  if (readMethods) {
    const isReading =
      methods.length > 0 && methods.every((method) => readMethods.includes(literal(method) ?? ''));
    return isReading ? { propagation: 'breaks' } : {};
  }
  const actions = actionsOf(service, sent);
  const canCall = !callActions || actions.length === 0 || actions.some((action) => callActions.test(action));
  return canCall ? {} : undefined;
}

/** Returns the known actions: that of a subtype, in `action/<action>`, or sent as `Action=<action>`. */
function actionsOf({ action, path }: IntegratedService, sent: readonly PartialString[]): string[] {
  if (action !== undefined) return [action];
  const [kind, name] = split(path, '/').map(literal);
  if (kind === 'action' && name) return [name];
  return sent.flatMap((string) =>
    string
      .flatMap((part) => (typeof part === 'string' ? [...part.matchAll(/\bAction='?(\w+)/g)] : []))
      .map(([, sentAction]) => sentAction),
  );
}

/**
 * Connects an API to the targets of the integrations and authorizers in its OpenAPI definition ("Working with API Gateway
 * extensions to OpenAPI", Amazon API Gateway Developer Guide).
 *
 * @param apis the nodes of the API
 * @param source the resource with the definition
 */
export function connectDefinition(
  apis: readonly TraceNode[],
  definition: unknown,
  source: Resource,
  map: TraceMapBuilder,
): void {
  const objects = (values: readonly unknown[]): JsonObject[] =>
    values
      .flatMap((value) => map.resolver.at(value, [], source.template))
      .flatMap(({ value }) => (isObject(value) ? [value] : []));

  const shared = objects(valuesOf('x-amazon-apigateway-integrations', definition));
  const integrations = [
    ...valuesOf('x-amazon-apigateway-integration', definition),
    ...shared.flatMap((named) => Object.values(named)),
  ];
  for (const integration of objects(integrations)) {
    connectIntegration(apis, { ...integration, subtype: integration.integrationSubtype }, source, map);
  }
  for (const { authorizerUri: uri } of objects(valuesOf('x-amazon-apigateway-authorizer', definition))) {
    connectIntegration(apis, { uri, isAuthorization: true }, source, map);
  }
}

/**
 * Returns the values of a key anywhere in an OpenAPI definition, branches of `Fn::If` included. Files in
 * S3 that `Fn::Transform` includes are not read.
 */
function valuesOf(key: string, definition: unknown): unknown[] {
  if (Array.isArray(definition)) return definition.flatMap((item) => valuesOf(key, item));
  if (!isObject(definition)) return [];
  return Object.entries(definition).flatMap(([name, value]) => {
    if (name === 'Fn::Transform') return [];
    return name === key ? [value] : valuesOf(key, value);
  });
}
