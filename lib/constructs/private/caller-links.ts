import { CfnResource, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { CallerResource } from './caller-resource';
import { memberOf } from './cfn-properties';
import type { FunctionLinks } from './function-links';
import type { FunctionResource } from './function-resource';
import { resolvedProperty, LinkedResources } from './resolve-references';
import { ResourcePolicies } from './xray-resource-policies';

/** A call that a resource tells of. On either side stands a resource, or a rendered value that mentions some. */
interface Call {
  readonly caller: unknown;
  readonly called: unknown;
}

type Calls = (resource: CfnResource) => readonly Call[];

/** How the resources of an app say what calls which functions, by the types of the resources. */
const CALLS: Readonly<Record<string, Calls | undefined>> = {
  'AWS::ApiGateway::Method': (method) => [
    {
      caller: resolvedProperty(method, 'RestApiId'),
      called: memberOf(resolvedProperty(method, 'Integration'), 'Uri'),
    },
  ],
  'AWS::ApiGateway::Authorizer': (authorizer) => [
    {
      caller: resolvedProperty(authorizer, 'RestApiId'),
      called: resolvedProperty(authorizer, 'AuthorizerUri'),
    },
  ],
  'AWS::ApiGateway::RestApi': (api) => [{ caller: api, called: urisIn(resolvedProperty(api, 'Body')) }],
  'AWS::Serverless::Api': (api) => [
    { caller: api, called: urisIn(resolvedProperty(api, 'DefinitionBody')) },
    { caller: api, called: memberOf(resolvedProperty(api, 'Auth'), 'Authorizers') },
  ],
  'AWS::StepFunctions::StateMachine': definitionCalls,
  'AWS::Serverless::StateMachine': definitionCalls,
  'AWS::AppSync::DataSource': (source) => [
    { caller: resolvedProperty(source, 'ApiId'), called: resolvedProperty(source, 'LambdaConfig') },
  ],
  'AWS::AppSync::GraphQLApi': (api) =>
    ['LambdaAuthorizerConfig', 'AdditionalAuthenticationProviders'].map((property) => ({
      caller: api,
      called: resolvedProperty(api, property),
    })),
  'AWS::Serverless::GraphQLApi': (api) => [
    { caller: api, called: resolvedProperty(api, 'Auth') },
    { caller: api, called: memberOf(resolvedProperty(api, 'DataSources'), 'Lambda') },
  ],
  'AWS::SNS::Topic': (topic) => [{ caller: topic, called: resolvedProperty(topic, 'Subscription') }],
  'AWS::SNS::Subscription': (subscription) => [
    {
      caller: resolvedProperty(subscription, 'TopicArn'),
      called: resolvedProperty(subscription, 'Endpoint'),
    },
  ],
  'AWS::Serverless::Function': (fn) => {
    const events = resolvedProperty(fn, 'Events');
    return Object.values(isObject(events) ? events : {}).map((event) => ({
      caller: eventCaller(event),
      called: fn,
    }));
  },
};

/** A definition that is in a file is told the functions that it calls by the substitutions. */
function definitionCalls(machine: CfnResource): Call[] {
  const properties = ['Definition', 'DefinitionString', 'DefinitionSubstitutions'];
  return [{ caller: machine, called: properties.map((property) => resolvedProperty(machine, property)) }];
}

const URIS = ['uri', 'authorizerUri'];

/** The URIs in an OpenAPI definition: of `x-amazon-apigateway-integration` and `x-amazon-apigateway-authorizer`. */
function urisIn(definition: unknown): unknown[] {
  if (Array.isArray(definition)) return definition.flatMap(urisIn);
  if (!isObject(definition) || CfnResource.isCfnResource(definition)) return [];
  return Object.entries(definition).flatMap(([key, value]) => (URIS.includes(key) ? [value] : urisIn(value)));
}

/** Where an event of a SAM function names what calls it. */
const EVENT_CALLERS: Readonly<Record<string, string | undefined>> = { Api: 'RestApiId', SNS: 'Topic' };

function eventCaller(event: unknown): unknown {
  const caller = EVENT_CALLERS[String(memberOf(event, 'Type'))];
  const properties = memberOf(event, 'Properties');
  // The topic's messages go through a queue then.
  if (!caller || memberOf(properties, 'SqsSubscription')) return undefined;
  return memberOf(properties, caller);
}

const STAGE_TYPES = ['AWS::ApiGateway::Stage', 'AWS::ApiGateway::Deployment'];

/**
 * What calls the functions of an app and can be traced by X-Ray: stages of REST APIs, state machines, GraphQL APIs and
 * topics.
 *
 * It reads the construct tree, as `FunctionLinks` does. What only deployment or a file tells, it doesn't know.
 */
export class CallerLinks {
  public readonly resourcePolicies: ResourcePolicies;
  private readonly callers = new Map<CfnResource, Map<CfnResource, CallerResource>>();
  /** By their API, or its ID where that is written out: the API isn't among the resources then. */
  private readonly stages = new Map<CfnResource | string, CfnResource[]>();
  private readonly linked: LinkedResources;

  /**
   * @param root the construct whose tree is looked at: the app
   * @param functions finds the functions in it
   */
  constructor(
    root: IConstruct,
    private readonly functions: FunctionLinks,
  ) {
    const constructs = root.node.findAll();
    const resources = constructs.filter((construct) => CfnResource.isCfnResource(construct));
    this.linked = new LinkedResources(constructs);
    this.resourcePolicies = new ResourcePolicies(constructs);
    for (const stage of resources.filter(({ cfnResourceType: type }) => STAGE_TYPES.includes(type))) {
      for (const api of this.resolve(resolvedProperty(stage, 'RestApiId'), stage)) {
        this.stages.set(api, [...(this.stages.get(api) ?? []), stage]);
      }
    }
    for (const resource of resources) {
      for (const call of CALLS[resource.cfnResourceType]?.(resource) ?? []) this.add(call, resource);
    }
  }

  /** What calls a function directly. */
  public callersOf({ cfn }: FunctionResource): readonly CallerResource[] {
    return [...(this.callers.get(cfn)?.values() ?? [])];
  }

  private resolve(value: unknown, { stack }: CfnResource): (CfnResource | string)[] {
    return typeof value === 'string' && !Token.isUnresolved(value)
      ? [`${stack.account}/${stack.region}/${value}`]
      : this.linked.referencedBy(value, stack);
  }

  private add({ caller, called }: Call, from: CfnResource): void {
    const callers = this.resolve(caller, from)
      .flatMap((meant) => [...(typeof meant === 'string' ? [] : [meant]), ...(this.stages.get(meant) ?? [])])
      .flatMap((resource) => CallerResource.of(resource) ?? []);
    if (callers.length === 0) return;
    for (const { cfn } of this.functions.referencedIn(called, from)) {
      const known = this.callers.get(cfn) ?? new Map<CfnResource, CallerResource>();
      this.callers.set(cfn, known);
      for (const found of callers) known.set(found.cfn, found);
    }
  }
}
