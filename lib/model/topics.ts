import { mayBeInPlace } from '../cloudformation/arn';
import { type EmbeddedJson, parseEmbeddedJson } from '../cloudformation/embedded-json';
import { isObject, scalarText } from '../cloudformation/json';
import { keyOf, literal, type Reference, type PartialString } from '../cloudformation/partial-string';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';
import type { Topic } from './tracing-model';

/**
 * The SNS topics, with the X-Ray resource policies that cover them: SNS may write traces of a topic only where one
 * lets it ("Active tracing in Amazon SNS", Amazon SNS Developer Guide).
 */
export function topicsOf(resources: readonly Resource[], resolver: Resolver): Topic[] {
  const policies = resources
    .filter(({ type }) => type === 'AWS::XRay::ResourcePolicy')
    .map((resource) => ({ resource, grants: documentsOf(resource, resolver).flatMap(grantsOf) }));
  return resources
    .filter(({ type }) => type === 'AWS::SNS::Topic')
    .map((resource) => {
      const { template, properties } = resource;
      const tracing = resolver.stringsAt(properties, ['TracingConfig'], template);
      const names = resolver.strings(properties.TopicName, template).map(({ value }) => value);
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

type Document = EmbeddedJson<Reference>;

function documentsOf({ properties, template }: Resource, resolver: Resolver): (Document | undefined)[] {
  const texts = resolver.stringsAt(properties, ['PolicyDocument'], template);
  return texts.map(({ value }) => value && parse(value));
}

function parse(text: PartialString): Document | undefined {
  return parseEmbeddedJson(
    text.map((part) => (typeof part === 'object' && part.kind === 'unknown' ? '*' : part)),
  );
}

/** What a statement lets SNS write traces of: the topics of these ARNs, or any where there are none. */
interface Grant {
  readonly sources: readonly Pattern[];
}

/** An ARN, with wildcards perhaps. */
type Pattern = ReturnType<Document['partsOf']>;

/** What a document lets SNS do; one that can't be read may let it do anything. */
function grantsOf(document: Document | undefined): Grant[] {
  if (!document || !isObject(document.json)) return [{ sources: [] }];
  const statements: unknown[] = [document.json.Statement].flat();
  return statements.flatMap((statement) => {
    if (!isObject(statement) || statement.Effect !== 'Allow') return [];
    const text = (value: unknown) => JSON.stringify([value]);
    const actions = text(statement.Action).toLowerCase();
    if (!/"(\*|xray:\*|xray:put\*|xray:puttracesegments)"/.test(actions)) return [];
    if (!/sns\.|"\*"/.test(text(statement.Principal))) return [];
    return [{ sources: sourceArns(statement.Condition).map((arn) => document.partsOf(arn)) }];
  });
}

function covers({ sources }: Grant, topic: Resource, names: readonly (PartialString | undefined)[]): boolean {
  return sources.length === 0 || sources.some((source) => isOf(source, topic, names));
}

function sourceArns(condition: unknown): string[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) =>
    key.toLowerCase() === 'aws:sourcearn'
      ? [value].flat().flatMap((arn) => scalarText(arn) ?? [])
      : sourceArns(value),
  );
}

/** Whether an ARN may be the topic's. */
function isOf(parts: Pattern, topic: Resource, names: readonly (PartialString | undefined)[]): boolean {
  const reference = parts.find((part) => typeof part === 'object');
  if (reference) return reference.resource === topic;
  const arn = keyOf(parts);
  if (!mayBeInPlace(arn, topic.template.source)) return false;
  const pattern = arn.slice(arn.lastIndexOf(':') + 1);
  if (pattern.includes('*') || pattern.includes('?')) return true;
  return names.some((name) => name !== undefined && (literal(name) ?? pattern) === pattern);
}
