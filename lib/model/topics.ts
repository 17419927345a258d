import { isObject, scalarText } from './json';
import { chain, under } from './possible';
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
    .map((resource) => ({ resource, documents: documentsOf(resource, resolver) }));
  return resources
    .filter(({ type }) => type === 'AWS::SNS::Topic')
    .map((resource) => {
      const { template, properties } = resource;
      const existence = resolver.existence(resource);
      const tracing = chain(resolver.at(properties, ['TracingConfig'], template), (value) =>
        resolver.texts(value, template),
      );
      const name = properties.TopicName;
      return {
        resource,
        isActive: under(existence ?? {}, tracing).map(({ value, when }) => ({
          value: value !== undefined && literal(value) === 'Active',
          when,
        })),
        resourcePolicies: policies
          .filter(({ documents }) =>
            documents.some((document) =>
              covers(document, resource, typeof name === 'string' ? name : undefined),
            ),
          )
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
  const texts = chain(resolver.at(properties, ['PolicyDocument'], template), (value) =>
    resolver.texts(value, template),
  );
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

/** Whether a policy lets SNS write traces of a topic; one that can't be read may. */
function covers(document: MarkedDocument | undefined, topic: Resource, name: string | undefined): boolean {
  if (!document || !isObject(document.json)) return true;
  const statements: unknown[] = [document.json.Statement].flat();
  return statements.some((statement) => {
    if (!isObject(statement) || statement.Effect !== 'Allow') return false;
    const text = (value: unknown) => JSON.stringify(value) ?? '';
    const actions = text(statement.Action).toLowerCase();
    if (!/"(\*|xray:\*|xray:put\*|xray:puttracesegments)"/.test(actions)) return false;
    if (!/sns\.|"\*"/.test(text(statement.Principal))) return false;
    const sources = sourceArns(statement.Condition);
    return sources.length === 0 || sources.some((source) => isOf(source, document, topic, name));
  });
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
  { references }: MarkedDocument,
  topic: Resource,
  name: string | undefined,
): boolean {
  const marked = [...references].filter(([mark]) => arn.includes(mark));
  if (marked.length > 0) return marked.some(([, reference]) => reference.resource === topic);
  const pattern = arn.slice(arn.lastIndexOf(':') + 1);
  if (pattern.includes('*') || pattern.includes('?')) return true;
  return name !== undefined && pattern === name;
}
