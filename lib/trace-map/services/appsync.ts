import { objectAt } from '../../cloudformation/json';
import type { Resource, Template } from '../../cloudformation/template';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Connections, TraceMapBuilder } from '../trace-map-builder';

/** Where a data source says what it is, and what a name there is the name of ("AWS::AppSync::DataSource"). */
const SOURCES: readonly (readonly [path: readonly string[], kind?: NodeKind])[] = [
  [['LambdaConfig', 'LambdaFunctionArn'], 'function'],
  [['DynamoDBConfig', 'TableName'], 'table'],
  [['EventBridgeConfig', 'EventBusArn']],
];

/** The same for the data sources of a SAM API, by their kind ("DataSource", AWS SAM Developer Guide). */
const SAM_SOURCES: readonly (readonly [kind: string, property: string, kind?: NodeKind])[] = [
  ['Lambda', 'FunctionArn', 'function'],
  ['DynamoDb', 'TableArn'],
  ['DynamoDb', 'TableName', 'table'],
];

/** Where they name their Lambda authorizers. */
const AUTHORIZERS: ReadonlySet<string> = new Set(['LambdaAuthorizerConfig', 'LambdaAuthorizer']);

/** "Attaching a data source in AWS AppSync", and Lambda authorizers (AWS AppSync Developer Guide). */
export const GRAPHQL_APIS: Connections = {
  'AWS::AppSync::DataSource': (resource, map) => {
    const { template, properties } = resource;
    for (const api of apisOf(properties.ApiId, template, map)) {
      for (const [path, kind] of SOURCES) connect(api, properties, path, kind, resource, map);
    }
  },

  'AWS::AppSync::GraphQLApi': (resource, map) => {
    const { template, properties } = resource;
    const api = map.node(resource)!;
    const more = map.resolver.itemsAt(properties, 'AdditionalAuthenticationProviders', template);
    for (const provider of [properties, ...more.map(({ value }) => value)]) {
      connect(api, provider, ['LambdaAuthorizerConfig', 'AuthorizerUri'], 'function', resource, map);
    }
  },

  'AWS::AppSync::Api': (resource, map) => {
    const { template, properties } = resource;
    const api = map.node(resource)!;
    const configs = map.resolver.at(properties, ['EventConfig'], template);
    for (const { value: config } of configs) {
      for (const { value: provider } of map.resolver.itemsAt(config, 'AuthProviders', template)) {
        connect(api, provider, ['LambdaAuthorizerConfig', 'AuthorizerUri'], 'function', resource, map);
      }
    }
  },

  'AWS::Serverless::GraphQLApi': (resource, map) => {
    const { template, properties } = resource;
    const api = map.node(resource)!;
    for (const [group, property, kind] of SAM_SOURCES) {
      for (const source of Object.values(objectAt(objectAt(properties, 'DataSources'), group))) {
        connect(api, source, [property], kind, resource, map);
      }
    }
    const auth = objectAt(properties, 'Auth');
    const more = map.resolver.itemsAt(auth, 'Additional', template);
    for (const provider of [auth, ...more.map(({ value }) => value)]) {
      connect(api, provider, ['LambdaAuthorizer', 'AuthorizerUri'], 'function', resource, map);
    }
  },
};

function connect(
  api: TraceNode,
  root: unknown,
  path: readonly string[],
  kind: NodeKind | undefined,
  by: Resource,
  map: TraceMapBuilder,
): void {
  const texts = map.resolver.stringsAt(root, path, by.template);
  const meant = texts.flatMap(({ value }) => (value ? map.resolveString(value, by.template, kind) : []));
  map.callOneOf(api, meant, { source: by, isAuthorization: AUTHORIZERS.has(path[0]) });
}

function apisOf(api: unknown, template: Template, map: TraceMapBuilder): TraceNode[] {
  return map
    .resolve(api, template, 'graphql-api')
    .flatMap(({ node }) => (node.kind === 'graphql-api' || node.kind === 'event-api' ? [node] : []));
}
