import {
  keyOf,
  literal,
  type Reference,
  soleReference,
  type PartialString,
} from '../cloudformation/partial-string';
import { ALWAYS, type Assumptions, certainly, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { addressOf, nameOf, type Resource, type Template } from '../cloudformation/template';
import type { Roles } from '../iam/roles';
import type { FunctionReferences } from '../lambda/function-references';
import type { LambdaFunction } from '../lambda/lambda-function';
import { casesOf } from './cases';
import { type FoundName, NamedResources, ALIASES, displayName } from './find-nodes';
import type { Invocation, Propagation } from './service';
import type { ServiceIndex } from './service-index';
import type { NodeKind, Recording, TraceEdge, TraceMap, TraceNode } from './trace-map';

/** What a value of a template means: a node, and the versions and aliases on the way to a function. */
export interface ResolvedTarget {
  readonly node: TraceNode;
  readonly through: readonly Resource[];
}

/** What there is to say of a call. */
export interface Call {
  /** The resource that makes the connection. */
  readonly source: Resource;
  /** @default - as the caller's service invokes functions */
  readonly invocation?: Invocation;
  /** @default - what the caller's service does to traces */
  readonly propagation?: Propagation;
  /** @default true */
  readonly isCertain?: boolean;
  /** @default - wherever the resource that makes the connection is there */
  readonly when?: Assumptions;
  /** @default false */
  readonly isAuthorization?: boolean;
}

/** Where something is deployed, as far as that is known: a name means one thing there. */
export interface Location {
  readonly account?: string;
  readonly region?: string;
  readonly group?: string;
}

type Draft = TraceNode & { readonly incoming: TraceEdge[]; readonly outgoing: TraceEdge[] };

/** Puts the map together: each resource adds the nodes and the calls that it stands for. */
export class TraceMapBuilder {
  private readonly nodes = new Map<string, Draft>();
  private readonly edges = new Map<string, EdgeDraft>();
  private readonly once = new Map<unknown, unknown>();
  private readonly names: NamedResources;
  private readonly visited = new Set<Resource>();

  /**
   * @param references resolves what values of the templates mean
   * @param functions the functions, by their resources
   * @param roles what roles are allowed
   * @param index the services that nodes can be of
   */
  constructor(
    private readonly references: FunctionReferences,
    private readonly functions: ReadonlyMap<Resource, LambdaFunction>,
    public readonly roles: Roles,
    public readonly index: ServiceIndex,
  ) {
    this.names = new NamedResources(references.resolver, index);
    for (const fn of functions.values()) this.node(fn.resource);
  }

  /** The nodes and edges that have been added. */
  public get traceMap(): Pick<TraceMap, 'nodes' | 'edges'> {
    // What has been looked up without a call coming of it has no place on the map.
    const isOnMap = ({ function: fn, incoming, outgoing }: TraceNode) =>
      fn !== undefined || incoming.length + outgoing.length > 0;
    return { nodes: [...this.nodes.values()].filter(isOnMap), edges: [...this.edges.values()] };
  }

  public get resolver(): Resolver {
    return this.references.resolver;
  }

  /** What connections work out of all the templates, once for all the resources that ask for it. */
  public shared<T>(workOut: (resolver: Resolver, map: TraceMapBuilder) => T): T {
    if (!this.once.has(workOut)) this.once.set(workOut, workOut(this.resolver, this));
    return this.once.get(workOut) as T;
  }

  /** The node that a resource is. */
  public node(resource: Resource, kind = this.index.kindOf(resource)): TraceNode | undefined {
    if (kind === undefined) return undefined;
    const fn = this.functions.get(resource);
    return this.add({
      id: addressOf(resource),
      kind,
      name: nameOf(resource),
      resource,
      function: fn,
      ...(fn ? recordingOf(fn) : this.tracingPropertyOf(resource, kind)),
      incoming: [],
      outgoing: [],
    });
  }

  /**
   * A node that is in none of the templates, by its name.
   *
   * @param place where it is, such as the source of the template that names it
   * @param key the same for the same, where others may have that name: what two templates call `${Env}-jobs` are two
   */
  public outside(kind: NodeKind, name: string, place: Location = {}, key = name): TraceNode {
    return this.withoutResource(outsideId(kind, key, place), kind, name);
  }

  /** A node that SAM makes for a resource, by the logical ID that it gives it. */
  public generated(kind: NodeKind, logicalId: string, { template }: Resource): TraceNode {
    return this.withoutResource(addressOf({ template, logicalId }), kind, logicalId);
  }

  private withoutResource(id: string, kind: NodeKind, name: string): TraceNode {
    const recording = this.index.services[kind].tracingProperty ? 'unknown' : 'never';
    return this.add({ id, kind, name, ...alike(certainly(recording)), incoming: [], outgoing: [] });
  }

  /**
   * The nodes that a reference, ARN or name can mean.
   *
   * @param kind what a name that is written out is the name of
   */
  public resolve(value: unknown, template: Template, kind?: NodeKind): ResolvedTarget[] {
    return this.resolver
      .strings(value, template)
      .flatMap(({ value: text }) => (text ? this.resolveString(text, template, kind) : []));
  }

  /** The same for a text that has been resolved. */
  public resolveString(text: PartialString, template: Template, kind?: NodeKind): ResolvedTarget[] {
    const isFunction = kind === undefined || kind === 'function';
    const fn = isFunction ? this.functionMeant(text, template) : undefined;
    if (fn) return [fn];
    const named = this.names.find(text, template, kind);
    const isPart = named !== undefined && !soleReference(named.name);
    for (const part of text) {
      if (typeof part === 'string' || part.kind !== 'reference') continue;
      if (named && isAnother(named.name, part)) continue;
      const found = this.referred(part, template);
      // A name with a reference in it may be of something else: `${Fn}/errors` is a log group.
      const isOther = isPart && found.some(({ node }) => node.kind !== named.kind);
      if (found.length > 0 && !isOther) return found;
    }
    const node = named && this.nodeNamed(named, template);
    return node ? [{ node, through: [] }] : [];
  }

  /** The nodes that a value means where it is surely of a kind: if none can be told, one by what the template says. */
  public resolveAs(kind: NodeKind, value: unknown, resource: Resource): TraceNode[] {
    const { template } = resource;
    const nodes = this.resolve(value, template, kind).map(({ node }) => node);
    const text = this.resolver.strings(value, template).find((possible) => possible.value)?.value;
    if (nodes.length > 0 || !text) return [...new Set(nodes)];
    const name = this.names.find(text, template, kind)?.name ?? text;
    return [this.outside(kind, displayName(name) ?? nameOf(resource), template.source, keyOf(name))];
  }

  /**
   * The nodes of no template that others have put on the map by the same value: all that is known of a parameter for a
   * queue may be that it is what feeds a function. To be asked for when the others are through.
   */
  public knownOutside(text: PartialString, template: Template): ResolvedTarget[] {
    const named = this.names.find(text, template);
    const isUnknown = text.every((part) => typeof part !== 'string');
    const idsOfAny = isUnknown
      ? this.index.kinds.map((kind) => outsideId(kind, keyOf(text), template.source))
      : [];
    const ids = named ? [outsideId(named.kind, keyOf(named.name), placeOf(named, template))] : idsOfAny;
    return ids.flatMap((id) => this.nodes.get(id) ?? []).map((node) => ({ node, through: [] }));
  }

  /** What a reference means: a node, or another that the resource stands for. */
  private referred(part: Reference, template: Template): ResolvedTarget[] {
    const { resource } = part;
    const node = this.node(resource);
    if (node) return [{ node, through: [] }];
    const fn = this.functionMeant([part], template);
    if (fn) return [fn];
    const path = ALIASES.get(resource.type);
    // Stand-ins that lead to each other stand for nothing.
    if (!path || this.visited.has(resource)) return [];
    this.visited.add(resource);
    const found = this.valuesAt(resource, path).flatMap((value) => this.resolve(value, resource.template));
    this.visited.delete(resource);
    return found;
  }

  /** The values at a path below a resource's properties; of lists on the way, those of every item. */
  public valuesAt({ properties, template }: Resource, path: readonly string[]): unknown[] {
    return path.reduce<unknown[]>(
      (found, key) =>
        found.flatMap((from) => this.resolver.itemsAt(from, key, template).map(({ value }) => value)),
      [properties],
    );
  }

  /** The names that a template can give a resource; none where it leaves that to deployment. */
  public namesOf(resource: Resource): PartialString[] {
    return this.names.namesOf(resource);
  }

  private functionMeant(text: PartialString, template: Template): ResolvedTarget | undefined {
    const target = this.references.targetOf(text, template);
    const node = target && this.node(target.function);
    return node && { node, through: target.through };
  }

  /** Connects a caller to whatever a value means. */
  public call(from: TraceNode, value: unknown, call: Call): void {
    this.callOneOf(from, this.resolve(value, call.source.template), call);
  }

  /** Connects a caller to all that one thing can mean, of which it calls but one. */
  public callOneOf(from: TraceNode, meant: readonly ResolvedTarget[], call: Call): void {
    const isCertain = new Set(meant.map(keyOfMeant)).size === 1;
    for (const to of meant) this.connect(from, to, { isCertain, ...call });
  }

  /** The same where the caller, too, is one of several. */
  public callByOneOf(callers: readonly TraceNode[], meant: readonly ResolvedTarget[], call: Call): void {
    const certainty = callers.length === 1 ? {} : { isCertain: false };
    for (const from of callers) this.callOneOf(from, meant, { ...call, ...certainty });
  }

  public connect(from: TraceNode, { node: to, through }: ResolvedTarget, call: Call): void {
    const { source, isCertain = true, isAuthorization = false } = call;
    const { propagation, invocation, recordsSampledOnly } = this.index.services[from.kind];
    const starts = from.recording === 'yes' && from.kind !== 'function' && !recordsSampledOnly;
    const effect = call.propagation ?? (starts ? 'starts' : propagation);
    const key = `${from.id}\n${keyOfMeant({ node: to, through })}`;
    const known = this.edges.get(key);
    const when = casesOf([source, ...through], this.resolver, call.when);
    if (when.length === 0) return;
    if (known) {
      addToEdge(known, source, { propagation: effect, isCertain, when, isAuthorization });
      return;
    }
    const edge: EdgeDraft = {
      from,
      to,
      propagation: effect,
      ...(to.kind === 'function' && { invocation: call.invocation ?? invocation }),
      sources: [source],
      through,
      isCertain,
      when,
      isAuthorization,
    };
    this.edges.set(key, edge);
    (from as Draft).outgoing.push(edge);
    (to as Draft).incoming.push(edge);
  }

  private add(node: Draft): Draft {
    const known = this.nodes.get(node.id);
    if (!known) this.nodes.set(node.id, node);
    return known ?? node;
  }

  private tracingPropertyOf(resource: Resource, kind: NodeKind): Switched {
    const { tracingProperty: recorder } = this.index.services[kind];
    const known = recorder?.[resource.type];
    // Where others of its kind have a switch, it is set elsewhere.
    if (!known) {
      return alike(this.resolver.whereCreated(resource, certainly(recorder ? 'unknown' : 'never')));
    }
    const [property, value] = known;
    const set = this.resolver.stringsAt(
      effectiveProperties(resource),
      property.split('.'),
      resource.template,
    );
    return {
      ...alike(
        this.resolver
          .whereCreated(resource, set)
          .map(({ value: text, when }) => ({ value: isOn(text, value), when })),
      ),
      tracingProperty: { resource, property, value },
    };
  }

  /** A resource of a name; where the templates have none, a node of its own. */
  private nodeNamed(found: FoundName, template: Template): TraceNode | undefined {
    if (found.resource) return this.node(found.resource);
    const isPartlyKnown = found.name.some((part) => typeof part === 'string');
    const name = isPartlyKnown ? displayName(found.name) : undefined;
    if (name === undefined) return undefined;
    return this.outside(found.kind, name, placeOf(found, template), keyOf(found.name));
  }
}

type Switched = Pick<TraceNode, 'recording' | 'recordings' | 'tracingProperty'>;

/** Whether a name isn't what is referred to in it: `${Jobs.QueueName}-failed`, but not `${Table.Arn}/stream/2026`. */
function isAnother(name: PartialString, part: Reference): boolean {
  const [first, next] = name;
  const begins = first === part && typeof next === 'string' && /^[/:]/.test(next);
  return !begins && name.some((piece) => typeof piece === 'string');
}

function outsideId(kind: NodeKind, key: string, place: Location): string {
  return `${kind}:${key}@${keyOfPlace(place)}`;
}

function placeOf(found: FoundName, { source: { account, region, group } }: Template): Location {
  return { account: found.account ?? account, region: found.region ?? region, group };
}

function keyOfPlace({ account, region, group = '' }: Location): string {
  return account && region ? `${account}/${region}` : group;
}

/** The same for what is the same. */
function keyOfMeant({ node, through }: ResolvedTarget): string {
  return [node.id, ...through.map(addressOf)].join('\n');
}

function recordingOf({ resource, modes, modeProperty }: LambdaFunction): Switched {
  return {
    ...alike(
      modes.map(({ value, when }) => {
        if (value === 'Active') return { value: 'yes', when };
        return { value: value === 'PassThrough' || value === 'unset' ? 'no' : 'unknown', when };
      }),
    ),
    tracingProperty: { resource, property: modeProperty, value: 'Active' },
  };
}

function isOn(text: PartialString | undefined, on: string): Recording {
  if (text === undefined) return 'no';
  const set = literal(text);
  if (set === undefined) return 'unknown';
  return set === on ? 'yes' : 'no';
}

/** What is so in each case, and what in all of them alike. */
function alike(recordings: readonly Possible<Recording>[]): Pick<TraceNode, 'recording' | 'recordings'> {
  const [first, ...others] = new Set(recordings.map(({ value }) => value));
  return { recording: first === undefined || others.length > 0 ? 'unknown' : first, recordings };
}

/** A call that is still being put together. */
export type EdgeDraft = { -readonly [K in keyof TraceEdge]: TraceEdge[K] } & { readonly sources: Resource[] };

/** From the one that keeps most of a trace to the one that keeps nothing. */
const EFFECTS: readonly Propagation[] = ['starts', 'propagates', 'links', 'breaks'];

/** Adds to a call what another resource says of it: what surely happens says more than what may. */
export function addToEdge(
  known: EdgeDraft,
  by: Resource,
  {
    propagation,
    isCertain,
    when,
    isAuthorization,
  }: Pick<TraceEdge, 'propagation' | 'isCertain' | 'when' | 'isAuthorization'>,
): void {
  if (!known.sources.includes(by)) known.sources.push(by);
  known.isAuthorization &&= isAuthorization;
  const isBetter = EFFECTS.indexOf(propagation) < EFFECTS.indexOf(known.propagation);
  if (isCertain === known.isCertain ? isBetter : isCertain) {
    Object.assign(known, { propagation: propagation, isCertain, when });
  } else if (
    isCertain === known.isCertain &&
    propagation === known.propagation &&
    !known.when.includes(ALWAYS)
  ) {
    known.when = [...known.when, ...when];
  }
}

/** Finds the calls that a resource makes, or makes possible, and adds them to a map. */
export type Connection = (resource: Resource, map: TraceMapBuilder) => void;

/** By the type of the resource. */
export type Connections = Readonly<Record<string, Connection>>;
