import { scalarText } from '../cloudformation/json';
import type { Resolver } from '../cloudformation/resolver';
import { isInSamePlace, mayAddResources, type Resource } from '../cloudformation/template';
import { mayWriteLogs } from '../iam/xray-permissions';
import { matchesPattern } from '../iam/policy-document';
import { documentsIn, SPAN_LOG_GROUPS } from '../iam/resource-policy';
import type { TracingModel, TransactionSearch } from './tracing-model';

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
