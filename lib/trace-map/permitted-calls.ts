import { isObject } from '../cloudformation/json';
import { literal, type PartialString, type Reference } from '../cloudformation/partial-string';
import { type Assumptions, certainly, type Possible, withCondition } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { generatedRoleOf, type Resource, type Template } from '../cloudformation/template';
import { hasCondition, matchesPattern } from '../iam/policy-document';
import { type AttachedStatement, RoleStatements } from '../iam/role-statements';
import { callActionsFor, callActionsOf, callWithActions, isCallable } from './service';
import { stagesOf } from './services/api-gateway/rest-api';
import type { TraceNode } from './trace-map';
import type { Call, ResolvedTarget, TraceMapBuilder } from './trace-map-builder';

/** A policy that allows a call. */
export interface Permission extends Pick<Call, 'source' | 'propagation' | 'isCertain'> {
  readonly when: Assumptions;
}

/** A call that a policy allows by the name of the called resource. */
export interface NamedCall extends Permission {
  readonly to: ResolvedTarget;
}

/** The calls that the policies of a role allow. */
export class PermittedCalls {
  /** The calls that they allow by name. */
  public readonly calls: readonly NamedCall[];
  private readonly patterns: readonly CallStatement[];
  private readonly deniedByName = new Map<TraceNode, string[]>();

  /**
   * @param statements the statements of the policies
   * @param map the map that the calls are added to
   * @param role the role that has the policies
   */
  constructor(
    statements: readonly AttachedStatement[],
    private readonly map: TraceMapBuilder,
    public readonly role: Resource,
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
        this.permissionsBy(statement, to.node).map((permission) => ({
          ...permission,
          to,
          when,
          ...(!isCertain && { isCertain }),
        })),
      ),
    );
  }

  /** Returns the permissions to call a node that policies give by a pattern for several resources. */
  public permissionsFor(node: TraceNode): Permission[] {
    return this.statementsFor(node, true).flatMap((statement) => this.permissionsBy(statement, node));
  }

  /** Returns true if policies deny every action that calls a node. */
  public forbids(node: TraceNode): boolean {
    const actions = callActionsOf(node.kind, this.map.index.services);
    return actions.length > 0 && this.actionsNotDenied(node).length === 0;
  }

  private permissionsBy({ isAllowed, actions, policy, when }: CallStatement, node: TraceNode): Permission[] {
    const allowed = isAllowed ? this.actionsNotDenied(node).filter((action) => actions.includes(action)) : [];
    const service = this.map.index.services[node.kind];
    return allowed.length > 0 ? [{ source: policy, when, ...callWithActions(allowed, service) }] : [];
  }

  private actionsNotDenied(node: TraceNode): string[] {
    const denied = [
      ...(this.deniedByName.get(node) ?? []),
      ...this.statementsFor(node, false).flatMap(({ actions }) => actions),
    ];
    return callActionsOf(node.kind, this.map.index.services).filter((action) => !denied.includes(action));
  }

  /** Returns the statements with a pattern that matches a node. */
  private statementsFor(node: TraceNode, isAllowed: boolean): CallStatement[] {
    const candidates = this.patterns.filter((statement) => statement.isAllowed === isAllowed);
    if (candidates.length === 0) return [];
    const arns = arnsOf(node, this.map);
    return candidates.filter(({ patterns }) =>
      patterns.some((pattern) => arns.some((arn) => matchesPattern(pattern, arn))),
    );
  }
}

/** The part of a policy statement that concerns calls. */
export interface CallStatement {
  readonly isAllowed: boolean;
  readonly actions: readonly string[];
  readonly named: readonly NamedTarget[];
  /** Patterns for other resources. */
  readonly patterns: readonly string[];
  readonly policy: Resource;
  readonly when: Assumptions;
}

/** A node that a statement names. */
export interface NamedTarget {
  readonly to: ResolvedTarget;
  /** False if it is one of several possible nodes. */
  readonly isCertain: boolean;
  readonly when: Assumptions;
}

/** Reads the part of a statement that concerns calls; `undefined` if it does not, or not certainly. */
function readCallStatement(attached: AttachedStatement, map: TraceMapBuilder): CallStatement | undefined {
  const { statement, template, policy, when } = attached;
  const { Effect: effect, Action: patterns, Resource: resources, Condition: condition } = statement;
  const isAllowed = effect === 'Allow';
  // A denial under a condition does not exclude calls.
  if (!isAllowed && (effect !== 'Deny' || hasCondition(statement) || !isAlways(when))) return undefined;
  const actions = actionsIn(patterns, template, map).filter((action) => !isForUrl(action, condition));
  if (actions.length === 0) return undefined;
  const items = withCondition(when, map.resolver.items(resources, template)).map((item) => ({
    when: item.when,
    names: map.resolver.strings(item.value, template).flatMap(({ value: name }) => (name ? [name] : [])),
  }));
  const inForce = items.filter((item) => isAllowed || (isAlways(item.when) && item.names.length === 1));
  return {
    isAllowed,
    actions,
    named: inForce.flatMap((item) => targetsIn(item.names, item.when, template, map)),
    patterns: inForce.flatMap(({ names }) => names.flatMap((name) => arnPattern(name) ?? [])),
    policy,
    when,
  };
}

function actionsIn(patterns: unknown, template: Template, map: TraceMapBuilder): string[] {
  const actions = map.resolver.items(patterns, template).flatMap(({ value }) =>
    map.resolver.strings(value, template).flatMap(({ value: string }) => {
      const pattern = string && literal(string);
      return pattern === undefined ? [] : callActionsFor(pattern, map.index);
    }),
  );
  return [...new Set(actions)];
}

const VIA_URL = 'lambda:invokedviafunctionurl';

/** "Control access to Lambda function URLs" (AWS Lambda Developer Guide): calling a URL also needs the function's action. */
function isForUrl(action: string, condition: unknown): boolean {
  if (action !== 'lambda:InvokeFunction' || !isObject(condition)) return false;
  return Object.values(condition).some(
    (keys) => isObject(keys) && Object.keys(keys).some((key) => key.toLowerCase() === VIA_URL),
  );
}

/** Returns the nodes that one item of `Resource` can name. */
function targetsIn(
  names: readonly PartialString[],
  when: Assumptions,
  template: Template,
  map: TraceMapBuilder,
): NamedTarget[] {
  return names.flatMap((name) =>
    referencedNodes(name, template, map)
      .filter(({ node }) => node.kind !== 'table' || !isOfStream(name))
      .flatMap((to) => [to, ...urlsOf(to)])
      .map((to) => ({ to, isCertain: names.length === 1, when })),
  );
}

/** Returns the URLs of a function: policies allow calling them on the function. */
function urlsOf({ node }: ResolvedTarget): ResolvedTarget[] {
  return node.incoming
    .filter(({ from }) => from.kind === 'function-url')
    .map(({ from }) => ({ node: from, through: [] }));
}

/** Returns true for the stream of a table. Permissions for it are not permissions for the table. */
function isOfStream(name: PartialString): boolean {
  return name.some((part) =>
    typeof part === 'string'
      ? part.includes('/stream/')
      : part.kind === 'reference' && part.attribute === 'StreamArn',
  );
}

function isAlways(when: Assumptions): boolean {
  return Object.keys(when).length === 0;
}

/** Creates the permitted calls of a map, see `TraceMapBuilder.shared`. */
export function rolePermittedCalls(_: Resolver, map: TraceMapBuilder): RolePermittedCalls {
  return new RolePermittedCalls(map);
}

/** The calls that the roles of functions and state machines allow. */
export class RolePermittedCalls {
  private readonly known = new Map<Resource, PermittedCalls>();
  private readonly statements: RoleStatements;

  constructor(private readonly map: TraceMapBuilder) {
    this.statements = new RoleStatements(map.roles, map.resolver);
  }

  /** Returns the calls that each role that a function or a state machine can have allows. */
  public of(holder: Resource): Possible<PermittedCalls>[] {
    const { Role: own, RoleArn: role = own } = effectiveProperties(holder);
    const generated = generatedRoleOf(holder);
    if (generated) return certainly(this.ofRole(generated));
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

/** Stands for an unknown part of an ARN. Only a wildcard matches it. */
const UNKNOWN = '\uE000';

/** Stands for an unknown part of a pattern. It matches no known ARN. */
const OTHER = '\uE001';

/** The segments of an ARN with its partition, region and account. */
const LOCATIONS = [1, 3, 4];

/** Returns the pattern of a string for ARNs without a location, see `arnsOf`; `undefined` if it is no pattern. */
function arnPattern(string: PartialString): string | undefined {
  const [start] = string;
  const pattern = string.map((part) => (typeof part === 'string' ? part : OTHER)).join('');
  if (typeof start !== 'string' || !/[*?]/.test(pattern)) return undefined;
  return pattern
    .split(':')
    .map((segment, i, { length }) => (LOCATIONS.includes(i) && i < length - 1 ? '' : segment))
    .join(':');
}

/** Returns the ARNs that a node and its parts can have, without a location. */
function arnsOf({ kind, name, resource }: TraceNode, map: TraceMapBuilder): string[] {
  const { arn } = map.index.services[kind];
  const names = resource ? map.namesOf(resource).map((string) => literal(string) ?? UNKNOWN) : [name];
  return [...new Set(names.length > 0 ? names : [UNKNOWN])].flatMap((known) => {
    const own = `arn::${arn?.service ?? ''}:::${arn?.prefix ?? ''}${known}`;
    return [own, `${own}/${UNKNOWN}`, `${own}:${UNKNOWN}`];
  });
}

/** Returns the callable nodes that a string refers to, or whose ARN it is. */
export function referencedNodes(
  string: PartialString,
  template: Template,
  map: TraceMapBuilder,
): ResolvedTarget[] {
  const references = string.filter(
    (part): part is Reference => typeof part === 'object' && part.kind === 'reference',
  );
  const resolved = references.length > 0 || isArn(string) ? map.resolveString(string, template) : [];
  const whole = resolved.length > 0 ? resolved : map.knownOutside(string, template);
  // Other references in an ARN are parts of the name: `${Jobs.QueueName}-failed` is a different queue.
  const parts = isArn(string) ? [] : references.flatMap((part) => map.resolveString([part], template));
  const targets = [...whole, ...parts];
  const hasStage = targets.some(({ node }) => node.kind === 'rest-api');
  const stages = hasStage ? [] : references.flatMap((part) => stagesOfApi(part, map));
  const callable = [...targets, ...stages].filter(({ node }) => isCallable(node.kind, map.index));
  // The first target of a node is kept: the whole string can name a function's alias, which a part of it does not.
  return [...new Map(callable.reverse().map((target) => [target.node.id, target])).values()].reverse();
}

function isArn([start]: PartialString): boolean {
  return typeof start === 'string' && start.startsWith('arn:');
}

function stagesOfApi(
  { resource: { logicalId, template } }: Reference,
  map: TraceMapBuilder,
): ResolvedTarget[] {
  return stagesOf({ Ref: logicalId }, template, map).map((node) => ({ node, through: [] }));
}

/** Returns the callable nodes that the environment variables of a function refer to. */
export function nodesInEnvironment(
  fn: Resource,
  map: TraceMapBuilder,
): ReadonlyMap<TraceNode, ResolvedTarget> {
  const { template } = fn;
  const variables = map.resolver.at(effectiveProperties(fn), ['Environment', 'Variables'], template);
  const values = variables
    .flatMap(({ value }) => (isObject(value) ? Object.values(value) : []))
    .flatMap((value) => map.resolver.strings(value, template));
  const targets = values.flatMap(({ value: string }) =>
    string ? referencedNodes(string, template, map) : [],
  );
  return new Map(targets.map((target) => [target.node, target]));
}
