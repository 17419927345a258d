import type { FunctionReferences } from '../function-references';
import type { Resolver } from '../resolver';
import { agree, nameOf, nearest, type Resource, type Template } from '../template';
import { keyOf, literal, type Text } from '../text';
import type { LambdaFunction } from '../tracing-model';
import { CONNECTIONS } from './connections';
import { KIND_OF_TYPE, type NodeKind, kinds, SERVICES } from './services';
import type { Invocation, Recording, TraceEdge, TraceMap, TraceNode } from './trace-map';

/** What a value of a template means: a node, and the versions and aliases on the way to a function. */
export interface Meant {
  readonly node: TraceNode;
  readonly through: readonly Resource[];
}

/** What there is to say of a call. */
export interface Call {
  /** The resource that makes the connection. */
  readonly by: Resource;
  /** @default - as the caller's service invokes functions */
  readonly invocation?: Invocation;
  /** @default true */
  readonly isCertain?: boolean;
}

type Draft = TraceNode & { readonly incoming: TraceEdge[]; readonly outgoing: TraceEdge[] };

/** Puts the map together: each resource adds the nodes and the calls that it stands for. */
export class MapBuilder {
  private readonly nodes = new Map<string, Draft>();
  private readonly edges = new Map<string, TraceEdge & { readonly by: Resource[] }>();
  private byName?: Map<string, Resource[]>;

  /**
   * @param references resolves what values of the templates mean
   * @param functions the functions, by their resources
   */
  constructor(
    private readonly references: FunctionReferences,
    private readonly functions: ReadonlyMap<Resource, LambdaFunction>,
  ) {}

  /** @param resources all of the templates */
  public build(resources: readonly Resource[]): TraceMap {
    for (const fn of this.functions.values()) this.node(fn.resource);
    for (const resource of resources) {
      for (const connect of CONNECTIONS.get(resource.type) ?? []) connect(resource, this);
    }
    return { nodes: [...this.nodes.values()], edges: [...this.edges.values()] };
  }

  public get resolver(): Resolver {
    return this.references.resolver;
  }

  /** The node that a resource is. */
  public node(resource: Resource, kind = KIND_OF_TYPE.get(resource.type)): TraceNode | undefined {
    if (kind === undefined) return undefined;
    const fn = this.functions.get(resource);
    return this.add({
      id: `${resource.template.id}#${resource.logicalId}`,
      kind,
      name: nameOf(resource),
      resource,
      function: fn,
      ...(fn ? recordingOf(fn) : this.switchOf(resource, kind)),
      incoming: [],
      outgoing: [],
    });
  }

  /** A node that is in none of the templates, by its name. */
  public outside(kind: NodeKind, name: string): TraceNode {
    const { switch: recorder } = SERVICES[kind];
    const recording = recorder ? 'unknown' : 'never';
    return this.add({ id: `${kind}:${name}`, kind, name, recording, incoming: [], outgoing: [] });
  }

  /**
   * The nodes that a reference, ARN or name can mean.
   *
   * @param kind what a name that is written out is the name of
   */
  public meant(value: unknown, template: Template, kind?: NodeKind): Meant[] {
    return this.resolver
      .texts(value, template)
      .flatMap(({ value: text }) => (text ? this.meantByText(text, template, kind) : []));
  }

  /** The same for a text that has been resolved. */
  public meantByText(text: Text, template: Template, kind?: NodeKind): Meant[] {
    const isFunction = kind === undefined || kind === 'function';
    const fn = isFunction ? this.functionMeant(text, template) : undefined;
    if (fn) return [fn];
    for (const part of text) {
      if (typeof part === 'string' || part.kind !== 'reference') continue;
      const node = this.node(part.resource);
      const found = node ? { node, through: [] } : this.functionMeant([part], template);
      if (found) return [found];
    }
    const node = this.named(text, template, kind);
    return node ? [{ node, through: [] }] : [];
  }

  private functionMeant(text: Text, template: Template): Meant | undefined {
    const target = this.references.targetOf(text, template);
    const node = target && this.node(target.function);
    return node && { node, through: target.through };
  }

  /** Connects a caller to whatever a value means. */
  public call(from: TraceNode, value: unknown, call: Call): void {
    for (const to of this.meant(value, call.by.template)) this.connect(from, to, call);
  }

  public connect(from: TraceNode, { node: to, through }: Meant, call: Call): void {
    const { by, isCertain = true } = call;
    const { passes, invocation } = SERVICES[from.kind];
    const key = `${from.id}\n${to.id}\n${through.map(({ logicalId }) => logicalId).join()}`;
    const known = this.edges.get(key);
    if (known) {
      if (!known.by.includes(by)) known.by.push(by);
      return;
    }
    const edge = {
      from,
      to,
      effect: from.recording === 'yes' && from.kind !== 'function' ? ('starts' as const) : passes,
      ...(to.kind === 'function' && { invocation: call.invocation ?? invocation }),
      by: [by],
      through,
      isCertain,
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

  private switchOf(resource: Resource, kind: NodeKind): Pick<TraceNode, 'recording' | 'switch'> {
    const [property, value] = SERVICES[kind].switch?.[resource.type] ?? [];
    if (property === undefined || value === undefined) return { recording: 'never' };
    const set = this.resolver.textsAt(resource.properties, property.split('.'), resource.template);
    return {
      recording: agreed(set.map(({ value: text }) => isOn(text, value))),
      switch: { resource, property, value },
    };
  }

  /** A resource by an ARN or a name that is written out; where the templates have none, a node of its own. */
  private named(text: Text, template: Template, kind?: NodeKind): TraceNode | undefined {
    const known = literal(text);
    if (known === undefined || known === '') return undefined;
    const arn = known.startsWith('arn:') ? describeArn(known) : undefined;
    const found = arn ?? (kind && { kind, name: known, region: undefined, account: undefined });
    if (!found) return undefined;
    const candidates = (this.resourcesByName().get(`${found.kind} ${found.name}`) ?? []).filter(
      ({ template: { source } }) =>
        agree(source.region, found.region) && agree(source.account, found.account),
    );
    const resource = nearest(candidates, template);
    return (resource && this.node(resource)) ?? this.outside(found.kind, found.name);
  }

  private resourcesByName(): ReadonlyMap<string, Resource[]> {
    if (!this.byName) {
      this.byName = new Map();
      for (const template of this.resolver.templates) {
        for (const resource of template.resources.values()) {
          const kind = KIND_OF_TYPE.get(resource.type);
          const { nameProperty } = kind ? SERVICES[kind] : { nameProperty: undefined };
          if (nameProperty === undefined || resource.properties[nameProperty] === undefined) continue;
          for (const { value } of this.resolver.texts(resource.properties[nameProperty], template)) {
            const key = value && `${kind} ${keyOf(value)}`;
            if (key) this.byName.set(key, [...(this.byName.get(key) ?? []), resource]);
          }
        }
      }
    }
    return this.byName;
  }
}

const ARN_SERVICES: ReadonlyMap<string, readonly [kind: NodeKind, prefix: string][]> = (() => {
  const services = new Map<string, [NodeKind, string][]>();
  for (const [kind, { arn }] of kinds()) {
    if (!arn) continue;
    const known = services.get(arn.service) ?? [];
    services.set(arn.service, known);
    known.push([kind, arn.prefix ?? '']);
  }
  return services;
})();

/** What an ARN names, where the service is in the table. */
function describeArn(
  arn: string,
): { kind: NodeKind; name: string; region?: string; account?: string } | undefined {
  const [, , service, region, account, ...rest] = arn.split(':');
  const resource = rest.join(':');
  const [kind, prefix] =
    (ARN_SERVICES.get(service) ?? []).find(([, start]) => resource.startsWith(start)) ?? [];
  if (kind === undefined || prefix === undefined) return undefined;
  const [name] = resource.slice(prefix.length).split(/[/:]/);
  return name === '' || name === '*'
    ? undefined
    : { kind, name, region: region || undefined, account: account || undefined };
}

function recordingOf({
  resource,
  modes,
  modeProperty,
}: LambdaFunction): Pick<TraceNode, 'recording' | 'switch'> {
  return {
    recording: agreed(
      modes.map(({ value }): Recording => {
        if (value === 'Active') return 'yes';
        return value === 'PassThrough' || value === 'unset' ? 'no' : 'unknown';
      }),
    ),
    switch: { resource, property: modeProperty, value: 'Active' },
  };
}

function isOn(text: Text | undefined, on: string): Recording {
  if (text === undefined) return 'no';
  const set = literal(text);
  if (set === undefined) return 'unknown';
  return set === on ? 'yes' : 'no';
}

/** What all of them say. */
function agreed(recordings: readonly Recording[]): Recording {
  const [first, ...others] = new Set(recordings);
  return first === undefined || others.length > 0 ? 'unknown' : first;
}
