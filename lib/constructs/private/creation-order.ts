import { CfnResource, Stack } from 'aws-cdk-lib';
import { Dependable, type IConstruct, type IDependable } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { type LinkedResources, linkedResourcesOfApps, resolvedValue } from './resolve-references';

/**
 * Makes a function or state machine depend on a construct with the policies of its role. CloudFormation then creates
 * and changes the policies first, as for the role of an L2.
 *
 * Synthesis omits the dependency if it would be circular, for example because a policy allows to invoke the function.
 * Resources of different stacks are ordered by the dependencies of the stacks.
 *
 * @param user the resource of the function or state machine
 * @param policies the policy, or the role with the policies
 */
export function createAfter(user: CfnResource, policies: IConstruct): void {
  if (outermost(user.stack) !== outermost(Stack.of(policies))) return;
  const known = ADDED.get(user) ?? new Set();
  ADDED.set(user, known);
  if (known.has(policies)) return;
  known.add(policies);
  user.node.addDependency(new AcyclicDependency(user, policies));
}

/** Returns the stack that contains a nested stack, or the stack itself. */
export function outermost(stack: Stack): Stack {
  return stacksAround(stack).at(-1)!;
}

const ADDED = new WeakMap<CfnResource, Set<IConstruct>>();

/** A dependency that is decided when CDK reads it: after all references to the function exist. */
class AcyclicDependency implements IDependable {
  /**
   * True while references are followed. All dependencies of this class then count, because they are decided one by
   * one. Two of them that are circular only together are both omitted.
   */
  private static isSearching = false;

  constructor(user: CfnResource, target: IConstruct) {
    Dependable.implement(this, {
      get dependencyRoots() {
        return AcyclicDependency.isSearching || !AcyclicDependency.isCircular(user, target) ? [target] : [];
      },
    });
  }

  private static isCircular(user: CfnResource, target: IConstruct): boolean {
    AcyclicDependency.isSearching = true;
    try {
      return new DependencySearch(user, target).reaches();
    } finally {
      AcyclicDependency.isSearching = false;
    }
  }
}

/** CDK reads dependencies after it has applied the aspects. */
const linkedInApp = linkedResourcesOfApps();

/** The search for a path from a construct to a resource, along references and dependencies. */
class DependencySearch {
  private readonly linked: LinkedResources;
  /** The innermost stack that contains both. A nested stack in it is a single resource in the order of creation. */
  private readonly stack: Stack | undefined;

  constructor(
    private readonly goal: CfnResource,
    private readonly start: IConstruct,
  ) {
    this.linked = linkedInApp(goal);
    const stacks = stacksAround(goal.stack);
    this.stack = stacksAround(Stack.of(start)).find((stack) => stacks.includes(stack));
  }

  public reaches(): boolean {
    const goals = this.createdWith(this.goal);
    const found = new Set(resourcesIn(this.start).flatMap((resource) => this.createdWith(resource)));
    // A set also iterates over the items that are added meanwhile.
    for (const resource of found) {
      if (goals.includes(resource)) return true;
      for (const next of this.needsOf(resource)) for (const one of this.createdWith(next)) found.add(one);
    }
    return false;
  }

  /** Returns the resource, or all resources of the nested stack that it is in. */
  private createdWith(resource: CfnResource): CfnResource[] {
    const stacks = stacksAround(resource.stack);
    const nested = this.stack && stacks[stacks.indexOf(this.stack) - 1];
    return nested?.nestedStackResource ? [nested.nestedStackResource, ...resourcesIn(nested)] : [resource];
  }

  private needsOf(resource: CfnResource): CfnResource[] {
    const { cfnProperties, rawOverrides } = resource as unknown as CfnInternals;
    const { updatePolicy, creationPolicy, metadata } = resource.cfnOptions;
    const definition = [cfnProperties, rawOverrides, updatePolicy, creationPolicy, metadata];
    const dependsOn = [isObject(rawOverrides) ? rawOverrides.DependsOn : undefined].flat();
    const values = [resolvedValue(definition, resource), dependsOn.map((Ref) => ({ Ref }))];
    return [
      ...this.linked.referencedBy(values, resource.stack),
      ...resource.obtainDependencies().filter((needed) => CfnResource.isCfnResource(needed)),
      ...resource.node.scopes.flatMap(({ node }) => node.dependencies).flatMap(resourcesIn),
    ];
  }
}

/** The members of `CfnResource` that CDK renders. */
interface CfnInternals {
  readonly cfnProperties?: unknown;
  readonly rawOverrides?: unknown;
}

function stacksAround(stack: Stack): Stack[] {
  return stack.nestedStackParent ? [stack, ...stacksAround(stack.nestedStackParent)] : [stack];
}

function resourcesIn({ node }: IConstruct): CfnResource[] {
  return node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
}
