import type { Resource } from '../cloudformation/template';
import type { ServiceFacts } from './service-facts';
import type { NodeKind } from './trace-map';

/** The form of the ARNs of a kind of node. */
export interface ArnForm {
  readonly kind: NodeKind;
  readonly prefix: string;
  readonly endsWith?: RegExp;
}

/** Facts about services, by the kind of node. */
export type FactsByKind = Readonly<Record<NodeKind, ServiceFacts>>;

/** The kinds of node with the facts about their services, in the order of the services. */
export type ServiceEntries = readonly (readonly [NodeKind, ServiceFacts])[];

/** The services of the trace map, with lookups by resource, by ARN and by other facts. */
export class ServiceIndex {
  public readonly kinds: readonly NodeKind[];
  private readonly kindByType = new Map<string, NodeKind>();
  private readonly kindsByProperty: (readonly [NodeKind, ServiceFacts])[] = [];
  private readonly arnFormsByService = new Map<string, ArnForm[]>();
  private readonly tables = new Map<unknown, unknown>();

  /** @param services the services by the kind of node, in the order in which they are matched */
  constructor(public readonly services: FactsByKind) {
    this.kinds = Object.keys(services) as NodeKind[];
    for (const kind of this.kinds) this.add(kind, services[kind]);
  }

  /** Returns the kind of node that a resource is, `undefined` if it is not a node. */
  public kindOf({ type, properties }: Resource): NodeKind | undefined {
    const byProperty = this.kindsByProperty.find(([, { types, only }]) => {
      const [property, value] = (types.includes(type) && only?.[type]) || [];
      return property !== undefined && properties[property] === value;
    });
    return byProperty?.[0] ?? this.kindByType.get(type);
  }

  /** Returns the forms of the ARNs of a service, such as `lambda`. */
  public arnForms(service: string): readonly ArnForm[] {
    return this.arnFormsByService.get(service) ?? [];
  }

  /** Returns a lookup table of the services. `build` is called once for each function. */
  public table<T>(build: (services: ServiceEntries) => T): T {
    if (!this.tables.has(build)) {
      this.tables.set(build, build(this.kinds.map((kind) => [kind, this.services[kind]])));
    }
    return this.tables.get(build) as T;
  }

  private add(kind: NodeKind, service: ServiceFacts): void {
    const { types, only, arn } = service;
    for (const type of types) if (!only?.[type]) this.kindByType.set(type, kind);
    if (only) this.kindsByProperty.push([kind, service]);
    if (!arn) return;
    const forms = this.arnFormsByService.get(arn.service) ?? [];
    this.arnFormsByService.set(arn.service, forms);
    forms.push({ kind, prefix: '', ...arn });
  }
}
