import { isIntrinsic, isObject, type JsonObject, scalarText } from '../cloudformation/json';
import { namesInSubPattern } from '../cloudformation/partial-string';
import type { Resource, Template } from '../cloudformation/template';
import type { FunctionReferences } from '../lambda/function-references';
import type { FunctionVersion } from '../lambda/lambda-function';
import type { TraceMap } from '../trace-map/trace-map';
import type { TracingModel } from './tracing-model';

const VERSION_AND_ALIAS_TYPES = ['AWS::Lambda::Version', 'AWS::Lambda::Alias'];

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

  public of(versionOrAlias: Resource): readonly Resource[] {
    this.users ??= this.all();
    return [...(this.users.get(versionOrAlias) ?? [])];
  }

  private all(): Map<Resource, Set<Resource>> {
    const users = new Map<Resource, Set<Resource>>();
    const add = (versionOrAlias: Resource, user: Resource) => {
      if (versionOrAlias === user) return;
      const known = users.get(versionOrAlias) ?? new Set();
      users.set(versionOrAlias, known.add(user));
    };
    for (const user of this.resources) {
      for (const versionOrAlias of this.referredTo(user.properties, user.template)) add(versionOrAlias, user);
    }
    for (const { through, sources } of this.traceMap().edges) {
      for (const versionOrAlias of through) for (const user of sources) add(versionOrAlias, user);
    }
    return users;
  }

  private referredTo(value: unknown, template: Template): Resource[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.referredTo(item, template));
    if (typeof value === 'string') return value.includes(':') ? this.named(value, template) : [];
    if (!isObject(value)) return [];
    return [
      ...(isIntrinsic(value) ? this.versionsAndAliasesIn(value, template) : []),
      ...Object.values(value).flatMap((child) => this.referredTo(child, template)),
    ];
  }

  private versionsAndAliasesIn(intrinsic: JsonObject, template: Template): Resource[] {
    return [
      ...namesIn(intrinsic).flatMap((name) => this.versionOrAlias(name, template) ?? []),
      ...this.named(intrinsic, template),
    ];
  }

  private versionOrAlias(name: string, template: Template): Resource | undefined {
    const [logicalId] = name.split('.');
    const resource = template.resources.get(logicalId);
    return resource && (VERSION_AND_ALIAS_TYPES.includes(resource.type) || GENERATED.test(name))
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
