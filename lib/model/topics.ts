import { parseEmbeddedJson } from '../cloudformation/embedded-json';
import { isIntrinsic, isObject } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import { certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { isInSamePlace, type Resource } from '../cloudformation/template';
import { type Contribution, type PolicyValues, templateValues, type Tri } from '../iam/policy-document';
import { embeddedValues, matchesTopicArn, TOPIC_ACTIONS, topicContributions } from '../iam/resource-policy';
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

/** A policy document, and the reader of its values. */
interface Document {
  readonly document: unknown;
  readonly values: PolicyValues;
}

/** Returns the documents that a resource policy can have. A document that can't be read can allow anything. */
function documentsOf(policy: Resource, resolver: Resolver): Possible<Document>[] {
  const { template, properties } = policy;
  const documents = flatMap(resolver.at(properties, ['PolicyDocument'], template), (found) => {
    const values = templateValues(template, resolver);
    if (isObject(found) && !isIntrinsic(found)) return certainly<Document>({ document: found, values });
    return flatMap(resolver.strings(found, template), (text) => {
      const embedded = text && parseEmbeddedJson(text);
      return certainly<Document>(
        embedded
          ? { document: embedded.json, values: embeddedValues(embedded.partsOf) }
          : { document: found, values },
      );
    });
  });
  return resolver.whereCreated(policy, documents);
}

function contributionsTo(
  topic: Resource,
  names: readonly string[],
  documents: readonly Possible<Document>[],
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
  const { resource } = reference as Extract<typeof reference, { kind: 'reference' }>;
  if (resource === topic) return arn.length === 1 ? 'yes' : 'unknown';
  return resource.type === topic.type ? 'no' : 'unknown';
}
