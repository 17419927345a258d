import { literal, type PartialString } from '../cloudformation/partial-string';
import { certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { isInSamePlace, type Resource } from '../cloudformation/template';
import type { Contribution, Tri } from '../iam/policy-document';
import {
  documentsIn,
  matchesTopicArn,
  type PolicyDocument,
  TOPIC_ACTIONS,
  topicContributions,
} from '../iam/resource-policy';
import { NO_BOUNDARY, permissionsFor } from '../iam/xray-permissions';
import type { Topic, XRayResourcePolicy } from './tracing-model';

/** Returns the X-Ray resource policies, each with the conditions under which it is created. */
export function xrayResourcePolicies(
  resources: readonly Resource[],
  resolver: Resolver,
): XRayResourcePolicy[] {
  return resources
    .filter(({ type }) => type === 'AWS::XRay::ResourcePolicy')
    .map((resource) => ({
      resource,
      created: resolver.whereCreated(resource, certainly(true)).map(({ when }) => when),
    }));
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
  return resources
    .filter(({ type }) => type === 'AWS::SNS::Topic')
    .map((resource) => {
      const { template, properties } = resource;
      const tracing = resolver.stringsAt(properties, ['TracingConfig'], template);
      const names = resolver
        .strings(properties.TopicName, template)
        .flatMap(({ value }) => nameOrWildcard(value));
      const contributions = documents
        .filter((policy) => isInSamePlace(policy.resource.template.source, template.source))
        .flatMap((policy) => contributionsTo(resource, names, policy.documents));
      return {
        resource,
        isActive: resolver.whereCreated(resource, tracing).map(({ value, when }) => ({
          value: value !== undefined && literal(value) === 'Active',
          when,
        })),
        permissions: permissionsFor(TOPIC_ACTIONS, { contributions, boundary: NO_BOUNDARY }, (assumed) =>
          resolver.isPossible(assumed),
        ),
      };
    });
}

/** Returns the documents that a resource policy can have, in the cases in which it is created. */
function documentsOf(policy: Resource, resolver: Resolver): Possible<PolicyDocument>[] {
  const { template, properties } = policy;
  return resolver.whereCreated(policy, documentsIn(properties.PolicyDocument, template, resolver));
}

function contributionsTo(
  topic: Resource,
  names: readonly string[],
  documents: readonly Possible<PolicyDocument>[],
): Contribution[] {
  const { account, region } = topic.template.source;
  const isTopic = (arn: PartialString) => matchesArnOf(topic, arn, { account, region, names });
  return flatMap(documents, ({ document, values }) =>
    topicContributions(document, values, isTopic, account).map((value) => ({ value, when: value.when })),
  ).map(({ value, when }) => ({ ...value, when }));
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
