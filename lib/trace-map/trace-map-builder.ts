import { keyOf, type PartialString, type Reference, soleReference } from '../cloudformation/partial-string';
import { ALWAYS, type Assumptions } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { addressOf, nameOf, type Resource, type Template } from '../cloudformation/template';
import type { Roles } from '../iam/roles';
import type { FunctionReferences } from '../lambda/function-references';
import { InvokePermissions } from '../lambda/invoke-permissions';
import type { LambdaFunction } from '../lambda/lambda-function';
import { aliasPath, displayName, type FoundName, NamedResources } from './find-nodes';
import {
  recordingOfFunction,
  recordingOfResource,
  recordingOutside,
  type ServiceIndex,
} from './service-facts';
import type { Invocation, NodeKind, Propagation, TraceEdge, TraceMap, TraceNode } from './trace-map';

/** A node that a value of a template resolves to, and the versions and aliases on the way to a function. */
export interface ResolvedTarget {
  readonly node: TraceNode;
  readonly through: readonly Resource[];
}

/** The properties of a call. */
export interface Call {
  /** The resource that makes the connection. */
  readonly source: Resource;
  /** @default - the invocation of the caller's service */
  readonly invocation?: Invocation;
  /** @default - the propagation of the caller's service */
  readonly propagation?: Propagation;
  /** @default true */
  readonly isCertain?: boolean;
  /** @default - whenever `source` is created */
  readonly when?: Assumptions;
  /** @default false */
  readonly isAuthorization?: boolean;
}

/** The account and region of a deployment, if known. A name is unique within a location. */
export interface Location {
  readonly account?: string;
  readonly region?: string;
  readonly group?: string;
}

type NodeDraft = TraceNode & { readonly incoming: TraceEdge[]; readonly outgoing: TraceEdge[] };

/** Builds a trace map: connections add nodes and calls to it. */
export class TraceMapBuilder {
  private readonly nodes = new Map<string, NodeDraft>();
  private readonly edges = new Map<string, EdgeDraft>();
  private readonly sharedValues = new Map<unknown, unknown>();
  private readonly names: NamedResources;
  /** The permissions to invoke functions. */
  public readonly invocations: InvokePermissions;
  private readonly visited = new Set<Resource>();

  /**
   * @param references resolves references to functions
   * @param functions the functions, by their resources
   * @param roles the roles of the templates
   * @param index the services that nodes can belong to
   */
  constructor(
    private readonly references: FunctionReferences,
    private readonly functions: ReadonlyMap<Resource, LambdaFunction>,
    public readonly roles: Roles,
    public readonly index: ServiceIndex,
  ) {
    this.names = new NamedResources(references.resolver, index);
    this.invocations = new InvokePermissions(references);
    for (const fn of functions.values()) this.node(fn.resource);
  }

  /** The nodes and edges that have been added. A node without calls is left out, unless it is a function. */
  public get traceMap(): Pick<TraceMap, 'nodes' | 'edges'> {
    const isOnMap = ({ function: fn, incoming, outgoing }: TraceNode) =>
      fn !== undefined || incoming.length + outgoing.length > 0;
    return { nodes: [...this.nodes.values()].filter(isOnMap), edges: [...this.edges.values()] };
  }

  public get resolver(): Resolver {
    return this.references.resolver;
  }

  /** Returns a value that is computed from all templates, once for all the connections that ask for it. */
  public shared<T>(compute: (resolver: Resolver, map: TraceMapBuilder) => T): T {
    if (!this.sharedValues.has(compute)) this.sharedValues.set(compute, compute(this.resolver, this));
    return this.sharedValues.get(compute) as T;
  }

  /** Returns the node of a resource, `undefined` for a resource that is no node. */
  public node(resource: Resource, kind = this.index.kindOf(resource)): TraceNode | undefined {
    if (kind === undefined) return undefined;
    const fn = this.functions.get(resource);
    return this.add({
      id: addressOf(resource),
      kind,
      name: nameOf(resource),
      resource,
      function: fn,
      ...(fn
        ? recordingOfFunction(fn)
        : recordingOfResource(resource, this.index.services[kind], this.resolver)),
      incoming: [],
      outgoing: [],
    });
  }

  /**
   * Returns a node that is outside of the templates.
   *
   * @param location the node's account and region, such as those of the template that names it
   * @param key a key that is equal for equal nodes if `name` is not: `${Env}-jobs` of two templates are two nodes
   */
  public outside(kind: NodeKind, name: string, location: Location = {}, key = name): TraceNode {
    return this.withoutResource(outsideId(kind, key, location), kind, name);
  }

  /** Returns the node of a resource that SAM generates, by its logical ID. */
  public generated(kind: NodeKind, logicalId: string, { template }: Resource): TraceNode {
    return this.withoutResource(addressOf({ template, logicalId }), kind, logicalId);
  }

  private withoutResource(id: string, kind: NodeKind, name: string): TraceNode {
    const recording = recordingOutside(this.index.services[kind]);
    return this.add({ id, kind, name, ...recording, incoming: [], outgoing: [] });
  }

  /**
   * Returns the nodes that a reference, ARN or name can resolve to.
   *
   * @param kind the kind of node that a plain name belongs to
   */
  public resolve(value: unknown, template: Template, kind?: NodeKind): ResolvedTarget[] {
    return this.resolver
      .strings(value, template)
      .flatMap(({ value: string }) => (string ? this.resolveString(string, template, kind) : []));
  }

  /** Returns the nodes that a resolved string can refer to, see `resolve`. */
  public resolveString(string: PartialString, template: Template, kind?: NodeKind): ResolvedTarget[] {
    const canBeFunction = kind === undefined || kind === 'function';
    const fn = canBeFunction ? this.functionTarget(string, template) : undefined;
    if (fn) return [fn];
    const named = this.names.find(string, template, kind);
    const isPartOfName = named !== undefined && !soleReference(named.name);
    for (const part of string) {
      if (typeof part === 'string' || part.kind !== 'reference') continue;
      if (named && isOtherName(named.name, part)) continue;
      const targets = this.targetsOfReference(part, template);
      // A name can contain a reference to a resource of another kind: `${Fn}/errors` is a log group.
      const isOther = isPartOfName && targets.some(({ node }) => node.kind !== named.kind);
      if (targets.length > 0 && !isOther) return targets;
    }
    const node = named && this.nodeNamed(named, template);
    return node ? [{ node, through: [] }] : [];
  }

  /** Returns the nodes of a kind that a value can refer to; a node outside of the templates if it resolves to none. */
  public resolveAs(kind: NodeKind, value: unknown, resource: Resource): TraceNode[] {
    const { template } = resource;
    const nodes = this.resolve(value, template, kind).map(({ node }) => node);
    const string = this.resolver.strings(value, template).find((possible) => possible.value)?.value;
    if (nodes.length > 0 || !string) return [...new Set(nodes)];
    const name = this.names.find(string, template, kind)?.name ?? string;
    return [this.outside(kind, displayName(name) ?? nameOf(resource), template.source, keyOf(name))];
  }

  /**
   * Returns the nodes outside of the templates that other connections have added for the same value: a parameter may be
   * known to be a queue only because an event source mapping uses it. Ask for them after all others.
   */
  public knownOutside(string: PartialString, template: Template): ResolvedTarget[] {
    const named = this.names.find(string, template);
    const isUnknown = string.every((part) => typeof part !== 'string');
    const idsOfAnyKind = isUnknown
      ? this.index.kinds.map((kind) => outsideId(kind, keyOf(string), template.source))
      : [];
    const ids = named
      ? [outsideId(named.kind, keyOf(named.name), locationOf(named, template))]
      : idsOfAnyKind;
    return ids.flatMap((id) => this.nodes.get(id) ?? []).map((node) => ({ node, through: [] }));
  }

  /** Returns the nodes of a referenced resource, or those that it is an alias of. */
  private targetsOfReference(part: Reference, template: Template): ResolvedTarget[] {
    const { resource } = part;
    const node = this.node(resource);
    if (node) return [{ node, through: [] }];
    const fn = this.functionTarget([part], template);
    if (fn) return [fn];
    const path = aliasPath(resource, this.index);
    // Aliases that refer to each other resolve to no node.
    if (!path || this.visited.has(resource)) return [];
    this.visited.add(resource);
    const targets = this.valuesAt(resource, path).flatMap((value) => this.resolve(value, resource.template));
    this.visited.delete(resource);
    return targets;
  }

  /** Returns the values at a path below a resource's properties; for a list on the path, those of every item. */
  public valuesAt({ properties, template }: Resource, path: readonly string[]): unknown[] {
    return path.reduce<unknown[]>(
      (values, key) =>
        values.flatMap((parent) => this.resolver.itemsAt(parent, key, template).map(({ value }) => value)),
      [properties],
    );
  }

  /** Returns the names that a template can give a resource; none if CloudFormation generates the name. */
  public namesOf(resource: Resource): PartialString[] {
    return this.names.namesOf(resource);
  }

  private functionTarget(string: PartialString, template: Template): ResolvedTarget | undefined {
    const target = this.references.targetOf(string, template);
    const node = target && this.node(target.function);
    return node && { node, through: target.through };
  }

  /** Connects a caller to the nodes that a value can refer to. */
  public call(from: TraceNode, value: unknown, call: Call): void {
    this.callOneOf(from, this.resolve(value, call.source.template), call);
  }

  /** Connects a caller to one of several possible targets. */
  public callOneOf(from: TraceNode, targets: readonly ResolvedTarget[], call: Call): void {
    const isCertain = new Set(targets.map(keyOfTarget)).size === 1;
    for (const to of targets) this.connect(from, to, { isCertain, ...call });
  }

  /** Connects one of several possible callers to one of several possible targets. */
  public callByOneOf(callers: readonly TraceNode[], targets: readonly ResolvedTarget[], call: Call): void {
    const certainty = callers.length === 1 ? {} : { isCertain: false };
    for (const from of callers) this.callOneOf(from, targets, { ...call, ...certainty });
  }

  /** Connects a caller to a target. Calls between the same nodes become one edge. */
  public connect(from: TraceNode, { node: to, through }: ResolvedTarget, call: Call): void {
    const { source, isCertain = true, isAuthorization = false } = call;
    const service = this.index.services[from.kind];
    const starts = from.recording === 'yes' && from.kind !== 'function' && !service.recordsSampledOnly;
    const propagation = call.propagation ?? (starts ? 'starts' : service.propagation);
    const key = `${from.id}\n${keyOfTarget({ node: to, through })}`;
    const known = this.edges.get(key);
    const ends = [from.resource, to.resource].filter((resource) => resource !== undefined);
    const when = this.resolver.casesOf([source, ...through, ...ends], call.when);
    if (when.length === 0) return;
    if (known) {
      addToEdge(known, source, { propagation, isCertain, when, isAuthorization });
      return;
    }
    const edge: EdgeDraft = {
      from,
      to,
      propagation,
      ...(to.kind === 'function' && { invocation: call.invocation ?? service.invocation }),
      sources: [source],
      through,
      isCertain,
      when,
      isAuthorization,
    };
    this.edges.set(key, edge);
    (from as NodeDraft).outgoing.push(edge);
    (to as NodeDraft).incoming.push(edge);
  }

  private add(node: NodeDraft): NodeDraft {
    const known = this.nodes.get(node.id);
    if (!known) this.nodes.set(node.id, node);
    return known ?? node;
  }

  /** Returns the resource with a name, or a node outside of the templates. */
  private nodeNamed(found: FoundName, template: Template): TraceNode | undefined {
    if (found.resource) return this.node(found.resource);
    const isPartlyKnown = found.name.some((part) => typeof part === 'string');
    const name = isPartlyKnown ? displayName(found.name) : undefined;
    if (name === undefined) return undefined;
    return this.outside(found.kind, name, locationOf(found, template), keyOf(found.name));
  }
}

/** Returns true if a name only contains a reference: `${Jobs.QueueName}-failed`, but not `${Table.Arn}/stream/2026`. */
function isOtherName(name: PartialString, part: Reference): boolean {
  const [first, next] = name;
  const isPrefix = first === part && typeof next === 'string' && /^[/:]/.test(next);
  return !isPrefix && name.some((piece) => typeof piece === 'string');
}

function outsideId(kind: NodeKind, key: string, location: Location): string {
  return `${kind}:${key}@${keyOfLocation(location)}`;
}

function locationOf(found: FoundName, { source: { account, region, group } }: Template): Location {
  return { account: found.account ?? account, region: found.region ?? region, group };
}

function keyOfLocation({ account, region, group = '' }: Location): string {
  return account && region ? `${account}/${region}` : group;
}

/** Returns a key that is equal for equal targets. */
function keyOfTarget({ node, through }: ResolvedTarget): string {
  return [node.id, ...through.map(addressOf)].join('\n');
}

/** A call that more resources can still add to. */
export type EdgeDraft = { -readonly [K in keyof TraceEdge]: TraceEdge[K] } & { readonly sources: Resource[] };

/** Effects on a trace, from the one that keeps most of it to the one that keeps nothing. */
const EFFECTS: readonly Propagation[] = ['starts', 'propagates', 'links', 'breaks'];

/**
 * Adds the call of another resource to an edge. A call that is certain replaces a possible one; among equals, the one
 * that keeps more of the trace wins.
 *
 * @param edge the edge between the same nodes
 * @param source the resource that makes the connection
 */
export function addToEdge(
  edge: EdgeDraft,
  source: Resource,
  {
    propagation,
    isCertain,
    when,
    isAuthorization,
  }: Pick<TraceEdge, 'propagation' | 'isCertain' | 'when' | 'isAuthorization'>,
): void {
  if (!edge.sources.includes(source)) edge.sources.push(source);
  edge.isAuthorization &&= isAuthorization;
  const keepsMore = EFFECTS.indexOf(propagation) < EFFECTS.indexOf(edge.propagation);
  if (isCertain === edge.isCertain ? keepsMore : isCertain) {
    Object.assign(edge, { propagation, isCertain, when });
  } else if (
    isCertain === edge.isCertain &&
    propagation === edge.propagation &&
    !edge.when.includes(ALWAYS)
  ) {
    edge.when = [...edge.when, ...when];
  }
}
