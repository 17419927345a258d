import { objectAt } from '../../cloudformation/json';
import type { Resource, Template } from '../../cloudformation/template';
import type { Connections, Services } from '../service';
import type { NodeKind, TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';

/** Paths at which a data source names its target, and the kind that a plain name has ("AWS::AppSync::DataSource"). */
const DATA_SOURCES: readonly (readonly [path: readonly string[], kind?: NodeKind])[] = [
  [['LambdaConfig', 'LambdaFunctionArn'], 'function'],
  [['DynamoDBConfig', 'TableName'], 'table'],
  [['EventBridgeConfig', 'EventBusArn']],
];

/** Properties that name the target of a SAM API's data sources ("DataSource", AWS SAM Developer Guide). */
const SAM_DATA_SOURCES: readonly (readonly [group: string, property: string, kind?: NodeKind])[] = [
  ['Lambda', 'FunctionArn', 'function'],
  ['DynamoDb', 'TableArn'],
  ['DynamoDb', 'TableName', 'table'],
];

/** Properties with a Lambda authorizer, in CloudFormation and SAM. */
const AUTHORIZERS: ReadonlySet<string> = new Set(['LambdaAuthorizerConfig', 'LambdaAuthorizer']);

/** "Attaching a data source in AWS AppSync", and Lambda authorizers (AWS AppSync Developer Guide). */
const GRAPHQL_CONNECTIONS: Connections = {
  'AWS::AppSync::DataSource': (resource, map) => {
    const { template, properties } = resource;
    for (const api of apisOf(properties.ApiId, template, map)) {
      for (const [path, kind] of DATA_SOURCES) connect(api, properties, path, kind, resource, map);
    }
  },

  'AWS::AppSync::GraphQLApi': (resource, map) => {
    const { template, properties } = resource;
    const api = map.node(resource)!;
    const additional = map.resolver.itemsAt(properties, 'AdditionalAuthenticationProviders', template);
    for (const provider of [properties, ...additional.map(({ value }) => value)]) {
      connect(api, provider, ['LambdaAuthorizerConfig', 'AuthorizerUri'], 'function', resource, map);
    }
  },

  'AWS::Serverless::GraphQLApi': (resource, map) => {
    const { template, properties } = resource;
    const api = map.node(resource)!;
    for (const [group, property, kind] of SAM_DATA_SOURCES) {
      for (const source of Object.values(objectAt(objectAt(properties, 'DataSources'), group))) {
        connect(api, source, [property], kind, resource, map);
      }
    }
    const auth = objectAt(properties, 'Auth');
    const additional = map.resolver.itemsAt(auth, 'Additional', template);
    for (const provider of [auth, ...additional.map(({ value }) => value)]) {
      connect(api, provider, ['LambdaAuthorizer', 'AuthorizerUri'], 'function', resource, map);
    }
  },
};

const EVENT_API_CONNECTIONS: Connections = {
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
};

function connect(
  api: TraceNode,
  root: unknown,
  path: readonly string[],
  kind: NodeKind | undefined,
  source: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = source;
  const strings = map.resolver.stringsAt(root, path, template);
  const targets = strings.flatMap(({ value }) => (value ? map.resolveString(value, template, kind) : []));
  map.callOneOf(api, targets, { source, isAuthorization: AUTHORIZERS.has(path[0]) });
}

function apisOf(api: unknown, template: Template, map: TraceMapBuilder): TraceNode[] {
  return map
    .resolve(api, template, 'graphql-api')
    .flatMap(({ node }) => (node.kind === 'graphql-api' || node.kind === 'event-api' ? [node] : []));
}

const SOURCE = {
  title: 'Using AWS X-Ray to trace requests in AWS AppSync',
  url: 'https://docs.aws.amazon.com/appsync/latest/devguide/x-ray-tracing.html',
};

export const APPSYNC = {
  'graphql-api': {
    title: 'AWS AppSync (GraphQL API)',
    source: SOURCE,
    types: ['AWS::AppSync::GraphQLApi', 'AWS::Serverless::GraphQLApi'],
    arn: { service: 'appsync', prefix: 'apis/' },
    // The page does not say that a header is propagated while tracing is off.
    propagation: 'breaks',
    invocation: 'synchronous',
    tracingProperty: {
      'AWS::AppSync::GraphQLApi': ['XrayEnabled', 'true'],
      'AWS::Serverless::GraphQLApi': ['XrayEnabled', 'true'],
    },
    callActions: ['appsync:GraphQL'],
    connections: GRAPHQL_CONNECTIONS,
  },
  'event-api': {
    title: 'AWS AppSync (Event API)',
    source: SOURCE,
    types: ['AWS::AppSync::Api'],
    // The page covers GraphQL APIs only.
    propagation: 'breaks',
    invocation: 'synchronous',
    callActions: ['appsync:EventPublish'],
    connections: EVENT_API_CONNECTIONS,
  },
} satisfies Services;
