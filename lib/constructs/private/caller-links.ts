import { CfnResource, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import type { PartialString } from '../../cloudformation/partial-string';
import { listAll } from '../../text/printable';
import {
  insertStageVariables,
  invokedFunction,
  STAGE_VARIABLES,
} from '../../trace-map/services/api-gateway/integration';
import { type LambdaTracingActiveOptions, TracingPermissions } from '../tracing-props';
import { addAcknowledgeableWarning } from './acknowledgements';
import { perSynthesis, stageOf } from './aspects-across-stages';
import { CallerResource } from './caller-resource';
import { type FunctionResource, memberOf } from './cfn-resources';
import { grantTracing, isTracingPrevented, type RoleUser, tryGrantTracing } from './execution-role';
import type { FunctionLinks } from './function-links';
import { partialString } from './rendered-values';
import { resolvedProperty } from './resolve-references';
import { validatePermissions } from './validate-props';
import { permitTopic, ResourcePolicies } from './xray-resource-policies';
import { STEP_FUNCTIONS_ACTIONS } from './role-permissions';

/** A call that a resource defines. Each side is a resource or a rendered value that references resources. */
interface Call {
  readonly caller: unknown;
  readonly called: unknown;
}

type Calls = (resource: CfnResource) => readonly Call[];

/**
 * The calls that resources define, by resource type.
 *
 * The checker finds the same calls in `lib/trace-map/services`. Those functions read values of a template, where every
 * reference is a logical ID. These read CDK values before the templates exist, where references are constructs.
 */
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

/** A definition in a file references functions by its substitutions. */
function definitionCalls(machine: CfnResource): Call[] {
  const properties = ['Definition', 'DefinitionString', 'DefinitionSubstitutions'];
  return [{ caller: machine, called: properties.map((property) => resolvedProperty(machine, property)) }];
}

const URIS = ['uri', 'authorizerUri'];

/** Returns the URIs of integrations and authorizers in an OpenAPI definition with API Gateway extensions. */
function urisIn(definition: unknown): unknown[] {
  if (Array.isArray(definition)) return definition.flatMap(urisIn);
  if (!isObject(definition) || CfnResource.isCfnResource(definition)) return [];
  return Object.entries(definition).flatMap(([key, value]) => (URIS.includes(key) ? [value] : urisIn(value)));
}

/** The property of a SAM event that references the caller, by event type. */
const EVENT_CALLERS: Readonly<Record<string, string | undefined>> = { Api: 'RestApiId', SNS: 'Topic' };

function eventCaller(event: unknown): unknown {
  const caller = EVENT_CALLERS[String(memberOf(event, 'Type'))];
  const properties = memberOf(event, 'Properties');
  // With a queue between them, the topic does not call the function.
  if (!caller || memberOf(properties, 'SqsSubscription')) return undefined;
  return memberOf(properties, caller);
}

const STAGE_TYPES = ['AWS::ApiGateway::Stage', 'AWS::ApiGateway::Deployment'];

/**
 * The callers of a stage's functions that X-Ray can trace: stages of REST APIs, state machines, GraphQL APIs and topics.
 *
 * It reads the construct tree, like `FunctionLinks`. Calls that are known only at deployment or defined in a file are
 * not found.
 */
export class CallerLinks {
  public readonly resourcePolicies: ResourcePolicies;
  private readonly callers = new Map<CfnResource, Map<CfnResource, CallerResource>>();
  /** The stages of each API, by the API's resource, or by its account, region and ID if it is not in the app. */
  private readonly stages = new Map<CfnResource | string, CfnResource[]>();

  /**
   * @param construct a construct of the stage that the callers are in
   * @param functions the functions in the app
   */
  constructor(
    construct: IConstruct,
    private readonly functions: FunctionLinks,
  ) {
    const resources = functions
      .constructsWith(construct)
      .filter((candidate) => CfnResource.isCfnResource(candidate));
    this.resourcePolicies = new ResourcePolicies(
      functions.resourcesOfType('AWS::XRay::ResourcePolicy'),
      functions,
    );
    for (const stage of resources.filter(({ cfnResourceType: type }) => STAGE_TYPES.includes(type))) {
      for (const api of this.resolve(resolvedProperty(stage, 'RestApiId'), stage)) {
        this.stages.set(api, [...(this.stages.get(api) ?? []), stage]);
      }
    }
    for (const resource of resources) {
      for (const call of CALLS[resource.cfnResourceType]?.(resource) ?? []) this.add(call, resource);
    }
  }

  /** Returns the direct callers of a function. */
  public callersOf({ cfn }: FunctionResource): readonly CallerResource[] {
    return [...(this.callers.get(cfn)?.values() ?? [])];
  }

  private resolve(value: unknown, from: CfnResource): readonly (CfnResource | string)[] {
    return typeof value === 'string' && !Token.isUnresolved(value)
      ? [`${from.stack.account}/${from.stack.region}/${value}`]
      : this.functions.referencedBy(value, from);
  }

  private add({ caller, called }: Call, from: CfnResource): void {
    const callers = this.resolve(caller, from)
      .flatMap((target) => [
        ...(typeof target === 'string' ? [] : [target]),
        ...(this.stages.get(target) ?? []),
      ])
      .flatMap((resource) => CallerResource.of(resource) ?? []);
    if (callers.length === 0) return;
    for (const { cfn } of this.functions.referencedIn(called, from)) {
      for (const found of callers) this.addCaller(cfn, found);
    }
    for (const uri of [called].flat().map((value) => partialString(value, from.stack))) {
      if (!uri.some((part) => typeof part === 'string' && part.includes('${stageVariables.'))) continue;
      for (const found of callers) {
        const invoked = invokedFunction(insertStageVariables(uri, (name) => stageVariable(name, found.cfn)));
        for (const fn of invoked ? this.functions.functionNamed(invoked, from) : [])
          this.addCaller(fn, found);
      }
    }
  }

  private addCaller(fn: CfnResource, caller: CallerResource): void {
    const callers = this.callers.get(fn) ?? new Map<CfnResource, CallerResource>();
    this.callers.set(fn, callers.set(caller.cfn, caller));
  }
}

/** Returns the value of a variable of a stage. */
function stageVariable(name: string, stage: CfnResource): PartialString {
  const [property, ...path] = [...(STAGE_VARIABLES.get(stage.cfnResourceType) ?? []), name];
  const value = path.reduce(memberOf, resolvedProperty(stage, property));
  return partialString(value, stage.stack);
}

/** The ID of the warning on a caller whose tracing is not turned on. */
const CALLER_NOT_TRACED = 'cdk-lambda-xray:callerNotTraced';

/** Applies the options of one `LambdaTracing` call to the callers of functions. */
export class CallerTracing {
  private readonly permissions: TracingPermissions;
  private readonly overwrite: boolean;
  private readonly permitsTopics: boolean;
  /** The callers with a role that this call turned on in the current synthesis, with a way back. */
  private readonly turnedOn = perSynthesis(() => new Map<CallerResource, () => void>());

  /**
   * @param options the options given by the user
   * @param source the name of the call in errors, such as `LambdaTracing.of('Stack')`
   * @throws if an option is invalid
   */
  constructor(options: LambdaTracingActiveOptions, source: string) {
    this.permissions = validatePermissions(options.tracingPermissions, source);
    this.overwrite = options.overwrite ?? false;
    this.permitsTopics = (options.topicPolicies ?? true) && this.permissions !== TracingPermissions.NONE;
  }

  /**
   * Turns on tracing and grants permissions, unless tracing is already set and `overwrite` is not. A setting that is known
   * only at deployment is kept, and the role of its state machine gets the permissions. A state machine is traced
   * only if its role can get the permissions, or is known to have them, and nothing prevents their use.
   */
  public apply(caller: CallerResource, { resourcePolicies }: CallerLinks): void {
    const user = roleUserOf(caller);
    if (caller.isOn) {
      if (user) grantTracing(user, this.permissions, STEP_FUNCTIONS_ACTIONS);
    } else {
      if (caller.isSet && !this.overwrite) {
        if (user && caller.isDeployTime) grantTracing(user, this.permissions, STEP_FUNCTIONS_ACTIONS);
        return;
      }
      if (caller.mayRejectChange) {
        warn(caller, STAGE_NOT_TRACED);
        return;
      }
      if (user && isTracingPrevented(user, this.permissions, STEP_FUNCTIONS_ACTIONS)) {
        warn(caller, ROLE_PREVENTED);
        return;
      }
      if (user && !tryGrantTracing(user, this.permissions, STEP_FUNCTIONS_ACTIONS)) {
        warn(caller, ROLE_NOT_CHANGED);
        return;
      }
      if (user) this.turnedOn().set(caller, caller.tracingRestorer());
      caller.turnOn();
    }
    const { cfn } = caller;
    if (cfn.cfnResourceType === 'AWS::SNS::Topic' && this.permitsTopics) permitTopic(cfn, resourcePolicies);
  }

  /**
   * Turns tracing off again for callers whose role an aspect prevented from using X-Ray after it was turned on. Call it
   * when all aspects have run.
   *
   * @param stage the stage whose callers are checked
   */
  public recheck(stage: IConstruct): void {
    for (const [caller, restore] of this.turnedOn()) {
      const user = stageOf(caller.cfn) === stage && caller.isOn ? roleUserOf(caller) : undefined;
      if (!user || !isTracingPrevented(user, this.permissions, STEP_FUNCTIONS_ACTIONS)) continue;
      restore();
      warn(caller, ROLE_PREVENTED);
    }
  }
}

/** Returns a caller with its role, if it sends traces with the permissions of a role. */
function roleUserOf(caller: CallerResource): RoleUser | undefined {
  const { cfn, construct, role, roleProperty, isServerless } = caller;
  return roleProperty === undefined ? undefined : { cfn, construct, role, roleProperty, isServerless };
}

const STAGE_NOT_TRACED =
  'creates the stage of an API that calls functions with active tracing, but tracing of the stage was not turned on, ' +
  'because CloudFormation may reject a changed description of an existing stage. If the stage is new, set TracingEnabled ' +
  'in the StageDescription. Otherwise, define the stage as an AWS::ApiGateway::Stage.';

const ROLE_PREVENTED =
  'calls functions with active tracing, but its tracing was not turned on, because a policy or the permissions boundary of ' +
  `its execution role prevents it from using X-Ray. Allow ${listAll(STEP_FUNCTIONS_ACTIONS.actions)} there. To leave the ` +
  'state machine untraced, add it to exclude.';

const ROLE_NOT_CHANGED =
  "calls functions with active tracing, but its tracing was not turned on, because this app can't change its execution " +
  `role, and the role is not known to allow ${listAll(STEP_FUNCTIONS_ACTIONS.actions)}. Attach the AWS managed policy ` +
  'AWSXRayDaemonWriteAccess to the role, and turn on tracing of the state machine. To leave it untraced, add it to exclude.';

function warn({ construct }: CallerResource, reason: string): void {
  addAcknowledgeableWarning(construct, CALLER_NOT_TRACED, `'${construct.node.path}' ${reason}`);
}
