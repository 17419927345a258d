import type { AttachedStatement } from '../iam/role-statements';
import { isObject } from '../json';
import { type Assumptions, under } from '../possible';
import type { Resource, Template } from '../template';
import { literal, type Text } from '../text';
import { arnPattern } from './arn-pattern';
import { callActionsFor } from './call-actions';
import type { MapBuilder, Meant } from './map-builder';
import { mentionedIn } from './mentioned';

/** What a statement of a policy says of calls. */
export interface CallStatement {
  readonly isAllowed: boolean;
  readonly actions: readonly string[];
  readonly named: readonly NamedTarget[];
  /** Patterns for what else it is about. */
  readonly patterns: readonly string[];
  readonly policy: Resource;
  readonly when: Assumptions;
}

/** Something that a statement names. */
export interface NamedTarget {
  readonly to: Meant;
  /** Whether it is this, and not another of several. */
  readonly isCertain: boolean;
  readonly when: Assumptions;
}

/** Reads what a statement says of calls; nothing where it says nothing of them, or nothing for sure. */
export function readCallStatement(attached: AttachedStatement, map: MapBuilder): CallStatement | undefined {
  const { statement, template, policy, when } = attached;
  const { Effect: effect, Action: patterns, Resource: resources, Condition: condition } = statement;
  const isAllowed = effect === 'Allow';
  // A denial under a condition leaves calls that may be made.
  if (!isAllowed && (effect !== 'Deny' || condition !== undefined || !isAlways(when))) return undefined;
  const actions = actionsIn(patterns, template, map).filter((action) => !isForUrl(action, condition));
  if (actions.length === 0) return undefined;
  const items = under(when, map.resolver.items(resources, template)).map((item) => ({
    when: item.when,
    texts: map.resolver.texts(item.value, template).flatMap(({ value: text }) => (text ? [text] : [])),
  }));
  const inForce = items.filter((item) => isAllowed || (isAlways(item.when) && item.texts.length === 1));
  return {
    isAllowed,
    actions,
    named: inForce.flatMap((item) => targetsIn(item.texts, item.when, template, map)),
    patterns: inForce.flatMap(({ texts }) => texts.flatMap((text) => arnPattern(text) ?? [])),
    policy,
    when,
  };
}

function actionsIn(patterns: unknown, template: Template, map: MapBuilder): string[] {
  const actions = map.resolver.items(patterns, template).flatMap(({ value }) =>
    map.resolver.texts(value, template).flatMap(({ value: text }) => {
      const pattern = text && literal(text);
      return pattern === undefined ? [] : callActionsFor(pattern);
    }),
  );
  return [...new Set(actions)];
}

const VIA_URL = 'lambda:invokedviafunctionurl';

/** "Control access to Lambda function URLs" (AWS Lambda Developer Guide): the URL takes the action of the function, too. */
function isForUrl(action: string, condition: unknown): boolean {
  if (action !== 'lambda:InvokeFunction' || !isObject(condition)) return false;
  return Object.values(condition).some(
    (keys) => isObject(keys) && Object.keys(keys).some((key) => key.toLowerCase() === VIA_URL),
  );
}

/** What the texts that one item of a list can come to name. */
function targetsIn(
  texts: readonly Text[],
  when: Assumptions,
  template: Template,
  map: MapBuilder,
): NamedTarget[] {
  return texts.flatMap((text) =>
    mentionedIn(text, template, map)
      .filter(({ node }) => node.kind !== 'table' || !isOfStream(text))
      .flatMap((to) => [to, ...urlsOf(to)])
      .map((to) => ({ to, isCertain: texts.length === 1, when })),
  );
}

/** Policies allow calling the URL of a function on the function. */
function urlsOf({ node }: Meant): Meant[] {
  return node.incoming
    .filter(({ from }) => from.kind === 'function-url')
    .map(({ from }) => ({ node: from, through: [] }));
}

/** What is allowed on the stream of a table isn't allowed on the table. */
function isOfStream(text: Text): boolean {
  return text.some((part) =>
    typeof part === 'string'
      ? part.includes('/stream/')
      : part.kind === 'reference' && part.attribute === 'StreamArn',
  );
}

function isAlways(when: Assumptions): boolean {
  return Object.keys(when).length === 0;
}
