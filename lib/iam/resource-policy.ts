import { isObject, type JsonObject, scalarText } from '../cloudformation/json';

/** Actions that include `xray:PutTraceSegments`, in lower case, as IAM ignores the case of actions. */
const WRITE_TRACE_ACTIONS = ['*', 'xray:*', 'xray:put*', 'xray:puttracesegments'];

/** A statement of an X-Ray resource policy that allows Amazon SNS to write traces. */
export interface TopicGrant {
  /** The `aws:SourceArn` values that the statement is limited to; empty if it applies to all topics. */
  readonly sourceArns: readonly string[];
}

/** The parts of a topic's ARN. A part that is known only at deployment is undefined. */
export interface TopicArnParts {
  readonly account?: string;
  readonly region?: string;
  /** The names that the topic can have; `*` stands for a name that is known only at deployment. */
  readonly names: readonly string[];
}

/**
 * Returns the statements of an X-Ray resource policy that allow Amazon SNS to write traces of topics
 * ("Active tracing in Amazon SNS", Amazon SNS Developer Guide).
 *
 * @param document the parsed policy document, with `*` in place of values known only at deployment; a document
 *   that can't be read is assumed to allow all topics
 */
export function topicGrantsOf(document: unknown): TopicGrant[] {
  if (!isObject(document)) return [{ sourceArns: [] }];
  return [document.Statement]
    .flat()
    .filter((statement) => isObject(statement) && allowsTraceWrites(statement))
    .map((statement) => ({ sourceArns: sourceArnsIn((statement as JsonObject).Condition) }));
}

/**
 * True if an `aws:SourceArn` value can match the ARN of a topic.
 *
 * @param sourceArn can contain wildcards
 */
export function mayMatchTopic(sourceArn: string, { account, region, names }: TopicArnParts): boolean {
  if (!mayBeInPlace(sourceArn, { account, region })) return false;
  const namePattern = sourceArn.slice(sourceArn.lastIndexOf(':') + 1);
  return /[*?]/.test(namePattern) || names.some((name) => name === '*' || name === namePattern);
}

function allowsTraceWrites({ Effect: effect, Action: actions, Principal: principal }: JsonObject): boolean {
  return (
    effect === 'Allow' &&
    [actions].flat().some((action) => WRITE_TRACE_ACTIONS.includes(String(action).toLowerCase())) &&
    /"(sns\.[^"]*|\*)"/.test(JSON.stringify(principal) ?? '')
  );
}

function sourceArnsIn(condition: unknown): string[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) =>
    key.toLowerCase() === 'aws:sourcearn'
      ? [value].flat().flatMap((arn) => scalarText(arn) ?? [])
      : sourceArnsIn(value),
  );
}

/**
 * True if an ARN can belong to an account and region. The ARN must end with a region, an account and a name,
 * as the ARN of a topic does.
 *
 * @param arn can contain wildcards; `*` also stands for parts known only at deployment
 * @param place the account and region; parts that are unknown match any
 */
function mayBeInPlace(arn: string, place: { readonly account?: string; readonly region?: string }): boolean {
  const parts = arn.split(':');
  // In an ARN with fewer parts, one wildcard stands for several of them.
  if (parts.length < 6) return true;
  const [region, account] = parts.slice(-3);
  return agree(region, place.region) && agree(account, place.account);
}

function agree(part: string, own: string | undefined): boolean {
  return own === undefined || /[*?]/.test(part) || part === own;
}
