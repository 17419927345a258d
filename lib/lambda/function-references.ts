import {
  concat,
  keyOf,
  literal,
  type Part,
  type PartialString,
  type Reference,
  soleReference,
  split,
} from '../cloudformation/partial-string';
import { certainly, flatMap, type Possible } from '../cloudformation/possible';
import { Resolver } from '../cloudformation/resolver';
import {
  addressOf,
  isInSamePlace,
  nearest,
  type Resource,
  type Template,
  type TemplateSource,
} from '../cloudformation/template';

const FUNCTION_TYPES = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

/** The maximum length of a chain of versions and aliases. A version or alias should refer to a function. */
const MAX_QUALIFIERS = 10;

/** The function that a value refers to, and the versions and aliases in between. */
export interface FunctionTarget {
  readonly function: Resource;
  readonly through: readonly Resource[];
}

export function isFunction(resource: Resource): boolean {
  return FUNCTION_TYPES.includes(resource.type);
}

/**
 * Resolves references to functions, such as the `FunctionName` of a version, an alias or an event source
 * mapping: a reference, a name or an ARN, with or without a qualifier, in this template or another.
 */
export class FunctionReferences {
  public readonly resolver: Resolver;
  private byName?: Map<string, Resource[]>;
  private aliases?: Map<Resource, Map<string, Resource>>;
  private readonly qualifierTargets = new Map<Resource, FunctionTarget | undefined>();
  private depth = 0;

  constructor(sources: readonly TemplateSource[]) {
    this.resolver = Resolver.of(sources, (text) => this.expandArn(text));
  }

  /** Returns the functions that a value of a template can refer to; `undefined` for an unknown one. */
  public targets(value: unknown, template: Template): Possible<FunctionTarget | undefined>[] {
    return flatMap(this.resolver.strings(value, template), (text) =>
      certainly(text && this.targetOf(text, template)),
    );
  }

  /**
   * Returns the functions that a value of a resource can refer to, each in the cases in which the resource, the function
   * and what is in between are created; `undefined` for an unknown one. Every link to a function is made here, so that no
   * condition is forgotten.
   */
  public linksFrom(resource: Resource, value: unknown): Possible<FunctionTarget | undefined>[] {
    return this.withConditions(resource, this.targets(value, resource.template));
  }

  /** Adds the conditions of the resources at both ends of links and in between. */
  public withConditions(
    resource: Resource,
    targets: readonly Possible<FunctionTarget | undefined>[],
  ): Possible<FunctionTarget | undefined>[] {
    return targets.flatMap(({ value, when: assumed }) => {
      const linked = value ? [resource, ...value.through, value.function] : [resource];
      return this.resolver.casesOf(linked, assumed).map((when) => ({ value, when }));
    });
  }

  /** Returns the function that a resolved string refers to. */
  public targetOf(text: PartialString, template: Template): FunctionTarget | undefined {
    return this.target(text, template, []);
  }

  private target(
    text: PartialString,
    template: Template,
    through: readonly Resource[],
  ): FunctionTarget | undefined {
    const { name, qualifier, region, account } = parseFunctionReference(text) ?? {};
    if (!name) return undefined;
    const named = soleReference(name);
    if (named) return this.withAlias(this.targetOfResource(named.resource, through), qualifier);
    const { source: from } = template;
    const place = { region: region ?? from.region, account: account ?? from.account };
    const candidates = this.functionsNamed(name).filter((fn) => isInSamePlace(fn.template.source, place));
    const found = nearest(candidates, template);
    return this.withAlias(found && { function: found, through }, qualifier);
  }

  /** Adds the alias of a qualifier, if it is in the templates. */
  private withAlias(
    target: FunctionTarget | undefined,
    qualifier: PartialString | undefined,
  ): FunctionTarget | undefined {
    if (!target || !qualifier) return target;
    const alias = this.aliasesOf(target.function).get(keyOf(qualifier));
    return alias ? { ...target, through: [...target.through, alias] } : target;
  }

  private aliasesOf(fn: Resource): ReadonlyMap<string, Resource> {
    if (!this.aliases) {
      this.aliases = new Map();
      for (const template of this.resolver.templates) {
        for (const resource of template.resources.values()) {
          if (resource.type === 'AWS::Lambda::Alias') this.addAlias(resource);
        }
      }
    }
    return this.aliases.get(fn) ?? new Map<string, Resource>();
  }

  private addAlias(alias: Resource): void {
    const { FunctionName: name, Name: own } = alias.properties;
    for (const { value: target } of this.targets(name, alias.template)) {
      for (const { value: text } of this.resolver.strings(own, alias.template)) {
        if (!target || !text) continue;
        const aliases = this.aliases!.get(target.function) ?? new Map<string, Resource>();
        this.aliases!.set(target.function, aliases.set(keyOf(text), alias));
      }
    }
  }

  private targetOfResource(resource: Resource, through: readonly Resource[]): FunctionTarget | undefined {
    if (isFunction(resource)) return { function: resource, through };
    if (!isQualifier(resource)) return undefined;
    const target = this.qualifierTarget(resource);
    return target && { ...target, through: [...through, resource, ...target.through] };
  }

  /** Returns the function of a version or an alias; undefined if they refer to each other. */
  private qualifierTarget(resource: Resource): FunctionTarget | undefined {
    if (this.qualifierTargets.has(resource)) return this.qualifierTargets.get(resource);
    this.qualifierTargets.set(resource, undefined);
    if (this.depth > MAX_QUALIFIERS) return undefined;
    this.depth++;
    const texts = this.resolver.strings(resource.properties.FunctionName, resource.template);
    const targets = texts.map(({ value }) => value && this.target(value, resource.template, []));
    this.depth--;
    const [first] = targets;
    const target = targets.every((other) => other?.function === first?.function) ? first : undefined;
    this.qualifierTargets.set(resource, target);
    return target;
  }

  /** Returns the functions with a name, which the templates set. */
  private functionsNamed(name: PartialString): readonly Resource[] {
    if (!this.byName) {
      this.byName = new Map();
      for (const template of this.resolver.templates) {
        for (const resource of template.resources.values()) {
          if (!isFunction(resource)) continue;
          for (const { value } of this.resolver.strings(resource.properties.FunctionName, template)) {
            const key = value && keyOf(value);
            if (!key) continue;
            const named = this.byName.get(key) ?? [];
            this.byName.set(key, named);
            // The name can be the same in several cases.
            if (!named.includes(resource)) named.push(resource);
          }
        }
      }
    }
    return this.byName.get(keyOf(name)) ?? [];
  }

  /** Expands a reference to the ARN of a function, alias or version into the ARN as text. */
  private expandArn(text: PartialString): PartialString {
    const reference = soleReference(text);
    return (reference && this.arnOf(reference)) ?? text;
  }

  private arnOf({ resource, attribute }: Reference): PartialString | undefined {
    if (isFunction(resource) && attribute === 'Arn') return functionArn(resource);
    if (!isQualifier(resource) || attribute === 'Version') return undefined;
    const target = this.targetOfResource(resource, []);
    const qualifier: Part = { kind: 'unknown', id: addressOf(resource) };
    return target && concat(functionArn(target.function), [':', qualifier]);
  }
}

function isQualifier(resource: Resource): boolean {
  return resource.type === 'AWS::Lambda::Alias' || resource.type === 'AWS::Lambda::Version';
}

/** The parts of a function's name or ARN. */
export interface FunctionReferenceParts {
  readonly name: PartialString;
  /** A version number, an alias or `$LATEST`. */
  readonly qualifier?: PartialString;
  /** The region of an ARN, as written: wildcards and empty parts are kept. */
  readonly region?: string;
  /** The account of an ARN or a partial ARN, as written. */
  readonly account?: string;
}

/**
 * Parses a reference to a function: a name, a partial ARN or an ARN, each with or without a version or alias
 * ("CreateEventSourceMapping", AWS Lambda API Reference).
 *
 * @returns undefined for the ARN of another kind of resource, and for text in none of these forms
 */
export function parseFunctionReference(text: PartialString): FunctionReferenceParts | undefined {
  if (soleReference(text)) return { name: text };
  const segments = split(text, ':');
  const literalAt = (i: number) => (segments[i] ? literal(segments[i]) : undefined);
  if (literalAt(0) === 'arn') {
    if (literalAt(2) !== 'lambda' || literalAt(5) !== 'function') return undefined;
    return { name: segments[6], qualifier: segments[7], region: literalAt(3), account: literalAt(4) };
  }
  if (literalAt(1) === 'function' && segments.length >= 3) {
    return { name: segments[2], qualifier: segments[3], account: literalAt(0) };
  }
  return segments.length <= 2 ? { name: segments[0], qualifier: segments[1] } : undefined;
}

/** Returns the ARN of a function without a qualifier. */
function functionArn(fn: Resource): PartialString {
  const { region, account } = fn.template.source;
  const pseudoParameter = (name: string): Part => ({ kind: 'unknown', id: name });
  return [
    'arn:',
    pseudoParameter('AWS::Partition'),
    ':lambda:',
    region ?? pseudoParameter('AWS::Region'),
    ':',
    account ?? pseudoParameter('AWS::AccountId'),
    ':function:',
    { kind: 'reference', resource: fn },
  ];
}
