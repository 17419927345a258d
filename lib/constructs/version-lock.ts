import { AspectPriority, Aspects, CfnResource, type IAspect, Stack, Stage } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { isObject } from '../model/json';
import type { Mode } from './checked-props';
import { FunctionResource } from './function-resource';
import { isOverridden } from './given-property';
import { linkedProperty, LinkedResources, linkedValue } from './linked-values';

/** The key of the metadata, on a version, that says which mode it locks. */
const METADATA_KEY = 'cdk-lambda-xray';

/** Who set the mode of a function that was made with another. */
const SET_BY = new WeakMap<CfnResource, string>();

/** Remembers who sets a mode, to name them if it must not be set. */
export function recordSetter({ cfn }: FunctionResource, setter: string): void {
  SET_BY.set(cfn, setter);
}

interface Locked {
  readonly fn: LambdaFunction;
  readonly mode: Mode;
  readonly versions: Set<CfnResource>;
}

const locksOf = new WeakMap<IConstruct, VersionLocks>();

/**
 * Locks the mode of a function that was made with it, once the function is published: the mode is part of a version
 * ("Manage Lambda function versions", AWS Lambda Developer Guide). Setting another later fails the synthesis. What
 * each version locks is written into its metadata.
 */
export function lockMode(fn: LambdaFunction, mode: Mode): void {
  const scope = Stage.of(fn) ?? fn.node.root;
  const locks = locksOf.get(scope) ?? new VersionLocks(scope);
  locksOf.set(scope, locks);
  locks.add(fn, mode);
}

/** The locked functions of a stage. */
class VersionLocks implements IAspect {
  private readonly locked = new Map<CfnResource, Locked>();
  private readonly stacks = new Set<Stack>();

  constructor(scope: IConstruct) {
    // After all that may still set a mode.
    Aspects.of(scope).add(this, { priority: AspectPriority.READONLY });
  }

  public add(fn: LambdaFunction, mode: Mode): void {
    this.locked.set(fn.node.defaultChild as CfnResource, { fn, mode, versions: new Set() });
    const stack = Stack.of(fn);
    if (this.stacks.has(stack)) return;
    this.stacks.add(stack);
    stack.node.addValidation({
      validate: () =>
        [...this.locked.values()].filter((locked) => Stack.of(locked.fn) === stack).flatMap(violation),
    });
  }

  public visit(construct: IConstruct): void {
    if (!CfnResource.isCfnResource(construct) || construct.cfnResourceType !== 'AWS::Lambda::Version') return;
    const name = linkedProperty(construct, 'FunctionName');
    for (const resource of new LinkedResources([]).referencedBy(name, construct.stack)) {
      const locked = this.locked.get(resource);
      if (!locked) continue;
      locked.versions.add(construct);
      construct.addMetadata(METADATA_KEY, { TracingMode: locked.mode });
    }
  }
}

function violation({ fn, mode, versions }: Locked): string[] {
  const target = FunctionResource.of(fn.node.defaultChild!)!;
  const current = linkedValue(target.mode, target.cfn);
  const [version] = versions;
  if (!version || current === mode) return [];
  return [
    `The function '${fn.node.path}' was made ${mode}, which its version '${version.node.path}' locks, but its tracing ` +
      `mode ${changeOf(current)}, ${setterOf(target)}. Give the function its mode where it is made, by 'tracing', and ` +
      'choose between modes in code.',
  ];
}

/** What was done to the mode. Without one, a function is PassThrough; but it was promised to be written out. */
function changeOf(current: unknown): string {
  if (typeof current === 'string') return `was set to ${current} later`;
  const isUnset = current === undefined || (isObject(current) && current.Ref === 'AWS::NoValue');
  return isUnset ? 'was removed later' : 'was made something that only deployment tells';
}

function setterOf({ cfn }: FunctionResource): string {
  if (isOverridden(cfn, 'TracingConfig')) return 'by a raw override';
  return SET_BY.has(cfn) ? `by ${SET_BY.get(cfn)}` : 'by assigning tracingConfig of its resource';
}
