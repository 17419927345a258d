import {
  CfnOutput,
  CfnResource,
  DefaultTokenResolver,
  type IFragmentConcatenator,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  type Stack,
  Token,
  Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { cfnProperty } from './cfn-properties';

/**
 * Renders values with each reference to a resource as the resource itself, so that it can be followed across
 * stacks, and before CDK has turned it into exports and parameters. In the place of a text that CDK makes of JSON
 * stands what it is made of.
 *
 * @returns the value, in which `{ Ref: resource }` stands for a reference; nothing where CDK can't render it
 */
export function resolvedValue(value: unknown, scope: IConstruct): unknown {
  const resolver = new LinkingResolver();
  try {
    return resolver.link(Tokenization.resolve(value, { scope, resolver }));
  } catch {
    // The synthesis will fail with CDK's own words for it.
    return undefined;
  }
}

/**
 * A property with its references linked. It is rendered anew only when the property is given another value.
 *
 * @param name as CloudFormation names it
 */
export function resolvedProperty(resource: CfnResource, name: string): unknown {
  const given = cfnProperty(resource, name);
  const rendered = RENDERED.get(resource) ?? new Map<string, { given: unknown; linked: unknown }>();
  RENDERED.set(resource, rendered);
  const known = rendered.get(name);
  if (known && known.given === given) return known.linked;
  const linked = given === undefined ? undefined : resolvedValue(given, resource);
  rendered.set(name, { given, linked });
  return linked;
}

const RENDERED = new WeakMap<CfnResource, Map<string, { given: unknown; linked: unknown }>>();

/** Finds the resources that rendered values refer to, by hand-written intrinsic functions too. */
export class LinkedResources {
  private readonly byLogicalId = new Map<Stack, Map<string, CfnResource>>();
  private exports?: Map<string, CfnOutput>;

  /** @param constructs all of the app */
  constructor(private readonly constructs: readonly IConstruct[]) {}

  /** The resources that a rendered value refers to, anywhere in it. */
  public referencedBy(value: unknown, stack: Stack, through: readonly string[] = []): CfnResource[] {
    if (CfnResource.isCfnResource(value)) return [value];
    if (Array.isArray(value)) return value.flatMap((item) => this.referencedBy(item, stack, through));
    if (!isObject(value)) return [];
    return Object.entries(value).flatMap(([key, argument]) => {
      const name: unknown = Array.isArray(argument) ? argument[0] : argument;
      if (typeof name !== 'string') return this.referencedBy(argument, stack, through);
      switch (key) {
        case 'Ref':
        case 'Fn::GetAtt':
          return this.named(name.split('.')[0], stack);
        case 'Fn::Sub':
          return [
            ...[...name.matchAll(/\$\{([^!.}][^.}]*)/g)].flatMap(([, id]) => this.named(id, stack)),
            ...this.referencedBy(argument, stack, through),
          ];
        case 'Fn::ImportValue':
          return through.includes(name) ? [] : this.exported(name, [...through, name]);
        default:
          return this.referencedBy(argument, stack, through);
      }
    });
  }

  private exported(name: string, through: readonly string[]): CfnResource[] {
    this.exports ??= new Map(
      this.constructs
        .filter((construct) => construct instanceof CfnOutput)
        .flatMap((output) => (output.exportName === undefined ? [] : [[output.exportName, output]])),
    );
    const output = this.exports.get(name);
    return output ? this.referencedBy(resolvedValue(output.value, output), output.stack, through) : [];
  }

  private named(logicalId: string, stack: Stack): CfnResource[] {
    let named = this.byLogicalId.get(stack);
    if (!named) {
      named = new Map(
        this.constructs
          .filter((construct) => CfnResource.isCfnResource(construct))
          .filter((resource) => resource.stack === stack && isNameable(resource))
          .map((resource) => [String(stack.resolve(resource.logicalId)), resource]),
      );
      this.byLogicalId.set(stack, named);
    }
    const found = named.get(logicalId);
    return found ? [found] : [];
  }
}

/**
 * Whether a template's author can know the logical ID. CDK makes that of a current version, or of an API's deployment,
 * a hash of what it belongs to; asking for it renders that before its time.
 */
function isNameable(resource: CfnResource): boolean {
  return !Token.isUnresolved((resource as unknown as { _logicalIdOverride?: string })._logicalIdOverride);
}

/**
 * A rendered value as one string.
 *
 * @param otherwise what stands in it for whatever isn't literal
 */
export function textOf(value: unknown, otherwise: (value: unknown) => string = () => '*'): string {
  if (typeof value === 'string') return Token.isUnresolved(value) ? otherwise(value) : value;
  if (!isObject(value)) return otherwise(value);
  const { 'Fn::Join': join, 'Fn::Sub': substitute, 'Fn::Select': select } = value;
  if (Array.isArray(join) && Array.isArray(join[1])) {
    return (join[1] as unknown[]).map((part) => textOf(part, otherwise)).join(String(join[0]));
  }
  if (Array.isArray(select)) {
    const [index, list] = select as [unknown, unknown];
    const split = isObject(list) ? list['Fn::Split'] : undefined;
    const parts = Array.isArray(split) ? textOf(split[1], otherwise).split(String(split[0])) : [];
    return parts[Number(index)] ?? otherwise(value);
  }
  if (substitute === undefined) return otherwise(value);
  const [pattern, values] = [substitute].flat() as unknown[];
  return textOf(pattern, otherwise).replace(/\$\{([^}]*)\}/g, (_, name: string) =>
    isObject(values) && name in values
      ? textOf(values[name], otherwise)
      : otherwise({ Ref: name.split('.')[0] }),
  );
}

interface Producer {
  produce(context: IResolveContext): unknown;
}

class LinkingResolver extends DefaultTokenResolver {
  /** By the marks that stand for them until all is rendered: CDK may render what it has rendered again. */
  private readonly targets = new Map<string, CfnResource>();

  constructor() {
    super(new IntrinsicJoin());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token) && CfnResource.isCfnResource(token.target)) {
      const mark = `\uE000${this.targets.size}`;
      this.targets.set(mark, token.target);
      return { Ref: mark };
    }
    const producer = producerOf(token);
    return producer
      ? this.produced(producer, context)
      : (super.resolveToken(token, context, postProcessor) as unknown);
  }

  /** Puts the resources into the place of their marks. */
  public link(value: unknown): unknown {
    if (this.targets.size === 0) return value;
    if (Array.isArray(value)) return value.map((item) => this.link(item));
    if (!isObject(value)) return value;
    const target = typeof value.Ref === 'string' ? this.targets.get(value.Ref) : undefined;
    if (target) return { Ref: target };
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, this.link(child)]));
  }

  /**
   * What a producer has now. One that writes JSON, which it is told by `allowIntrinsicKeys`, isn't let write it: for a
   * list of which only deployment tells the items, it would add a resource.
   */
  private produced(producer: Producer, context: IResolveContext): unknown {
    let json: unknown;
    const produced = producer.produce({
      ...context,
      resolve: (value, options) => {
        const resolved: unknown = context.resolve(value, options);
        if (!options?.allowIntrinsicKeys) return resolved;
        json = resolved;
        return '';
      },
    });
    return json ?? (context.resolve(produced) as unknown);
  }
}

/** What produces a lazy value: asked by itself, the token doesn't keep what it is now. */
function producerOf(token: IResolvable): Producer | undefined {
  const { producer, inner } = token as {
    producer?: Partial<Producer>;
    inner?: { producer?: Partial<Producer> };
  };
  const found = producer ?? inner?.producer;
  return typeof found?.produce === 'function' ? (found as Producer) : undefined;
}

/** Joins strings, and what isn't one by `Fn::Join`, as CloudFormation would. */
class IntrinsicJoin implements IFragmentConcatenator {
  public join(left: unknown, right: unknown): unknown {
    if (left === undefined) return right;
    if (right === undefined) return left;
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    return { 'Fn::Join': ['', [left, right]] };
  }
}
