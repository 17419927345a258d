import { isObject } from '../../../cloudformation/json';
import { keyOf, literal, soleReference, type PartialString } from '../../../cloudformation/partial-string';
import type { Possible } from '../../../cloudformation/possible';
import type { Resolver } from '../../../cloudformation/resolver';
import { effectiveProperties } from '../../../cloudformation/sam-globals';
import { addressOf, type Resource, type Template } from '../../../cloudformation/template';
import type { TraceNode } from '../../trace-map';
import type { Connections, TraceMapBuilder } from '../../trace-map-builder';
import { targetsOfEvents, samEvents } from '../sam-events';
import { connectIntegration, integrationOf } from './integration';
import { connectDefinition } from './open-api';
import { connectSamAuthorizers, implicitApi } from './sam-api';

/** "Lambda integrations for REST APIs in API Gateway" (Amazon API Gateway Developer Guide), and authorizers. */
export const REST_APIS: Connections = {
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

  'AWS::Serverless::Function': callForEvents,
  'AWS::Serverless::StateMachine': callForEvents,
};

function callForEvents(resource: Resource, map: TraceMapBuilder): void {
  const { template } = resource;
  for (const { RestApiId: id } of samEvents(resource, 'Api')) {
    const implicit = implicitApi(id, 'Api', template, map);
    const stages = implicit ? [implicit] : stagesOf(id, template, map);
    for (const stage of stages) map.callOneOf(stage, targetsOfEvents(resource, map), { source: resource });
    if (implicit?.resource) connectSamAuthorizers(stages, implicit.resource, map);
  }
}

const SAM_API = 'AWS::Serverless::Api';

/** What makes the stages of REST APIs, by the API. */
interface StageMakers {
  readonly stages: ReadonlyMap<string, readonly Resource[]>;
  /** Deployments that make a stage by themselves. */
  readonly deployments: ReadonlyMap<string, readonly Resource[]>;
}

/**
 * The nodes of a REST API: its stages, since it is stages that trace. An API of which the templates have no stage is
 * one node.
 *
 * @param api the ID of the API
 */
export function stagesOf(api: unknown, template: Template, map: TraceMapBuilder): TraceNode[] {
  return map.resolver
    .strings(api, template)
    .flatMap(({ value: id }) => (id ? stagesById(id, template, map) : []));
}

function stagesById(id: PartialString, { source }: Template, map: TraceMapBuilder): TraceNode[] {
  const { stages, deployments } = map.shared(stageMakers);
  const reference = soleReference(id)?.resource;
  const known = stages.get(keyOfApi(id)) ?? [];
  const all = reference?.type === SAM_API ? [reference, ...known] : known;
  const makers = all.length > 0 ? all : (deployments.get(keyOfApi(id)) ?? []);
  if (makers.length > 0) return makers.flatMap((maker) => map.node(maker, 'rest-api') ?? []);
  if (reference?.type === 'AWS::ApiGateway::RestApi') return [map.node(reference, 'rest-api')!];
  const name = literal(id);
  return name ? [map.outside('rest-api', name, source)] : [];
}

function stageMakers(resolver: Resolver): StageMakers {
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

  function add(maker: Resource, makers: Map<string, Resource[]>): void {
    const ids: Possible<PartialString | undefined>[] = resolver.strings(
      maker.properties.RestApiId,
      maker.template,
    );
    for (const { value: id } of ids) {
      if (!id) continue;
      const known = makers.get(keyOfApi(id)) ?? [];
      makers.set(keyOfApi(id), known);
      known.push(maker);
    }
  }
}

/** The same for `Ref` and for the attribute that is the ID, too. */
function keyOfApi(id: PartialString): string {
  const reference = soleReference(id)?.resource;
  return reference ? addressOf(reference) : keyOf(id);
}
