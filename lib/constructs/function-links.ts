import { CfnResource } from 'aws-cdk-lib';
import { experimental } from 'aws-cdk-lib/aws-cloudfront';
import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import {
  classifyEventSource,
  classifySamEvent,
  type EventSourceArn,
  type EventSourceVerdict,
} from '../model/event-source-kind';
import { isObject, objectAt } from '../model/json';
import { FunctionResource } from './function-resource';
import { LinkedProperties, textOf } from './linked-properties';
import { resolvedProperties } from './resolved-properties';

/** An event source mapping of the app, and what kind of source it connects. */
export interface LinkedMapping {
  readonly resource: CfnResource;
  readonly source: EventSourceVerdict;
}

/**
 * What the resources of an app say of its functions: what feeds them, and which of them run at the edge.
 *
 * It reads the construct tree, so that it can be asked before the templates are written. References are
 * followed by the constructs they mean; names and ARNs that are written out, by the names given to functions.
 */
export class FunctionLinks {
  /**
   * The links of an app. They are put together anew only when something was added that links.
   *
   * @param root the app
   */
  public static of(root: IConstruct): FunctionLinks {
    const links = root.node.findAll().filter(isLink).length;
    const known = LINKS.get(root);
    if (known?.links === links) return known.of;
    const of = new FunctionLinks(root);
    LINKS.set(root, { links, of });
    return of;
  }

  private readonly mappings = new Map<CfnResource, LinkedMapping[]>();
  private readonly invokedOtherwise = new Set<CfnResource>();
  private readonly edge = new Set<CfnResource>();
  private readonly singletons = new Map<CfnResource, SingletonFunction[]>();
  private readonly resources: readonly CfnResource[];
  private readonly properties: LinkedProperties;
  private byName?: Map<string, CfnResource[]>;

  private constructor(root: IConstruct) {
    const constructs = root.node.findAll();
    this.resources = constructs.filter((construct) => CfnResource.isCfnResource(construct));
    this.properties = new LinkedProperties(this.resources);
    for (const construct of constructs) {
      if (CfnResource.isCfnResource(construct)) this.link(construct);
      else if (construct instanceof experimental.EdgeFunction) this.addEdgeFunction(construct);
      else if (construct instanceof SingletonFunction) this.addSingleton(construct);
    }
  }

  /** The event source mappings that feed a function. */
  public mappingsOf({ cfn }: FunctionResource): readonly LinkedMapping[] {
    return this.mappings.get(cfn) ?? [];
  }

  /** Whether more than event source mappings may invoke the function, as far as the app tells. */
  public isInvokedOtherwise({ cfn }: FunctionResource): boolean {
    return this.invokedOtherwise.has(cfn);
  }

  /** Whether CloudFront runs the function (Lambda@Edge). */
  public isAtEdge({ cfn }: FunctionResource): boolean {
    return this.edge.has(cfn);
  }

  /** The singletons that share a function. */
  public singletonsOf({ cfn }: FunctionResource): readonly SingletonFunction[] {
    return this.singletons.get(cfn) ?? [];
  }

  private addEdgeFunction({ node }: experimental.EdgeFunction): void {
    const resource = node.defaultChild?.node.defaultChild;
    if (resource && CfnResource.isCfnResource(resource)) this.edge.add(resource);
  }

  private addSingleton(singleton: SingletonFunction): void {
    const cfn = FunctionResource.of(singleton)?.cfn;
    if (cfn) this.singletons.set(cfn, [...(this.singletons.get(cfn) ?? []), singleton]);
  }

  private addMapping(fn: CfnResource, mapping: LinkedMapping): void {
    this.mappings.set(fn, [...(this.mappings.get(fn) ?? []), mapping]);
  }

  private link(resource: CfnResource): void {
    switch (resource.cfnResourceType) {
      case 'AWS::Lambda::EventSourceMapping': {
        const properties = this.properties.of(resource);
        const source = classifyEventSource(properties, this.describeArn(properties.EventSourceArn, resource));
        for (const fn of this.functionsMeant(properties.FunctionName, resource)) {
          this.addMapping(fn, { resource, source });
        }
        break;
      }
      case 'AWS::Lambda::Permission':
      case 'AWS::Lambda::Url': {
        const { FunctionName: name, TargetFunctionArn: arn } = this.properties.of(resource);
        for (const fn of this.functionsMeant(name ?? arn, resource)) this.invokedOtherwise.add(fn);
        break;
      }
      case 'AWS::Serverless::Function': {
        for (const event of Object.values(objectAt(this.properties.of(resource), 'Events'))) {
          const kind = isObject(event) ? classifySamEvent(event.Type) : undefined;
          if (kind) this.addMapping(resource, { resource, source: { kind, property: 'Events' } });
          else this.invokedOtherwise.add(resource);
        }
        break;
      }
      case 'AWS::CloudFront::Distribution': {
        for (const arn of valuesAt('LambdaFunctionARN', this.properties.of(resource))) {
          for (const fn of this.functionsMeant(arn, resource)) this.edge.add(fn);
        }
        break;
      }
    }
  }

  /** The functions that a function's name or ARN means, or that of one of its versions or aliases. */
  private functionsMeant(
    value: unknown,
    from: CfnResource,
    through: readonly CfnResource[] = [],
  ): CfnResource[] {
    const referenced = this.properties.referencedBy(value, from).flatMap((resource) => {
      if (isFunction(resource)) return [resource];
      if (!QUALIFIER_TYPES.includes(resource.cfnResourceType) || through.includes(resource)) return [];
      const { FunctionName: name } = this.properties.of(resource);
      return this.functionsMeant(name, resource, [...through, resource]);
    });
    if (referenced.length > 0) return referenced;
    const named = this.named(functionName(textOf(value)));
    return named.length > 1 ? named.filter((fn) => fn.stack === from.stack) : [...named];
  }

  private named(name: string): readonly CfnResource[] {
    if (!this.byName) {
      this.byName = new Map();
      for (const resource of this.resources.filter(isFunction)) {
        const { FunctionName: own } = resolvedProperties(resource);
        if (typeof own === 'string') this.byName.set(own, [...(this.byName.get(own) ?? []), resource]);
      }
    }
    return this.byName.get(name) ?? [];
  }

  private describeArn(value: unknown, from: CfnResource): EventSourceArn | undefined {
    if (value === undefined) return undefined;
    const [arn, , service] = textOf(value).split(':');
    if (arn === 'arn') return { service };
    const [target, ...more] = this.properties.referencedBy(value, from);
    return target && more.length === 0 ? { resourceType: target.cfnResourceType } : {};
  }
}

const LINKS = new WeakMap<IConstruct, { links: number; of: FunctionLinks }>();

const LINK_TYPES = [
  'AWS::CloudFront::Distribution',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Serverless::Function',
];

const QUALIFIER_TYPES = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];

function isLink(construct: IConstruct): boolean {
  if (CfnResource.isCfnResource(construct)) return LINK_TYPES.includes(construct.cfnResourceType);
  return construct instanceof experimental.EdgeFunction || construct instanceof SingletonFunction;
}

function isFunction(resource: CfnResource): boolean {
  return FunctionResource.of(resource) !== undefined;
}

/** The name in a function's name or ARN, whole or partial, with or without a qualifier. */
function functionName(reference: string): string {
  const [, name] = /(?:^|:)function:([^:]+)/.exec(reference) ?? /^([^:]+)/.exec(reference) ?? [];
  return name ?? '';
}

function valuesAt(key: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(key, item));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => (name === key ? [child] : valuesAt(key, child)));
}
