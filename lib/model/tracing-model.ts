import { scalarText } from '../cloudformation/json';
import type { Assumptions, Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { isInSamePlace, mayAddResources, type Resource, type Template } from '../cloudformation/template';
import { matchesPattern } from '../iam/policy-document';
import { documentsIn, SPAN_LOG_GROUPS } from '../iam/resource-policy';
import type { RoleReference } from '../iam/roles';
import { mayWriteLogs, type XRayPermission } from '../iam/xray-permissions';
import type { EventSourceMapping, LambdaFunction } from '../lambda/lambda-function';
import type { TraceMap } from '../trace-map/trace-map';

/** An SNS topic. */
export interface Topic {
  readonly resource: Resource;
  /** True if its active tracing is on, in each case. */
  isActiveWhen(this: void, assumed: Assumptions): boolean;
  /** The permission of Amazon SNS to write its traces, in each case. */
  readonly permissions: readonly Possible<XRayPermission>[];
}

/** An X-Ray resource policy. */
export interface XRayResourcePolicy {
  readonly resource: Resource;
  /**
   * The policies before it in its account and region that can be created together with it, in the case with the most of
   * them.
   */
  readonly earlier: readonly Resource[];
}

/** A state machine of Step Functions. */
export interface StateMachine {
  readonly resource: Resource;
  /** The property that sets its role. */
  readonly roleProperty: string;
  /** Its role in each case; none for a SAM state machine whose role SAM generates. */
  readonly roles: readonly Possible<RoleReference>[];
  /** Returns true if tracing can be on under additional assumptions. */
  isTracedWhen(this: void, assumed: Assumptions): boolean;
  /** The permission of its role to trace executions, in each case. */
  readonly permissions: readonly Possible<XRayPermission>[];
}

/** A definition of an X-Ray sampling rule. */
export interface SamplingRule {
  readonly resource: Resource;
  /** The path of the definition in the resource's properties. */
  readonly path: readonly string[];
  /** The service types that it can apply to. */
  readonly serviceTypes: readonly Possible<string>[];
}

/** A configuration of Transaction Search. */
export interface TransactionSearch {
  readonly resource: Resource;
  /** The log groups for spans that no policy of the templates lets X-Ray write to. */
  readonly lacking: readonly string[];
}

/** The linked model of templates that are deployed together, limited to what matters for tracing. */
export interface TracingModel {
  readonly templates: readonly Template[];
  /** All resources of the templates. */
  readonly resources: readonly Resource[];
  readonly functions: readonly LambdaFunction[];
  readonly eventSourceMappings: readonly EventSourceMapping[];
  readonly topics: readonly Topic[];
  readonly xrayResourcePolicies: readonly XRayResourcePolicy[];
  readonly stateMachines: readonly StateMachine[];
  readonly samplingRules: readonly SamplingRule[];
  readonly transactionSearch: readonly TransactionSearch[];
  /** True if Transaction Search is on in all accounts and regions, outside of the templates. */
  readonly hasTransactionSearch: boolean;
  /** The model of the previous templates. */
  readonly baseline?: TracingModel;
  /** The trace map. Built on first use. */
  readonly traceMap: TraceMap;
  /**
   * Returns the resources that refer to a version or an alias, or to those that SAM generates for a function.
   */
  usersOf(versionOrAlias: Resource): readonly Resource[];
}

const CONFIG_TYPE = 'AWS::XRay::TransactionSearchConfig';
/** The part of a model that knows where Transaction Search is on. */
type SearchedModel = Pick<TracingModel, 'hasTransactionSearch' | 'transactionSearch'>;

const POLICY_TYPE = 'AWS::Logs::ResourcePolicy';

/** Returns the configurations of Transaction Search, each with the log groups that X-Ray surely can't write to. */
export function transactionSearchOf(resources: readonly Resource[], resolver: Resolver): TransactionSearch[] {
  const configs = resources.filter(({ type }) => type === CONFIG_TYPE);
  if (configs.length === 0) return [];
  const policies = resources.filter(({ type }) => type === POLICY_TYPE);
  const isIncomplete = resolver.templates.some(mayAddResources);
  return configs.map((resource) => {
    const near = policies.filter(({ template }) => isInSamePlace(template.source, resource.template.source));
    const lacking = SPAN_LOG_GROUPS.filter(
      (name) => !near.some((policy) => mayAllow(policy, name, resolver)),
    );
    return { resource, lacking: isIncomplete ? [] : lacking };
  });
}

/**
 * Returns true if Transaction Search is on in the account and region of a resource. Templates without them are in one place
 * if they are deployed together.
 */
export function isSearched(
  resource: Resource | undefined,
  { hasTransactionSearch, transactionSearch }: SearchedModel,
): boolean {
  return hasTransactionSearch || searchOf(resource, transactionSearch) !== undefined;
}

/**
 * Returns the percentage of spans that X-Ray indexes in the account and region of a resource. If it is not set or known only
 * at deployment, it is 1, the default ("Enable transaction search", Amazon CloudWatch User Guide).
 */
export function indexingPercentage(
  resource: Resource | undefined,
  { transactionSearch }: SearchedModel,
): number {
  const value = searchOf(resource, transactionSearch)?.resource.properties.IndexingPercentage;
  const percentage = Number(scalarText(value) ?? NaN);
  return percentage >= 0 && percentage <= 100 ? percentage : 1;
}

function searchOf(
  resource: Resource | undefined,
  configs: readonly TransactionSearch[],
): TransactionSearch | undefined {
  if (!resource) return undefined;
  const { source } = resource.template;
  return configs.find(({ resource: { template } }) => {
    const isKnown = [source, template.source].every(
      ({ account, region }) => account !== undefined && region !== undefined,
    );
    return isInSamePlace(template.source, source) && (isKnown || template.source.group === source.group);
  });
}

/** Returns true unless a policy surely does not let X-Ray write to a log group. */
function mayAllow({ properties, template }: Resource, logGroup: string, resolver: Resolver): boolean {
  return documentsIn(properties.PolicyDocument, template, resolver).some(({ value }) =>
    mayWriteLogs(value, logGroup, isXRay),
  );
}

function isXRay(principal: string): boolean {
  return ['xray.amazonaws.com', 'xray.amazonaws.com.cn'].some((name) => matchesPattern(principal, name));
}
