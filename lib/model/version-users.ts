import { isIntrinsic, isObject, type JsonObject, scalarText } from '../cloudformation/json';
import { namesInSubPattern } from '../cloudformation/partial-string';
import type { Resource, Template } from '../cloudformation/template';
import type { FunctionReferences } from '../lambda/function-references';
import type { FunctionVersion } from '../lambda/lambda-function';
import type { TraceMap } from '../trace-map/trace-map';
import type { TracingModel } from './tracing-model';

const PUBLICATION_TYPES = ['AWS::Lambda::Version', 'AWS::Lambda::Alias'];

/** What SAM makes of a function that publishes itself, as templates refer to it. */
const GENERATED = /^([^.]+)\.(?:Alias|Version)(?:\.|$)/;

/** Who refers to the versions and aliases of templates. Looked for when it is first asked for. */
export class VersionUsers {
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
      ...(isIntrinsic(value) ? this.meant(value, template) : []),
      ...Object.values(value).flatMap((child) => this.referredTo(child, template)),
    ];
  }

  private meant(intrinsic: JsonObject, template: Template): Resource[] {
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

  /** By a name or an ARN, wherever it comes from: written out, or from a mapping or another template. */
  private named(value: unknown, template: Template): Resource[] {
    return this.references
      .targets(value, template)
      .flatMap(({ value: target }) => (target ? target.through : []));
  }
}

/** The resources that an intrinsic function names, with an attribute perhaps. */
function namesIn({ Ref: name, 'Fn::GetAtt': attribute, 'Fn::Sub': substitution }: JsonObject): string[] {
  const [pattern] = [substitution].flat();
  const substituted = namesInSubPattern(scalarText(pattern) ?? '');
  return [[name].flat().join('.'), [attribute].flat().join('.'), ...substituted];
}

/**
 * Whether a version is history, or on its way out: another of its function is published now, and whatever refers to
 * this one is an alias that is on that too.
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
