import { concat, keyOf, literal, split, type PartialString } from '../cloudformation/partial-string';
import type { Resolver } from '../cloudformation/resolver';
import { isInSamePlace, nearest, type Resource, type Template } from '../cloudformation/template';
import type { ArnForm, ServiceEntries, ServiceIndex } from './service-facts';
import type { NodeKind } from './trace-map';

/** The resource that a name or an ARN identifies. */
export interface FoundName {
  readonly kind: NodeKind;
  readonly name: PartialString;
  readonly region?: string;
  readonly account?: string;
  /** `undefined` if the templates have no resource of that name. */
  readonly resource?: Resource;
}

type Description = Omit<FoundName, 'resource'>;

/** Finds resources by the names that templates give them. */
export class NamedResources {
  private byName?: Map<string, Resource[]>;

  constructor(
    private readonly resolver: Resolver,
    private readonly index: ServiceIndex,
  ) {}

  /**
   * Returns what a name or an ARN identifies; `undefined` if that is unknown, or if it is a pattern.
   *
   * @param kind the kind of node that a plain name belongs to
   */
  public find(string: PartialString, from: Template, kind?: NodeKind): FoundName | undefined {
    const described = this.describe(string, from, kind);
    if (!described || described.name.length === 0 || hasWildcard(described.name)) return undefined;
    const candidates = (this.named().get(keyFor(described)) ?? []).filter(({ template }) =>
      isInSamePlace(template.source, described),
    );
    return { ...described, resource: nearest(candidates, from) };
  }

  private named(): ReadonlyMap<string, Resource[]> {
    if (!this.byName) {
      this.byName = new Map();
      for (const template of this.resolver.templates) {
        for (const resource of template.resources.values()) this.add(resource, this.byName);
      }
    }
    return this.byName;
  }

  private add(resource: Resource, byName: Map<string, Resource[]>): void {
    const kind = this.index.kindOf(resource);
    if (kind === undefined) return;
    for (const name of this.namesOf(resource)) {
      const key = keyFor({ kind, name });
      const known = byName.get(key) ?? [];
      byName.set(key, known);
      known.push(resource);
    }
  }

  /** Returns the names that a template can give a resource; none if CloudFormation generates the name. */
  public namesOf(resource: Resource): PartialString[] {
    const kind = this.index.kindOf(resource);
    const nameProperty = kind && this.index.services[kind].nameProperty;
    const property = typeof nameProperty === 'object' ? nameProperty[resource.type] : nameProperty;
    if (property === undefined) return [];
    const names = this.resolver.strings(resource.properties[property], resource.template);
    return names.flatMap(({ value }) => (value && value.length > 0 ? [value] : []));
  }

  private describe(string: PartialString, { source }: Template, kind?: NodeKind): Description | undefined {
    const [start] = string;
    if (typeof start === 'string' && start.startsWith('arn:')) return this.describeArn(string, source);
    if (kind === undefined) return undefined;
    return { kind, name: plainName(string), ...source };
  }

  /** Returns what an ARN identifies, `undefined` if its service is unknown. */
  private describeArn(arn: PartialString, source: Template['source']): Description | undefined {
    const [, , service, region, account, ...rest] = split(arn, ':');
    if (rest.length === 0) return undefined;
    const resource = concat(...rest.flatMap((piece, i) => (i === 0 ? [piece] : [[':'], piece])));
    const [first] = resource;
    const [start, others] = typeof first === 'string' ? [first, resource.slice(1)] : ['', resource];
    const forms = this.index.arnForms(literal(service) ?? '');
    const form = forms.find(({ prefix }) => start.startsWith(prefix));
    if (!form) return undefined;
    return {
      kind: form.kind,
      name: nameIn(concat([start.slice(form.prefix.length)], others), form),
      region: locationIn(region, source.region),
      account: locationIn(account, source.account),
    };
  }
}

/** Returns a key that is equal for equal names. The ARNs of SSM parameters leave out a slash at the start of names. */
function keyFor({ kind, name }: Pick<Description, 'kind' | 'name'>): string {
  return `${kind} ${keyOf(name).replace(/^\//, '')}`;
}

function hasWildcard(name: PartialString): boolean {
  return name.some((part) => typeof part === 'string' && /[*?]/.test(part));
}

function plainName(string: PartialString): PartialString {
  const [start] = string;
  // The URL of a queue ends with its name.
  if (typeof start === 'string' && start.startsWith('https://')) return split(string, '/').at(-1)!;
  // `worker:live`, `111122223333:function:worker:live`; for parameters, `/prod/flags:3`
  const [first, , third] = split(string, ':');
  return third ?? first;
}

/** Returns a region or account of an ARN: any if it is empty or a pattern, the template's if it is unknown. */
function locationIn(segment: PartialString, own: string | undefined): string | undefined {
  const known = literal(segment);
  if (known === undefined) return own;
  return known === '' || hasWildcard(segment) ? undefined : known;
}

function nameIn(rest: PartialString, { endsWith }: ArnForm): PartialString {
  if (!endsWith) return split(split(rest, '/')[0], ':')[0];
  return concat(
    rest.map((part, i) =>
      typeof part === 'string' && i === rest.length - 1 ? part.replace(endsWith, '') : part,
    ),
  );
}

/** Returns the path at which a resource refers to the one that it is an alias of, by the `aliases` of the services. */
export function aliasPath({ type }: Resource, index: ServiceIndex): readonly string[] | undefined {
  return index.table(aliasesByType).get(type);
}

function aliasesByType(services: ServiceEntries): ReadonlyMap<string, readonly string[]> {
  return new Map(services.flatMap(([, { aliases = {} }]) => Object.entries(aliases)));
}

/** Returns a name as a template writes it. Parts that are known only at deployment keep their names: `${Env}-jobs`. */
export function displayName(string: PartialString): string | undefined {
  const [only] = string;
  if (string.length === 1 && typeof only === 'object') return nameOfPart(only);
  let written = '';
  for (const part of string) {
    const name = typeof part === 'string' ? part : nameOfPart(part);
    if (name === undefined) return undefined;
    written += typeof part === 'string' ? part : `\${${name}}`;
  }
  return written || undefined;
}

function nameOfPart(part: Exclude<PartialString[number], string>): string | undefined {
  if (part.kind === 'reference') return part.resource.logicalId;
  const name = part.id.slice(part.id.indexOf('#') + 1);
  // Other IDs belong to values that could not be resolved.
  return /^(import )?[\w:./-]+$/.test(name) ? name : undefined;
}
