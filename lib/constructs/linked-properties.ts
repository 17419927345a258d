import {
  CfnResource,
  DefaultTokenResolver,
  type IFragmentConcatenator,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  type Stack,
  Tokenization,
} from 'aws-cdk-lib';
import { isObject, type JsonObject } from '../model/json';
import { propertiesIn } from './resolved-properties';

/**
 * Renders the properties of resources with every reference to a resource marked by the construct it means,
 * so that it can be followed across stacks, and before CDK has turned it into exports and parameters.
 */
export class LinkedProperties {
  private readonly marked = new Map<string, CfnResource>();
  private readonly markers = new Map<CfnResource, string>();
  private readonly byLogicalId = new Map<Stack, Map<string, CfnResource>>();
  private readonly resolver = new MarkingResolver((resource) => this.mark(resource));

  /** @param resources the resources that a hand-written intrinsic function may mean */
  constructor(private readonly resources: readonly CfnResource[]) {}

  /** The properties as the template will have them, but for the marks; none where CDK refuses to render them. */
  public of(resource: CfnResource): JsonObject {
    try {
      const fragment: unknown = Tokenization.resolve(resource._toCloudFormation(), {
        scope: resource,
        resolver: this.resolver,
      });
      return propertiesIn(fragment);
    } catch {
      // The synthesis will fail with CDK's own words for it.
      return {};
    }
  }

  /** The resources that a rendered value refers to, anywhere in it. */
  public referencedBy(value: unknown, from: CfnResource): CfnResource[] {
    return referencesIn(value).flatMap((reference) => {
      const target = this.marked.get(reference) ?? this.resourceNamed(reference, from.stack);
      return target ? [target] : [];
    });
  }

  private mark(resource: CfnResource): string {
    const marker = this.markers.get(resource) ?? `#${this.markers.size}`;
    this.markers.set(resource, marker);
    this.marked.set(marker, resource);
    return marker;
  }

  private resourceNamed(logicalId: string, stack: Stack): CfnResource | undefined {
    let named = this.byLogicalId.get(stack);
    if (!named) {
      named = new Map(
        this.resources
          .filter((resource) => resource.stack === stack)
          .map((resource) => [String(stack.resolve(resource.logicalId)), resource]),
      );
      this.byLogicalId.set(stack, named);
    }
    return named.get(logicalId);
  }
}

/** A rendered value as one string, with `*` for whatever isn't literal. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return '*';
  const { 'Fn::Join': join, 'Fn::Sub': substitute } = value;
  if (Array.isArray(join) && Array.isArray(join[1])) {
    return (join[1] as unknown[]).map(textOf).join(String(join[0]));
  }
  const pattern: unknown = Array.isArray(substitute) ? substitute[0] : substitute;
  return typeof pattern === 'string' ? pattern.replace(/\$\{[^}]*\}/g, '*') : '*';
}

/** The logical IDs, or marks in their place, in `Ref`, `Fn::GetAtt` and `Fn::Sub`. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, argument]) => {
    const first: unknown = Array.isArray(argument) ? argument[0] : argument;
    if (typeof first !== 'string') return referencesIn(argument);
    switch (key) {
      case 'Ref':
        return [first];
      case 'Fn::GetAtt':
        return [first.split('.')[0]];
      case 'Fn::Sub':
        return [
          ...[...first.matchAll(/\$\{([^!.}][^.}]*)/g)].map(([, name]) => name),
          ...referencesIn(argument),
        ];
      default:
        return referencesIn(argument);
    }
  });
}

class MarkingResolver extends DefaultTokenResolver {
  constructor(private readonly mark: (resource: CfnResource) => string) {
    super(new IntrinsicJoin());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token) && CfnResource.isCfnResource(token.target)) {
      return { Ref: this.mark(token.target) };
    }
    return super.resolveToken(token, context, postProcessor);
  }
}

/** Joins strings, and what isn't one by `Fn::Join`, as CloudFormation would. */
class IntrinsicJoin implements IFragmentConcatenator {
  public join(left: unknown, right: unknown): unknown {
    if (left === undefined) return right;
    if (right === undefined) return left;
    return typeof left === 'string' && typeof right === 'string'
      ? left + right
      : { 'Fn::Join': ['', [left, right]] };
  }
}
