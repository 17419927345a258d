import { isObject } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import { type Assumptions, certainly, type Possible, withCondition } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, Template } from '../cloudformation/template';
import { matchesPattern } from '../iam/policy-document';
import { type AttachedStatement, RoleStatements } from '../iam/roles';
import { CALL_ACTIONS, callActionsFor, callBy } from './call-actions';
import { referencedNodes } from './mentioned-nodes';
import type { TraceNode } from './trace-map';
import type { Call, TraceMapBuilder, ResolvedTarget } from './trace-map-builder';

/** A policy that allows a call. */
export interface Permission extends Pick<Call, 'source' | 'propagation' | 'isCertain'> {
  readonly when: Assumptions;
}

/** A call that a policy allows by the name of what is called. */
export interface NamedCall extends Permission {
  readonly to: ResolvedTarget;
}

/** What policies let their holder call. */
export class PermittedCalls {
  /** All that they allow by name. */
  public readonly calls: readonly NamedCall[];
  private readonly patterns: readonly CallStatement[];
  private readonly deniedByName = new Map<TraceNode, string[]>();

  /**
   * @param statements what the policies say
   * @param map the map that the calls are for
   * @param role the role that has the policies; nothing for one that SAM makes
   */
  constructor(
    statements: readonly AttachedStatement[],
    private readonly map: TraceMapBuilder,
    public readonly role?: Resource,
  ) {
    const all = statements.flatMap((statement) => readCallStatement(statement, map) ?? []);
    this.patterns = all.filter(({ patterns }) => patterns.length > 0);
    for (const { isAllowed, named, actions } of all) {
      for (const { to } of isAllowed ? [] : named) {
        this.deniedByName.set(to.node, [...(this.deniedByName.get(to.node) ?? []), ...actions]);
      }
    }
    this.calls = all.flatMap((statement) =>
      statement.named.flatMap(({ to, isCertain, when }) =>
        this.permitsBy(statement, to.node).map((permit) => ({
          ...permit,
          to,
          when,
          ...(!isCertain && { isCertain }),
        })),
      ),
    );
  }

  /** The policies that let something be called along with others that their patterns are for. */
  public permissionsFor(node: TraceNode): Permission[] {
    return this.about(node, true).flatMap((statement) => this.permitsBy(statement, node));
  }

  /** Whether policies deny every way of calling something. */
  public forbids(node: TraceNode): boolean {
    return callActionsOf(node).length > 0 && this.actionsLeft(node).length === 0;
  }

  private permitsBy({ isAllowed, actions, policy, when }: CallStatement, node: TraceNode): Permission[] {
    const left = isAllowed ? this.actionsLeft(node).filter((action) => actions.includes(action)) : [];
    return left.length > 0 ? [{ source: policy, when, ...callBy(left) }] : [];
  }

  private actionsLeft(node: TraceNode): string[] {
    const denied = [
      ...(this.deniedByName.get(node) ?? []),
      ...this.about(node, false).flatMap(({ actions }) => actions),
    ];
    return callActionsOf(node).filter((action) => !denied.includes(action));
  }

  /** The statements that have a pattern for a node. */
  private about(node: TraceNode, isAllowed: boolean): CallStatement[] {
    const candidates = this.patterns.filter((statement) => statement.isAllowed === isAllowed);
    if (candidates.length === 0) return [];
    const arns = arnsOf(node, this.map);
    return candidates.filter(({ patterns }) =>
      patterns.some((pattern) => arns.some((arn) => matchesPattern(pattern, arn))),
    );
  }
}

function callActionsOf({ kind }: TraceNode): readonly string[] {
  return CALL_ACTIONS.get(kind) ?? [];
}

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
  readonly to: ResolvedTarget;
  /** Whether it is this, and not another of several. */
  readonly isCertain: boolean;
  readonly when: Assumptions;
}

/** Reads what a statement says of calls; nothing where it says nothing of them, or nothing for sure. */
function readCallStatement(attached: AttachedStatement, map: TraceMapBuilder): CallStatement | undefined {
  const { statement, template, policy, when } = attached;
  const { Effect: effect, Action: patterns, Resource: resources, Condition: condition } = statement;
  const isAllowed = effect === 'Allow';
  // A denial under a condition leaves calls that may be made.
  if (!isAllowed && (effect !== 'Deny' || condition !== undefined || !isAlways(when))) return undefined;
  const actions = actionsIn(patterns, template, map).filter((action) => !isForUrl(action, condition));
  if (actions.length === 0) return undefined;
  const items = withCondition(when, map.resolver.items(resources, template)).map((item) => ({
    when: item.when,
    texts: map.resolver.strings(item.value, template).flatMap(({ value: text }) => (text ? [text] : [])),
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

function actionsIn(patterns: unknown, template: Template, map: TraceMapBuilder): string[] {
  const actions = map.resolver.items(patterns, template).flatMap(({ value }) =>
    map.resolver.strings(value, template).flatMap(({ value: text }) => {
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
  texts: readonly PartialString[],
  when: Assumptions,
  template: Template,
  map: TraceMapBuilder,
): NamedTarget[] {
  return texts.flatMap((text) =>
    referencedNodes(text, template, map)
      .filter(({ node }) => node.kind !== 'table' || !isOfStream(text))
      .flatMap((to) => [to, ...urlsOf(to)])
      .map((to) => ({ to, isCertain: texts.length === 1, when })),
  );
}

/** Policies allow calling the URL of a function on the function. */
function urlsOf({ node }: ResolvedTarget): ResolvedTarget[] {
  return node.incoming
    .filter(({ from }) => from.kind === 'function-url')
    .map(({ from }) => ({ node: from, through: [] }));
}

/** What is allowed on the stream of a table isn't allowed on the table. */
function isOfStream(text: PartialString): boolean {
  return text.some((part) =>
    typeof part === 'string'
      ? part.includes('/stream/')
      : part.kind === 'reference' && part.attribute === 'StreamArn',
  );
}

function isAlways(when: Assumptions): boolean {
  return Object.keys(when).length === 0;
}

/** Worked out once for a map. */
export function rolePermittedCalls(_: Resolver, map: TraceMapBuilder): RolePermittedCalls {
  return new RolePermittedCalls(map);
}

/** What the roles of functions and state machines let them call. */
export class RolePermittedCalls {
  private readonly known = new Map<Resource, PermittedCalls>();
  private readonly statements: RoleStatements;

  constructor(private readonly map: TraceMapBuilder) {
    this.statements = new RoleStatements(map.roles, map.resolver);
  }

  /** The grants of each role that a function or a state machine can have. */
  public of(holder: Resource): Possible<PermittedCalls>[] {
    const { Role: own, RoleArn: role = own, Policies: policies } = effectiveProperties(holder);
    // SAM makes a role for what isn't given one.
    if (role === undefined) {
      return certainly(new PermittedCalls(this.statements.ofSamPolicies(policies, holder), this.map));
    }
    return this.map.roles
      .resolve(role, holder.template)
      .flatMap(({ value, when }) => (value ? [{ value: this.ofRole(value), when }] : []));
  }

  private ofRole(role: Resource): PermittedCalls {
    const known = this.known.get(role) ?? new PermittedCalls(this.statements.of(role), this.map, role);
    this.known.set(role, known);
    return known;
  }
}

/** In the place of what isn't known, which only a pattern for anything takes in. */
const UNKNOWN = '\uE000';

/** In the place of what isn't known in a pattern, which then is for nothing that is. */
const OTHER = '\uE001';

/** The segments of an ARN that say where its resource is. */
const PLACES = [1, 3, 4];

/** What a policy has for many resources, wherever they are, to hold `arnsOf` against; nothing for what is no pattern. */
function arnPattern(text: PartialString): string | undefined {
  const [start] = text;
  const written = text.map((part) => (typeof part === 'string' ? part : OTHER)).join('');
  if (typeof start !== 'string' || !/[*?]/.test(written)) return undefined;
  return written
    .split(':')
    .map((segment, i, { length }) => (PLACES.includes(i) && i < length - 1 ? '' : segment))
    .join(':');
}

/** The ARNs that a node can have, and those of something in it, without where it is. */
function arnsOf({ kind, name, resource }: TraceNode, map: TraceMapBuilder): string[] {
  const { arn } = map.index.services[kind];
  const names = resource ? map.namesOf(resource).map((text) => literal(text) ?? UNKNOWN) : [name];
  return [...new Set(names.length > 0 ? names : [UNKNOWN])].flatMap((known) => {
    const own = `arn::${arn?.service ?? ''}:::${arn?.prefix ?? ''}${known}`;
    return [own, `${own}/${UNKNOWN}`, `${own}:${UNKNOWN}`];
  });
}
