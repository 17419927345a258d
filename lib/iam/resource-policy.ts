import {
  keyOf,
  literal,
  parseEmbeddedJson,
  type PartialString,
  unknownString,
} from '../cloudformation/partial-string';
import { isIntrinsic, isObject, type JsonObject, scalarText } from '../cloudformation/json';
import { certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { partitionOf, type Template } from '../cloudformation/template';
import {
  all,
  anyMatch,
  type Contribution,
  contributionsOf,
  matchesPattern,
  not,
  type Pattern,
  patternsOf,
  PLAIN_VALUES,
  type PolicyValues,
  templateValues,
  type Tri,
} from './policy-document';

/** A policy document, and the reader of its values. */
export interface PolicyDocument {
  readonly document: unknown;
  readonly values: PolicyValues;
}

/** Returns the documents that a property of a resource policy can have: an object, also in `Fn::ToJsonString`, or text. */
export function documentsIn(
  property: unknown,
  template: Template,
  resolver: Resolver,
): Possible<PolicyDocument>[] {
  const values = templateValues(template, resolver);
  return flatMap(resolver.at({ property }, ['property'], template), (found) => {
    if (isObject(found) && !isIntrinsic(found)) return certainly({ document: found, values });
    const asObject = isObject(found) ? found['Fn::ToJsonString'] : undefined;
    if (isObject(asObject)) return documentsIn(asObject, template, resolver);
    return flatMap(resolver.strings(found, template), (text) => {
      const embedded = text && parseEmbeddedJson(text);
      // A document that can't be read stays as it is. It can allow anything.
      return certainly(
        embedded
          ? { document: embedded.json, values: embeddedValues((part) => embedded.partsOf(part)) }
          : { document: found, values },
      );
    });
  });
}

/** The log group of Application Signals. */
export const APPLICATION_SIGNALS_LOG_GROUP = '/aws/application-signals/data';

/** The log groups that X-Ray sends spans to with Transaction Search ("Enable transaction search", Amazon CloudWatch User Guide). */
export const SPAN_LOG_GROUPS = ['aws/spans', APPLICATION_SIGNALS_LOG_GROUP] as const;

/** The action without which a topic is missing from traces. */
export const TOPIC_ACTIONS = ['xray:PutTraceSegments'] as const;

/**
 * Returns a policy that lets the topics of an account write to X-Ray ("Amazon SNS and AWS X-Ray", AWS X-Ray Developer Guide).
 *
 * @param arns the ARN of the topics, a pattern, or a list of these
 */
export function topicPolicy(account: string, arns: unknown): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: ['xray:PutTraceSegments', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:SourceAccount': account },
          StringLike: { 'aws:SourceArn': arns },
        },
      },
    ],
  };
}

/** States if a value in a policy matches a property of a request. */
type Match = (value: PartialString) => Tri;

/** The known parts of a topic's ARN. */
export interface TopicArnParts {
  readonly account?: string;
  readonly region?: string;
  /** The names that the topic can have; `*` stands for a name that is known only at deployment. */
  readonly names: readonly string[];
}

/**
 * Returns the reader of a policy document that is text.
 *
 * @param partsOf splits a string of the document into its literal parts and the values between them
 */
export function embeddedValues(partsOf: (text: string) => PartialString): PolicyValues {
  return {
    ...PLAIN_VALUES,
    strings: (value) => {
      const text = scalarText(value);
      return certainly(text === undefined ? unknownString(JSON.stringify(value)) : partsOf(text));
    },
  };
}

/**
 * Returns the effects of an X-Ray resource policy on requests that Amazon SNS makes for a topic ("Active tracing in
 * Amazon SNS", Amazon SNS Developer Guide).
 *
 * @param isTopic states if a value of `aws:SourceArn` matches the ARN of the topic
 * @param account the account of the topic, if known
 */
export function topicContributions(
  document: unknown,
  values: PolicyValues,
  isTopic: Match,
  account: string | undefined,
): Contribution[] {
  const context: RequestContext = new Map<string, Match>([
    [SOURCE_ARN, isTopic],
    ['aws:sourceaccount', (value) => matchesAccount(value, account)],
  ]);
  return contributionsOf(document, values, (statement) =>
    all([includesSns(statement, values), conditionHolds(statement.Condition, context, values)]),
  );
}

function includesSns(statement: JsonObject, values: PolicyValues): Tri {
  const { Principal: principal, NotPrincipal: others } = statement;
  return principal === undefined
    ? not(anyMatch(principalsIn(others, values), isSns))
    : anyMatch(principalsIn(principal, values), isSns);
}

/** Returns the principals in an element of a statement: services, accounts, or `*`. */
export function principalsIn(element: unknown, values: PolicyValues): Pattern[] {
  return values
    .items(element)
    .flatMap(({ value }) =>
      (isObject(value) && !isIntrinsic(value) ? Object.values(value) : [value]).flatMap((principals) =>
        patternsOf(principals, values),
      ),
    );
}

/** Returns the service of a principal such as `logs.eu-west-1.amazonaws.com`, `undefined` for an account. */
export function serviceOf(principal: string): string | undefined {
  return /^([\w-]+)\.(?:[\w-]+\.)?amazon(?:aws)?\.com/.exec(principal)?.[1];
}

/** The condition key with the resource that a service calls for, in lower case, as IAM ignores its case. */
export const SOURCE_ARN = 'aws:sourcearn';

/** Returns the values that a condition key must match. */
export function conditionPatterns(
  key: string,
  { Condition: condition }: JsonObject,
  values: PolicyValues,
): Pattern[] {
  return values
    .items(condition)
    .flatMap(({ value }) => entriesOf(value))
    .filter(([operator]) => !/not/i.test(operator))
    .flatMap(([, keys]) => entriesOf(keys))
    .filter(([name]) => name.toLowerCase() === key)
    .flatMap(([, expected]) => patternsOf(expected, values));
}

function entriesOf(value: unknown): [string, unknown][] {
  return isObject(value) && !isIntrinsic(value) ? Object.entries(value) : [];
}

/** Returns the strings that patterns can be. */
export function textsOf(patterns: readonly Pattern[]): PartialString[] {
  return patterns.flatMap(({ texts }) => texts.flatMap(({ value: text }) => (text ? [text] : [])));
}

function isSns(principal: PartialString): Tri {
  const known = literal(principal);
  if (known !== undefined) return known === '*' || known.startsWith('sns.') ? 'yes' : 'no';
  const [start] = principal;
  return typeof start === 'string' && !start.startsWith('sns.') ? 'no' : 'unknown';
}

/** The values of a request's condition keys, in lower case, as IAM ignores their case. */
type RequestContext = ReadonlyMap<string, Match>;

/** "IAM JSON policy elements: Condition operators" (IAM User Guide). The ARN operators all accept wildcards. */
const OPERATOR = /^(?:ForA(?:ny|ll)Values:)?(String|Arn)(Not)?(Equals|Like)(?:IgnoreCase)?(?:IfExists)?$/i;

/** States if all conditions of a statement hold. Other keys and operators than those of the context are unknown. */
function conditionHolds(condition: unknown, context: RequestContext, values: PolicyValues): Tri {
  return all(
    values.items(condition).flatMap(({ value: operators }) => {
      if (!isObject(operators)) return ['unknown'];
      return Object.entries(operators).flatMap(([operator, keys]): Tri[] =>
        isObject(keys)
          ? Object.entries(keys).map(([key, expected]) =>
              keyMatches(operator, context.get(key.toLowerCase()), expected, values),
            )
          : ['unknown'],
      );
    }),
  );
}

function keyMatches(
  operator: string,
  matchesKey: Match | undefined,
  expected: unknown,
  values: PolicyValues,
): Tri {
  if (!matchesKey) return 'unknown';
  const patterns = patternsOf(expected, values);
  // The service sets both keys.
  if (operator === 'Null') return anyMatch(patterns, isFalse);
  const parts = OPERATOR.exec(operator);
  if (!parts) return 'unknown';
  const [, family, negation, comparison] = parts;
  const isExact = family.toLowerCase() === 'string' && comparison.toLowerCase() === 'equals';
  const matches = anyMatch(patterns, (value) => (isExact && hasWildcard(value) ? 'no' : matchesKey(value)));
  return negation === undefined ? matches : not(matches);
}

function isFalse(value: PartialString): Tri {
  const known = literal(value);
  if (known === undefined) return 'unknown';
  return known === 'false' ? 'yes' : 'no';
}

function hasWildcard(value: PartialString): boolean {
  return value.some((part) => typeof part === 'string' && /[*?]/.test(part));
}

/** States if a value matches the account of a topic. */
function matchesAccount(value: PartialString, account: string | undefined): Tri {
  const known = literal(value);
  if (known === undefined) return keyOf(value) === '${AWS::AccountId}' ? 'yes' : 'unknown';
  return matchesField(known, account);
}

/**
 * States if a pattern matches the ARN of a topic.
 *
 * @param pattern the pattern, with the parts that are known only at deployment
 */
export function matchesTopicArn(pattern: PartialString, topic: TopicArnParts): Tri {
  const fields = pattern
    .map((part) => (typeof part === 'string' ? part : '*'))
    .join('')
    .split(':');
  const isKnown = literal(pattern) !== undefined;
  const matches = fields.length < ARN_FIELDS ? matchesShort(fields, topic) : matchesFields(fields, topic);
  return matches === 'yes' && !isKnown ? 'unknown' : matches;
}

/** Matches a pattern with fewer fields than an ARN: only a wildcard can stand for the others. */
function matchesShort(fields: readonly string[], topic: TopicArnParts): Tri {
  const first = fields.findIndex((field) => /[*?]/.test(field));
  if (first < 0) return 'no';
  const filled = (some: readonly string[]) => [...some, ...Array<string>(ARN_FIELDS - some.length).fill('*')];
  // The fields before the first wildcard keep their positions. Those after it can have any.
  const start = [...fields.slice(0, first), fields[first].replace(/[*?].*/, '*')];
  if (matchesFields(filled(start), topic) === 'no') return 'no';
  const isOpen = fields.at(-1)!.endsWith('*');
  return isOpen && matchesFields(filled(fields), topic) === 'yes' ? 'yes' : 'unknown';
}

function matchesFields(fields: readonly string[], { account, region, names }: TopicArnParts): Tri {
  // No field of a topic's ARN contains a colon.
  if (fields.length > ARN_FIELDS) return 'no';
  const expected = ['arn', region && partitionOf(region), 'sns', region, account];
  return all([
    ...expected.map((value, i) => matchesField(fields[i], value)),
    matchesName(fields[ARN_FIELDS - 1], names),
  ]);
}

const ARN_FIELDS = 6;

function matchesField(pattern: string, value: string | undefined): Tri {
  if (pattern === '*') return 'yes';
  if (value === undefined) return 'unknown';
  return matchesPattern(pattern, value) ? 'yes' : 'no';
}

/** States if a pattern matches the name of a topic. CloudFormation generates the name if there is none. */
function matchesName(pattern: string, names: readonly string[]): Tri {
  if (pattern === '*') return 'yes';
  if (names.length === 0) return /[*?]/.test(pattern) ? 'unknown' : 'no';
  const matches = names.map((name) => matchesField(pattern, name === '*' ? undefined : name));
  return matches.every((one) => one === matches[0]) ? matches[0] : 'unknown';
}
