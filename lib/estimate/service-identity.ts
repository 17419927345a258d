import type { NodeKind } from '../model/paths/trace-map';
import type { TraceNode } from '../model/paths/trace-map';
import { isObject, type JsonObject, scalarText } from '../model/json';
import { effectiveProperties } from '../model/sam-globals';
import type { Resource } from '../model/template';

/** By what sampling rules know a service. */
export interface ServiceIdentity {
  readonly type: string;
  /** Nothing where the template doesn't write it out. */
  readonly name?: string;
}

/** The origins of their segments, by which rules know services ("Configure sampling rules", AWS X-Ray Developer Guide). */
const TYPES: Partial<Readonly<Record<NodeKind, string>>> = {
  'rest-api': 'AWS::ApiGateway::Stage',
  'graphql-api': 'AWS::AppSync::GraphQLAPI',
  'state-machine': 'AWS::StepFunctions::StateMachine',
};

/** How the names of services are made; a stage's is `{api-name}/{stage-name}`. */
const NAMES: Readonly<Record<string, (properties: JsonObject, resource: Resource) => unknown>> = {
  'AWS::ApiGateway::Stage': (properties, resource) =>
    stageName(apiOf(properties.RestApiId, resource)?.properties.Name, properties.StageName),
  'AWS::Serverless::Api': ({ Name: name, StageName: stage }) => stageName(name, stage),
  'AWS::StepFunctions::StateMachine': ({ StateMachineName: name }) => name,
  'AWS::Serverless::StateMachine': ({ Name: name }) => name,
};

/** What sampling rules see of a node; nothing where they aren't for its kind. */
export function identityOf({ kind, resource }: TraceNode): ServiceIdentity | undefined {
  const type = TYPES[kind];
  if (type === undefined) return undefined;
  const name = resource && NAMES[resource.type]?.(effectiveProperties(resource), resource);
  return typeof name === 'string' ? { type, name } : { type };
}

function apiOf(id: unknown, { template }: Resource): Resource | undefined {
  const logicalId = isObject(id) ? id.Ref : undefined;
  return typeof logicalId === 'string' ? template.resources.get(logicalId) : undefined;
}

function stageName(api: unknown, stage: unknown): string | undefined {
  const parts = [scalarText(api), scalarText(stage)];
  return parts.includes(undefined) ? undefined : parts.join('/');
}
