import { literal, OPAQUE, type PartialString } from '../cloudformation/partial-string';
import { ALWAYS, and, type Assumptions, includes, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { isInSamePlace, mayAddResources, type Resource } from '../cloudformation/template';
import { type Contribution, type Tri, unknownGrant, within } from '../iam/policy-document';
import {
  documentsIn,
  matchesTopicArn,
  type PolicyDocument,
  TOPIC_ACTIONS,
  topicContributions,
} from '../iam/resource-policy';
import { NO_BOUNDARY, permissionsFor } from '../iam/xray-permissions';
import type { Topic, XRayResourcePolicy } from './tracing-model';

/** Policies that can be created together, with the conditions under which they are. */
interface Combination {
  readonly policies: readonly Resource[];
  readonly when: Assumptions;
}

/** The maximum number of combinations for an account and region. With more, the smallest are left out. */
const MAX_COMBINATIONS = 64;

/** The number of policies from which only the largest combination is kept. X-Ray allows far fewer. */
const MANY_POLICIES = 20;

/** Returns the X-Ray resource policies, each with those before it in its account and region. */
export function xrayResourcePolicies(
  resources: readonly Resource[],
  resolver: Resolver,
): XRayResourcePolicy[] {
  const combinations = new Map<string, readonly Combination[]>();
  return resources
    .filter(({ type }) => type === 'AWS::XRay::ResourcePolicy')
    .map((resource) => {
      const place = placeOf(resource, resolver);
      const before = combinations.get(place) ?? [{ policies: [], when: ALWAYS }];
      const cases = resolver.casesOf([resource]);
      const joined = before.flatMap(({ policies, when }) =>
        cases.flatMap((created) => {
          const both = and(when, created);
          return both && resolver.isPossible(both) ? [{ policies: [...policies, resource], when: both }] : [];
        }),
      );
      combinations.set(place, largest([...joined, ...before]));
      return { resource, earlier: largest(joined)[0]?.policies.slice(0, -1) ?? [] };
    });
}

/** Returns the largest combinations, without those that are part of another one under the same conditions. */
function largest(combinations: readonly Combination[]): Combination[] {
  const sorted = [...combinations].sort((a, b) => b.policies.length - a.policies.length);
  const maximum = sorted[0]?.policies.length >= MANY_POLICIES ? 1 : MAX_COMBINATIONS;
  const kept: Combination[] = [];
  for (const one of sorted) {
    if (kept.length === maximum) break;
    if (!kept.some(({ when }) => includes(when, one.when))) kept.push(one);
  }
  return kept;
}

/** Returns a key of the account and region of a resource, or of its outermost stack if these are not known. */
function placeOf({ template }: Resource, resolver: Resolver): string {
  const { id, source } = resolver.stacks.outermost(template);
  const { account, region, nestedIn } = source;
  return account === undefined || region === undefined ? (nestedIn?.id ?? id) : `${account} ${region}`;
}

/**
 * Returns the SNS topics, each with the permission of Amazon SNS to write its traces ("Active tracing in Amazon SNS",
 * Amazon SNS Developer Guide).
 */
export function topicsOf(
  resources: readonly Resource[],
  policies: readonly XRayResourcePolicy[],
  resolver: Resolver,
): Topic[] {
  const documents = policies.map(({ resource }) => ({
    resource,
    documents: documentsOf(resource, resolver),
  }));
  const incomplete = resolver.templates.filter(mayAddResources);
  return resources
    .filter(({ type }) => type === 'AWS::SNS::Topic')
    .map((resource) => {
      const { template, properties } = resource;
      const tracing = resolver.stringsAt(properties, ['TracingConfig'], template);
      const names = resolver
        .strings(properties.TopicName, template)
        .flatMap(({ value }) => nameOrWildcard(value));
      const contributions = [
        ...documents
          .filter((policy) => isInSamePlace(policy.resource.template.source, template.source))
          .flatMap((policy) => contributionsTo(resource, names, policy.documents)),
        ...incomplete
          .filter(({ source }) => isInSamePlace(source, template.source))
          .map(() => unknownGrant(ALWAYS)),
      ];
      const modes = resolver.whereCreated(resource, tracing);
      return {
        resource,
        isActiveWhen: (assumed) =>
          resolver.possibleWhen(assumed, modes).some((mode) => mode && literal(mode) === 'Active'),
        permissions: permissionsFor(TOPIC_ACTIONS, { contributions, boundary: NO_BOUNDARY }, (assumed) =>
          resolver.isPossible(assumed),
        ),
      };
    });
}

/** Returns the documents that a resource policy can have, in the cases in which it is created. */
function documentsOf(policy: Resource, resolver: Resolver): Possible<PolicyDocument>[] {
  const { template, properties } = policy;
  // A macro can add the document, and replace it.
  const document = properties['Fn::Transform'] === undefined ? properties.PolicyDocument : OPAQUE;
  return resolver.whereCreated(policy, documentsIn(document, template, resolver));
}

function contributionsTo(
  topic: Resource,
  names: readonly string[],
  documents: readonly Possible<PolicyDocument>[],
): Contribution[] {
  const { account, region } = topic.template.source;
  const isTopic = (arn: PartialString) => matchesArnOf(topic, arn, { account, region, names });
  return documents.flatMap(({ value: { document, values }, when }) =>
    within(when, topicContributions(document, values, isTopic, account)),
  );
}

/** Returns no name if CloudFormation generates it, and `*` if the name is known only at deployment. */
function nameOrWildcard(name: PartialString | undefined): string[] {
  return name ? [literal(name) ?? '*'] : [];
}

function matchesArnOf(
  topic: Resource,
  arn: PartialString,
  parts: Parameters<typeof matchesTopicArn>[1],
): Tri {
  const reference = arn.find((part) => typeof part === 'object' && part.kind === 'reference');
  if (!reference) return matchesTopicArn(arn, parts);
  const { resource } = reference;
  if (resource === topic) return arn.length === 1 ? 'yes' : 'unknown';
  return resource.type === topic.type ? 'no' : 'unknown';
}
