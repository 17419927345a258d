import { isObject, scalarText } from './json';
import type { Resolver } from './resolver';
import type { Resource } from './template';
import { literal, type Reference, type Text } from './text';
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
      const tracing = resolver.textsAt(properties, ['TracingConfig'], template);
      const names = resolver.texts(properties.TopicName, template).map(({ value }) => value);
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

/** A policy document that is written as a string, with each reference in it under a mark. */
interface MarkedDocument {
  readonly json: unknown;
  readonly references: ReadonlyMap<string, Reference>;
}

function documentsOf({ properties, template }: Resource, resolver: Resolver): (MarkedDocument | undefined)[] {
  const texts = resolver.textsAt(properties, ['PolicyDocument'], template);
  return texts.map(({ value }) => value && parse(value));
}

function parse(text: Text): MarkedDocument | undefined {
  const references = new Map<string, Reference>();
  const written = text
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.kind === 'unknown') return '*';
      const mark = `#${references.size}#`;
      references.set(mark, part);
      return mark;
    })
    .join('');
  try {
    return { json: JSON.parse(written), references };
  } catch {
    return undefined;
  }
}

/** What a statement lets SNS write traces of: the topics of these ARNs, or any where there are none. */
interface Grant {
  readonly sources: readonly string[];
  readonly references: ReadonlyMap<string, Reference>;
}

/** What a document lets SNS do; one that can't be read may let it do anything. */
function grantsOf(document: MarkedDocument | undefined): Grant[] {
  if (!document || !isObject(document.json)) return [{ sources: [], references: new Map() }];
  const statements: unknown[] = [document.json.Statement].flat();
  return statements.flatMap((statement) => {
    if (!isObject(statement) || statement.Effect !== 'Allow') return [];
    const text = (value: unknown) => JSON.stringify(value) ?? '';
    const actions = text(statement.Action).toLowerCase();
    if (!/"(\*|xray:\*|xray:put\*|xray:puttracesegments)"/.test(actions)) return [];
    if (!/sns\.|"\*"/.test(text(statement.Principal))) return [];
    return [{ sources: sourceArns(statement.Condition), references: document.references }];
  });
}

function covers(
  { sources, references }: Grant,
  topic: Resource,
  names: readonly (Text | undefined)[],
): boolean {
  return sources.length === 0 || sources.some((source) => isOf(source, references, topic, names));
}

function sourceArns(condition: unknown): string[] {
  if (Array.isArray(condition)) return condition.flatMap(sourceArns);
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) =>
    key.toLowerCase() === 'aws:sourcearn'
      ? [value].flat().flatMap((arn) => scalarText(arn) ?? [])
      : sourceArns(value),
  );
}

/** Whether an ARN, with wildcards perhaps, may be the topic's. */
function isOf(
  arn: string,
  references: ReadonlyMap<string, Reference>,
  topic: Resource,
  names: readonly (Text | undefined)[],
): boolean {
  for (const [mark, reference] of references) {
    if (arn.includes(mark)) return reference.resource === topic;
  }
  const pattern = arn.slice(arn.lastIndexOf(':') + 1);
  if (pattern.includes('*') || pattern.includes('?')) return true;
  return names.some((name) => name !== undefined && (literal(name) ?? pattern) === pattern);
}
