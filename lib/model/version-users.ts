import { isIntrinsic, isObject, type JsonObject, scalarText } from '../cloudformation/json';
import { namesInSubPattern } from '../cloudformation/partial-string';
import type { Resource, Template } from '../cloudformation/template';
import type { FunctionReferences } from '../lambda/function-references';
import type { FunctionVersion } from '../lambda/lambda-function';
import type { TraceMap } from '../trace-map/trace-map';
import type { TracingModel } from './tracing-model';

const PUBLICATION_TYPES = ['AWS::Lambda::Version', 'AWS::Lambda::Alias'];

/** Matches references to the alias or version that SAM generates for a function. */
const GENERATED = /^([^.]+)\.(?:Alias|Version)(?:\.|$)/;

/** Finds the resources that refer to versions and aliases. Computed on first use. */
export class VersionUsers {
  private users?: Map<Resource, Set<Resource>>;

  /**
   * @param references resolves references to functions
   * @param resources all resources of the templates
   * @param traceMap returns the trace map
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
    for (const { through, sources } of this.traceMap().edges) {
      for (const publication of through) for (const user of sources) add(publication, user);
    }
    return users;
  }

  private referredTo(value: unknown, template: Template): Resource[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.referredTo(item, template));
    if (typeof value === 'string') return value.includes(':') ? this.named(value, template) : [];
    if (!isObject(value)) return [];
    return [
      ...(isIntrinsic(value) ? this.publicationsIn(value, template) : []),
      ...Object.values(value).flatMap((child) => this.referredTo(child, template)),
    ];
  }

  private publicationsIn(intrinsic: JsonObject, template: Template): Resource[] {
    return [
      ...namesIn(intrinsic).flatMap((name) => this.publication(name, template) ?? []),
      ...this.named(intrinsic, template),
    ];
  }

  private publication(name: string, template: Template): Resource | undefined {
    const [logicalId] = name.split('.');
    const resource = template.resources.get(logicalId);
    return resource && (PUBLICATION_TYPES.includes(resource.type) || GENERATED.test(name))
      ? resource
      : undefined;
  }

  /** Returns the versions and aliases of a name or an ARN, also from a mapping or another template. */
  private named(value: unknown, template: Template): Resource[] {
    return this.references
      .targets(value, template)
      .flatMap(({ value: target }) => (target ? target.through : []));
  }
}

/** Returns the names in an intrinsic function, each a logical ID and perhaps an attribute. */
function namesIn({ Ref: name, 'Fn::GetAtt': attribute, 'Fn::Sub': substitution }: JsonObject): string[] {
  const [pattern] = [substitution].flat();
  const substituted = namesInSubPattern(scalarText(pattern) ?? '');
  return [[name].flat().join('.'), [attribute].flat().join('.'), ...substituted];
}

/**
 * True if a version is superseded: its function publishes a newer one, and only aliases that also point to a
 * newer one refer to it.
 */
export function isSuperseded(
  { resource, function: fn }: FunctionVersion,
  { usersOf }: Pick<TracingModel, 'usersOf'>,
): boolean {
  const isOnNew = (user: Resource) =>
    fn.aliases.some(
      (alias) =>
        alias.resource === user && alias.versions.some(({ version }) => version && !version.isUnchanged),
    );
  return fn.versions.some((version) => !version.isUnchanged) && usersOf(resource).every(isOnNew);
}
