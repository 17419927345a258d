import { isObject } from '../../json';
import { effectiveProperties } from '../../sam-globals';
import type { Resource } from '../../template';
import { implicitApi } from '../api-gateway/implicit-api';
import { connectIntegration, integrationOf } from '../api-gateway/integration';
import { connectDefinition } from '../api-gateway/open-api';
import { stagesOf } from '../api-gateway/rest-api-stages';
import { connectSamAuthorizers } from '../api-gateway/sam-authorizers';
import type { Connections } from '../connection';
import type { MapBuilder } from '../map-builder';
import { calledByEvents, samEvents } from '../sam-events';

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

function callForEvents(resource: Resource, map: MapBuilder): void {
  const { template } = resource;
  for (const { RestApiId: id } of samEvents(resource, 'Api')) {
    const implicit = implicitApi(id, 'Api', template, map);
    const stages = implicit ? [implicit] : stagesOf(id, template, map);
    for (const stage of stages) map.callOneOf(stage, calledByEvents(resource, map), { by: resource });
    if (implicit?.resource) connectSamAuthorizers(stages, implicit.resource, map);
  }
}
