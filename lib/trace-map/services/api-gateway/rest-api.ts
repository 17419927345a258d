import { isObject } from '../../../cloudformation/json';
import { keyOf, literal, soleReference, type PartialString } from '../../../cloudformation/partial-string';
import type { Possible } from '../../../cloudformation/possible';
import type { Resolver } from '../../../cloudformation/resolver';
import { effectiveProperties } from '../../../cloudformation/sam-globals';
import { addressOf, type Resource, type Template } from '../../../cloudformation/template';
import type { Connections, Services } from '../../service';
import type { TraceNode } from '../../trace-map';
import type { TraceMapBuilder } from '../../trace-map-builder';
import { connectSamAuthorizers, implicitApi, samEventsOfType, samEventTargets } from '../sam';
import { connectDefinition, connectIntegration, integrationOf } from './integration';

/** "Lambda integrations for REST APIs in API Gateway" (Amazon API Gateway Developer Guide), and authorizers. */
const CONNECTIONS: Connections = {
  'AWS::ApiGateway::Method': (resource, map) => {
    const { template, properties } = resource;
    const stages = stagesOf(properties.RestApiId, template, map);
    for (const { value: integration } of map.resolver.at(properties, ['Integration'], template)) {
      if (isObject(integration)) connectIntegration(stages, integrationOf(integration), resource, map);
    }
  },

  'AWS::ApiGateway::Authorizer': (resource, map) => {
    const { template, properties } = resource;
    const stages = stagesOf(properties.RestApiId, template, map);
    connectIntegration(stages, { uri: properties.AuthorizerUri, isAuthorization: true }, resource, map);
  },

  'AWS::ApiGateway::RestApi': (resource, map) => {
    const { logicalId, template, properties } = resource;
    connectDefinition(stagesOf({ Ref: logicalId }, template, map), properties.Body, resource, map);
  },

  'AWS::Serverless::Api': (resource, map) => {
    const stages = stagesOf({ Ref: resource.logicalId }, resource.template, map);
    connectDefinition(stages, effectiveProperties(resource).DefinitionBody, resource, map);
    connectSamAuthorizers(stages, resource, map);
  },

  'AWS::Serverless::Function': connectSamEvents,
  'AWS::Serverless::StateMachine': connectSamEvents,
};

function connectSamEvents(resource: Resource, map: TraceMapBuilder): void {
  const { template } = resource;
  for (const { RestApiId: id } of samEventsOfType('Api', resource)) {
    const implicit = implicitApi(id, 'Api', template, map);
    const stages = implicit ? [implicit] : stagesOf(id, template, map);
    for (const stage of stages) map.callOneOf(stage, samEventTargets(resource, map), { source: resource });
    if (implicit?.resource) connectSamAuthorizers(stages, implicit.resource, map);
  }
}

const SAM_API = 'AWS::Serverless::Api';

/** The resources that create the stages of REST APIs, by the API. */
interface StageResources {
  readonly stages: ReadonlyMap<string, readonly Resource[]>;
  /** Deployments that create a stage. */
  readonly deployments: ReadonlyMap<string, readonly Resource[]>;
}

/**
 * Returns the nodes of a REST API: its stages, which have the tracing setting. An API without a stage in the templates
 * is one node.
 *
 * @param api the ID of the API
 */
export function stagesOf(api: unknown, template: Template, map: TraceMapBuilder): TraceNode[] {
  return map.resolver
    .strings(api, template)
    .flatMap(({ value: id }) => (id ? stagesById(id, template, map) : []));
}

function stagesById(id: PartialString, { source }: Template, map: TraceMapBuilder): TraceNode[] {
  const { stages, deployments } = map.shared(stageResources);
  const reference = soleReference(id)?.resource;
  const known = stages.get(keyOfApi(id)) ?? [];
  const all = reference?.type === SAM_API ? [reference, ...known] : known;
  const creators = all.length > 0 ? all : (deployments.get(keyOfApi(id)) ?? []);
  if (creators.length > 0) return creators.flatMap((creator) => map.node(creator, 'rest-api') ?? []);
  if (reference?.type === 'AWS::ApiGateway::RestApi') return [map.node(reference, 'rest-api')!];
  const name = literal(id);
  return name ? [map.outside('rest-api', name, source)] : [];
}

function stageResources(resolver: Resolver): StageResources {
  const stages = new Map<string, Resource[]>();
  const deployments = new Map<string, Resource[]>();
  for (const { resources } of resolver.templates) {
    for (const resource of resources.values()) {
      const { type, properties } = resource;
      if (type === 'AWS::ApiGateway::Stage') add(resource, stages);
      if (type === 'AWS::ApiGateway::Deployment' && properties.StageName !== undefined) {
        add(resource, deployments);
      }
    }
  }
  return { stages, deployments };

  function add(creator: Resource, creatorsByApi: Map<string, Resource[]>): void {
    const ids: Possible<PartialString | undefined>[] = resolver.strings(
      creator.properties.RestApiId,
      creator.template,
    );
    for (const { value: id } of ids) {
      if (!id) continue;
      const known = creatorsByApi.get(keyOfApi(id)) ?? [];
      creatorsByApi.set(keyOfApi(id), known);
      known.push(creator);
    }
  }
}

/** Returns a key that is equal for `Ref` and for the attribute with the ID. */
function keyOfApi(id: PartialString): string {
  const reference = soleReference(id)?.resource;
  return reference ? addressOf(reference) : keyOf(id);
}

export const REST_API = {
  'rest-api': {
    title: 'Amazon API Gateway (REST API)',
    source: {
      title: 'Trace user requests to REST APIs using X-Ray in API Gateway',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html',
    },
    types: ['AWS::ApiGateway::Stage', 'AWS::Serverless::Api'],
    arn: { service: 'apigateway', prefix: '/restapis/' },
    // "If you call an API Gateway API from a service that's already being traced, API Gateway passes the trace through,
    // even if X-Ray tracing isn't enabled on the API."
    propagation: 'propagates',
    isCalledByClients: true,
    invocation: 'synchronous',
    tracingProperty: {
      'AWS::ApiGateway::Stage': ['TracingEnabled', 'true'],
      'AWS::ApiGateway::Deployment': ['StageDescription.TracingEnabled', 'true'],
      'AWS::Serverless::Api': ['TracingEnabled', 'true'],
    },
    callActions: ['execute-api:Invoke'],
    connections: CONNECTIONS,
  },
} satisfies Services;
