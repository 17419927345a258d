import type { FunctionReferences } from './function-references';
import { isObject } from './json';
import type { TraceMap } from './paths/trace-map';
import type { Resource, Template } from './template';

const PUBLICATION_TYPES = ['AWS::Lambda::Version', 'AWS::Lambda::Alias'];

/** What SAM makes of a function that publishes itself, as templates refer to it. */
const GENERATED = /^([^.]+)\.(?:Alias|Version)(?:\.|$)/;

/** Who refers to the versions and aliases of templates. Looked for when it is first asked for. */
export class PublicationUsers {
  private users?: Map<Resource, Set<Resource>>;

  /**
   * @param references resolves what values of the templates mean
   * @param resources all of the templates
   * @param traceMap who calls whom
   */
  constructor(
    private readonly references: FunctionReferences,
    private readonly resources: readonly Resource[],
    private readonly traceMap: () => TraceMap,
  ) {}

  public of(publication: Resource): readonly Resource[] {
    this.users ??= this.all();
    return [...(this.users.get(publication) ?? [])];
  }

  private all(): Map<Resource, Set<Resource>> {
    const users = new Map<Resource, Set<Resource>>();
    const add = (publication: Resource, user: Resource) => {
      if (publication === user) return;
      const known = users.get(publication) ?? new Set();
      users.set(publication, known.add(user));
    };
    for (const user of this.resources) {
      for (const publication of this.referredTo(user.properties, user.template)) add(publication, user);
    }
    for (const { through, by } of this.traceMap().edges) {
      for (const publication of through) for (const user of by) add(publication, user);
    }
    return users;
  }

  private referredTo(value: unknown, template: Template): Resource[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.referredTo(item, template));
    if (typeof value === 'string') return value.includes(':') ? this.named(value, template) : [];
    if (!isObject(value)) return [];
    const [[key, argument] = [], ...more] = Object.entries(value);
    if (more.length === 0 && key === 'Ref') return this.referenced(argument, template);
    if (more.length === 0 && key === 'Fn::GetAtt') {
      const parts = (Array.isArray(argument) ? argument : [argument]) as unknown[];
      const names = parts.filter((part) => typeof part === 'string');
      return this.referenced(names.join('.'), template);
    }
    if (more.length === 0 && key === 'Fn::Sub') {
      const [pattern, ...variables] = (Array.isArray(argument) ? argument : [argument]) as unknown[];
      const names = typeof pattern === 'string' ? [...pattern.matchAll(/\$\{([^!}][^}]*)\}/g)] : [];
      return [
        ...names.flatMap(([, name]) => this.referenced(name.trim(), template)),
        ...this.named(value, template),
        ...this.referredTo(variables, template),
      ];
    }
    const isText = more.length === 0 && (key === 'Fn::ImportValue' || key === 'Fn::Join');
    return [
      ...(isText ? this.named(value, template) : []),
      ...Object.values(value).flatMap((child) => this.referredTo(child, template)),
    ];
  }

  private referenced(name: unknown, template: Template): Resource[] {
    if (typeof name !== 'string') return [];
    const [logicalId] = name.split('.');
    const resource = template.resources.get(logicalId);
    if (resource && PUBLICATION_TYPES.includes(resource.type)) return [resource];
    if (resource) return GENERATED.test(name) ? [resource] : [];
    return Object.hasOwn(template.parameters, logicalId) ? this.named({ Ref: logicalId }, template) : [];
  }

  /** By a name or an ARN that is written out, or comes from another template. */
  private named(value: unknown, template: Template): Resource[] {
    return this.references
      .targets(value, template)
      .flatMap(({ value: target }) => (target ? target.through : []));
  }
}
