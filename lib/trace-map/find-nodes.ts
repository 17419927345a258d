import { concat, keyOf, literal, split, type PartialString } from '../cloudformation/partial-string';
import type { Resolver } from '../cloudformation/resolver';
import { isInSamePlace, nearest, type Resource, type Template } from '../cloudformation/template';
import type { ArnForm, ServiceIndex } from './service-index';
import type { NodeKind } from './trace-map';

/** What a name or an ARN names. */
export interface FoundName {
  readonly kind: NodeKind;
  readonly name: PartialString;
  readonly region?: string;
  readonly account?: string;
  /** Nothing where the templates have none of that name. */
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
   * What a text names; nothing where that can't be told, or where it is a pattern for many.
   *
   * @param kind what a name that is no ARN is the name of
   */
  public find(text: PartialString, from: Template, kind?: NodeKind): FoundName | undefined {
    const described = this.describe(text, from, kind);
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

  /** The names that a template can give a resource; none where it leaves that to deployment. */
  public namesOf(resource: Resource): PartialString[] {
    const kind = this.index.kindOf(resource);
    const nameProperty = kind && this.index.services[kind].nameProperty;
    const property = typeof nameProperty === 'object' ? nameProperty[resource.type] : nameProperty;
    if (property === undefined) return [];
    const texts = this.resolver.strings(resource.properties[property], resource.template);
    return texts.flatMap(({ value }) => (value && value.length > 0 ? [value] : []));
  }

  private describe(text: PartialString, { source }: Template, kind?: NodeKind): Description | undefined {
    const [start] = text;
    if (typeof start === 'string' && start.startsWith('arn:')) return this.describeArn(text, source);
    if (kind === undefined) return undefined;
    return { kind, name: givenName(text), ...source };
  }

  /** What an ARN names, where its service is in the table. */
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
      region: placeIn(region, source.region),
      account: placeIn(account, source.account),
    };
  }
}

/** The names of parameters in Systems Manager are the same with a slash in front and without, in their ARNs. */
function keyFor({ kind, name }: Pick<Description, 'kind' | 'name'>): string {
  return `${kind} ${keyOf(name).replace(/^\//, '')}`;
}

function hasWildcard(name: PartialString): boolean {
  return name.some((part) => typeof part === 'string' && /[*?]/.test(part));
}

function givenName(text: PartialString): PartialString {
  const [start] = text;
  // The URL of a queue ends with its name.
  if (typeof start === 'string' && start.startsWith('https://')) return split(text, '/').at(-1)!;
  // `worker:live`, `111122223333:function:worker:live`; of parameters, `/prod/flags:3`
  const [first, , third] = split(text, ':');
  return third ?? first;
}

/** Where an ARN doesn't name a region or an account, any will do; one that isn't known is the template's. */
function placeIn(segment: PartialString, own: string | undefined): string | undefined {
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

/** Resources that are another's stand-in for whoever refers to them, by type, and where they say whose. */
export const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::ElasticLoadBalancingV2::Listener', ['LoadBalancerArn']],
  ['AWS::Kinesis::StreamConsumer', ['StreamARN']],
  ['AWS::SecretsManager::SecretTargetAttachment', ['SecretId']],
  ['AWS::StepFunctions::StateMachineAlias', ['RoutingConfiguration', 'StateMachineVersionArn']],
  ['AWS::StepFunctions::StateMachineVersion', ['StateMachineArn']],
]);

/** A name as a template writes it, with what only deployment tells under the name that it has there: `${Env}-jobs`. */
export function displayName(text: PartialString): string | undefined {
  const [only] = text;
  if (text.length === 1 && typeof only === 'object') return nameOfPart(only);
  let written = '';
  for (const part of text) {
    const name = typeof part === 'string' ? part : nameOfPart(part);
    if (name === undefined) return undefined;
    written += typeof part === 'string' ? part : `\${${name}}`;
  }
  return written || undefined;
}

function nameOfPart(part: Exclude<PartialString[number], string>): string | undefined {
  if (part.kind === 'reference') return part.resource.logicalId;
  const name = part.id.slice(part.id.indexOf('#') + 1);
  // Anything else is a value that couldn't be looked into.
  return /^(import )?[\w:./-]+$/.test(name) ? name : undefined;
}
