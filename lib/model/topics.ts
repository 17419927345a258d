import { type EmbeddedJson, parseEmbeddedJson } from '../cloudformation/embedded-json';
import { keyOf, literal, type PartialString, type Reference } from '../cloudformation/partial-string';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';
import { mayMatchTopic, topicGrantsOf } from '../iam/resource-policy';
import type { Topic } from './tracing-model';

/**
 * Returns the SNS topics, each with the X-Ray resource policies that allow Amazon SNS to write its traces
 * ("Active tracing in Amazon SNS", Amazon SNS Developer Guide).
 */
export function topicsOf(resources: readonly Resource[], resolver: Resolver): Topic[] {
  const policies = resources
    .filter(({ type }) => type === 'AWS::XRay::ResourcePolicy')
    .map((resource) => ({ resource, grants: documentsOf(resource, resolver).flatMap(grantsIn) }));
  return resources
    .filter(({ type }) => type === 'AWS::SNS::Topic')
    .map((resource) => {
      const { template, properties } = resource;
      const tracing = resolver.stringsAt(properties, ['TracingConfig'], template);
      const names = resolver
        .strings(properties.TopicName, template)
        .flatMap(({ value }) => nameOrWildcard(value));
      return {
        resource,
        isActive: resolver.whereCreated(resource, tracing).map(({ value, when }) => ({
          value: value !== undefined && literal(value) === 'Active',
          when,
        })),
        resourcePolicies: policies
          .filter(({ grants }) => grants.some((grant) => covers(grant, resource, names)))
          .map((policy) => policy.resource),
      };
    });
}

/** A source ARN of a policy statement, which can contain wildcards and references. */
type SourceArn = ReturnType<EmbeddedJson<Reference>['partsOf']>;

/** The source ARNs that a policy statement is limited to; empty if it applies to all topics. */
type Grant = readonly SourceArn[];

function documentsOf({ properties, template }: Resource, resolver: Resolver): (PartialString | undefined)[] {
  return resolver.stringsAt(properties, ['PolicyDocument'], template).map(({ value }) => value);
}

function grantsIn(document: PartialString | undefined): Grant[] {
  const parsed =
    document &&
    parseEmbeddedJson(
      document.map((part) => (typeof part === 'object' && part.kind === 'unknown' ? '*' : part)),
    );
  return topicGrantsOf(parsed?.json).map(({ sourceArns }) => sourceArns.map((arn) => parsed!.partsOf(arn)));
}

/** Returns no name if CloudFormation generates it, and `*` if the name is known only at deployment. */
function nameOrWildcard(name: PartialString | undefined): string[] {
  return name ? [literal(name) ?? '*'] : [];
}

function covers(sourceArns: Grant, topic: Resource, names: readonly string[]): boolean {
  return sourceArns.length === 0 || sourceArns.some((arn) => mayBeArnOf(arn, topic, names));
}

function mayBeArnOf(arn: SourceArn, topic: Resource, names: readonly string[]): boolean {
  const reference = arn.find((part) => typeof part === 'object');
  if (reference) return reference.resource === topic;
  const { account, region } = topic.template.source;
  return mayMatchTopic(keyOf(arn), { account, region, names });
}
