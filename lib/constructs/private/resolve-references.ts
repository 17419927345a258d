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
import { partsOfSubPattern } from '../../cloudformation/partial-string';
import { isSynthesisInProgress, perSynthesis, stageOf } from './aspects-across-stages';
import { cfnProperty } from './cfn-resources';

/**
 * Renders a value and keeps each reference as the referenced resource. References can then be followed across stacks,
 * before CDK replaces them by exports and parameters. Text that CDK would generate from JSON is kept as JSON.
 *
 * @param value the value, with tokens
 * @param scope the construct that the value belongs to
 * @returns the value with references as `{ Ref: resource }`, or undefined if CDK can't render it
 */
export function resolvedValue(value: unknown, scope: IConstruct): unknown {
  const resolver = new LinkingResolver();
  try {
    return resolver.link(Tokenization.resolve(value, { scope, resolver }));
  } catch {
    // Synthesis will fail with CDK's own error.
    return undefined;
  }
}

/**
 * Returns a rendered property with its references as resources. The result is cached until the property is set to
 * another value, or until the next synthesis, because a token can render to another value then.
 *
 * @param resource the resource with the property
 * @param name the name in CloudFormation
 */
export function resolvedProperty(resource: CfnResource, name: string): unknown {
  const given = cfnProperty(resource, name);
  const ofResources = renderedProperties();
  const rendered = ofResources.get(resource) ?? new Map<string, RenderedProperty>();
  ofResources.set(resource, rendered);
  const known = rendered.get(name);
  if (known && known.given === given) return known.linked;
  const linked = given === undefined ? undefined : resolvedValue(given, resource);
  rendered.set(name, { given, linked });
  return linked;
}

interface RenderedProperty {
  readonly given: unknown;
  readonly linked: unknown;
}

const renderedProperties = perSynthesis(() => new WeakMap<CfnResource, Map<string, RenderedProperty>>());

/** Finds exports that are not among the constructs, and returns the resources that their values reference. */
type Elsewhere = (exportName: string, through: readonly string[]) => CfnResource[];

/** Finds the resources that rendered values reference, including references by hand-written intrinsic functions. */
export class LinkedResources {
  private byStack?: ReadonlyMap<Stack, readonly CfnResource[]>;
  private readonly byLogicalId = new Map<Stack, ReadonlyMap<string, CfnResource>>();
  private exports?: ReadonlyMap<string, CfnOutput>;

  /**
   * @param constructs returns the constructs that can be referenced by logical ID or by an export. It is called for the first
   * reference of this kind: tokens refer to the resource itself.
   * @param elsewhere finds exports of other constructs
   */
  constructor(
    private readonly constructs: () => readonly IConstruct[] = () => [],
    private readonly elsewhere: Elsewhere = () => [],
  ) {}

  /** Returns the resources that a rendered value references anywhere in it. */
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
        case 'Fn::ImportValue': {
          if (through.includes(name)) return [];
          const passed = [...through, name];
          return this.exported(name, passed) ?? this.elsewhere(name, passed);
        }
        default:
          return this.referencedBy(argument, stack, through);
      }
    });
  }

  /** Returns the resources that the value of an export references, or undefined if no construct exports the name. */
  public exported(name: string, through: readonly string[]): CfnResource[] | undefined {
    this.exports ??= new Map(
      this.constructs()
        .filter((construct) => construct instanceof CfnOutput)
        .flatMap((output) => (output.exportName === undefined ? [] : [[output.exportName, output]])),
    );
    const output = this.exports.get(name);
    return output && this.referencedBy(resolvedValue(output.value, output), output.stack, through);
  }

  private named(logicalId: string, stack: Stack): CfnResource[] {
    if (logicalId.startsWith('AWS::')) return [];
    let named = this.byLogicalId.get(stack);
    if (!named) {
      this.byStack ??= groupByStack(this.constructs());
      named = new Map(
        (this.byStack.get(stack) ?? [])
          .filter(hasStableLogicalId)
          .map((resource) => [String(stack.resolve(resource.logicalId)), resource]),
      );
      this.byLogicalId.set(stack, named);
    }
    const found = named.get(logicalId);
    return found ? [found] : [];
  }
}

/**
 * Returns a function that returns what the values of an app reference. During synthesis, the constructs of the app are read
 * once for each stage, when a value first refers to one of them by logical ID or by an export. Before, the app still changes,
 * so they are read each time.
 */
export function linkedResourcesOfApps(): (construct: IConstruct) => LinkedResources {
  const inSynthesis = perSynthesis(() => new WeakMap<IConstruct, LinkedResources>());
  return (construct) => {
    // Stages are synthesized one after the other.
    const stage = stageOf(construct);
    const known = isSynthesisInProgress() ? inSynthesis().get(stage) : undefined;
    const linked = known ?? new LinkedResources(() => construct.node.root.node.findAll());
    if (isSynthesisInProgress()) inSynthesis().set(stage, linked);
    return linked;
  };
}

function groupByStack(constructs: readonly IConstruct[]): ReadonlyMap<Stack, readonly CfnResource[]> {
  const byStack = new Map<Stack, CfnResource[]>();
  for (const construct of constructs) {
    if (!CfnResource.isCfnResource(construct)) continue;
    const resources = byStack.get(construct.stack);
    if (resources) resources.push(construct);
    else byStack.set(construct.stack, [construct]);
  }
  return byStack;
}

/**
 * Returns true if a template author can know the logical ID. For a current version or an API deployment, CDK generates a
 * hash of the function or API, and reading the ID would render them too early.
 */
function hasStableLogicalId(resource: CfnResource): boolean {
  return !Token.isUnresolved((resource as unknown as { _logicalIdOverride?: string })._logicalIdOverride);
}

/**
 * Returns a rendered value as text.
 *
 * @param value the rendered value
 * @param placeholder returns the text for a part that is not literal
 */
export function textOf(value: unknown, placeholder: (value: unknown) => string = () => '*'): string {
  if (typeof value === 'string') return Token.isUnresolved(value) ? placeholder(value) : value;
  if (!isObject(value)) return placeholder(value);
  const { 'Fn::Join': join, 'Fn::Sub': substitute, 'Fn::Select': select } = value;
  if (Array.isArray(join) && Array.isArray(join[1])) {
    return (join[1] as unknown[]).map((part) => textOf(part, placeholder)).join(String(join[0]));
  }
  if (Array.isArray(select)) {
    const [index, list] = select as [unknown, unknown];
    const split = isObject(list) ? list['Fn::Split'] : undefined;
    const parts = Array.isArray(split) ? textOf(split[1], placeholder).split(String(split[0])) : [];
    return parts[Number(index)] ?? placeholder(value);
  }
  if (substitute === undefined) return placeholder(value);
  const [pattern, values] = [substitute].flat() as unknown[];
  return partsOfSubPattern(textOf(pattern, placeholder))
    .map((piece, i) => {
      if (i % 2 === 0) return piece;
      return isObject(values) && Object.hasOwn(values, piece)
        ? textOf(values[piece], placeholder)
        : placeholder({ Ref: piece.split('.')[0] });
    })
    .join('');
}

interface Producer {
  produce(context: IResolveContext): unknown;
}

class LinkingResolver extends DefaultTokenResolver {
  /** The resources by their marks, which replace them until rendering ends, because CDK can render a result again. */
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

  /** Replaces marks by their resources. */
  public link(value: unknown): unknown {
    if (this.targets.size === 0) return value;
    if (Array.isArray(value)) return value.map((item) => this.link(item));
    if (!isObject(value)) return value;
    const target = typeof value.Ref === 'string' ? this.targets.get(value.Ref) : undefined;
    if (target) return { Ref: target };
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, this.link(child)]));
  }

  /**
   * Returns the current value of a producer. A producer of JSON text, which sets `allowIntrinsicKeys`, gets an empty
   * value instead of the JSON: for a list that is known only at deployment, it would add a resource to the stack.
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

/** Returns the producer of a lazy value. The producer does not cache the value, unlike the token. */
function producerOf(token: IResolvable): Producer | undefined {
  const { producer, inner } = token as {
    producer?: Partial<Producer>;
    inner?: { producer?: Partial<Producer> };
  };
  const found = producer ?? inner?.producer;
  return typeof found?.produce === 'function' ? (found as Producer) : undefined;
}

/** Concatenates strings directly and other values by `Fn::Join`. */
class IntrinsicJoin implements IFragmentConcatenator {
  public join(left: unknown, right: unknown): unknown {
    if (left === undefined) return right;
    if (right === undefined) return left;
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    return { 'Fn::Join': ['', [left, right]] };
  }
}
