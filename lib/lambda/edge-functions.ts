import { objectAt } from '../cloudformation/json';
import { literal } from '../cloudformation/partial-string';
import { type Assumptions, certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';
import { type Pattern, type PolicyValues, writtenStatements } from '../iam/policy-document';
import { principalsIn } from '../iam/resource-policy';

/**
 * Returns the function ARNs in the behaviors of a CloudFront distribution, which runs these functions at the
 * edge ("AWS::CloudFront::Distribution LambdaFunctionAssociation", CloudFormation Template Reference).
 */
export function edgeFunctions({ template, properties }: Resource, resolver: Resolver): Possible<unknown>[] {
  const configs = resolver.at(properties, ['DistributionConfig'], template);
  const behaviors = flatMap(configs, (config) =>
    ['DefaultCacheBehavior', 'CacheBehaviors'].flatMap((name) => resolver.itemsAt(config, name, template)),
  );
  const associations = flatMap(behaviors, (behavior) =>
    resolver.itemsAt(behavior, 'LambdaFunctionAssociations', template),
  );
  return flatMap(associations, (association) =>
    certainly(objectAt({ association }, 'association').LambdaFunctionARN),
  );
}

/** "You can only create Lambda@Edge functions in the US East (N. Virginia) Region" ("Restrictions on Lambda@Edge"). */
const EDGE_REGION = 'us-east-1';

const EDGE_SERVICE = 'edgelambda.amazonaws.com';
const EDGE_PRINCIPALS: readonly string[] = [EDGE_SERVICE, 'lambda.amazonaws.com'];

/** Facts that show that a function runs at the edge although its distribution is not known. */
export interface EdgeEvidence {
  /** The region of the function, if it is known. */
  readonly region: string | undefined;
  /** The trust policies that its roles can have. */
  readonly trustPolicies: readonly { readonly document: unknown; readonly values: PolicyValues }[];
  /** True if other functions have one of the roles. */
  readonly isRoleShared: boolean;
  /** True if anything else than CloudFront invokes it. */
  readonly hasCallers: boolean;
}

/**
 * True if CloudFront alone can run a function: only Lambda and Lambda@Edge may assume its role, which is its own, and
 * nothing invokes it ("Setting IAM permissions and roles for Lambda@Edge", Amazon CloudFront Developer Guide). CDK's
 * `experimental.EdgeFunction` creates such roles. The distribution can be in another region, without a reference.
 */
export function runsOnlyAtEdge({ region, trustPolicies, isRoleShared, hasCallers }: EdgeEvidence): boolean {
  return (
    !isRoleShared &&
    !hasCallers &&
    (region ?? EDGE_REGION) === EDGE_REGION &&
    trustPolicies.length > 0 &&
    trustPolicies.every(({ document, values }) => trustsOnlyEdge(document, values))
  );
}

function trustsOnlyEdge(document: unknown, values: PolicyValues): boolean {
  const statements = writtenStatements(document, values);
  if (statements.some(({ value, when }) => value?.Effect !== 'Allow' || !isAlways(when))) return false;
  const principals = statements.flatMap(({ value }) => principalsIn(value!.Principal, values));
  const isOneOf = (names: readonly string[], { texts }: Pattern) =>
    texts.every(({ value: text }) => text && names.includes(literal(text) ?? ''));
  return (
    principals.some((principal) => principal.isCertain && isOneOf([EDGE_SERVICE], principal)) &&
    principals.every((principal) => isOneOf(EDGE_PRINCIPALS, principal))
  );
}

function isAlways(when: Assumptions): boolean {
  return Object.keys(when).length === 0;
}
