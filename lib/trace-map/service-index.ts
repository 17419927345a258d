import type { Resource } from '../cloudformation/template';
import type { Service } from './service';
import type { NodeKind } from './trace-map';

/** How the ARNs of a kind of node begin and end. */
export interface ArnForm {
  readonly kind: NodeKind;
  readonly prefix: string;
  readonly endsWith?: RegExp;
}

/** The services of the trace map, found by what identifies their resources. */
export class ServiceIndex {
  public readonly kinds: readonly NodeKind[];
  private readonly kindByType = new Map<string, NodeKind>();
  private readonly kindsByProperty: (readonly [NodeKind, Service])[] = [];
  private readonly arnFormsByService = new Map<string, ArnForm[]>();

  /** @param services the services by the kind of node that they are, in the order in which they are matched */
  constructor(public readonly services: Readonly<Record<NodeKind, Service>>) {
    this.kinds = Object.keys(services) as NodeKind[];
    for (const kind of this.kinds) this.add(kind, services[kind]);
  }

  /** Returns the kind of node that a resource is; `undefined` for a resource that is no node. */
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

  private add(kind: NodeKind, service: Service): void {
    const { types, only, arn } = service;
    for (const type of types) if (!only?.[type]) this.kindByType.set(type, kind);
    if (only) this.kindsByProperty.push([kind, service]);
    if (!arn) return;
    const forms = this.arnFormsByService.get(arn.service) ?? [];
    this.arnFormsByService.set(arn.service, forms);
    forms.push({ kind, prefix: '', ...arn });
  }
}
