import {
  Annotations,
  AspectPriority,
  Aspects,
  CfnResource,
  type IAspect,
  Stack,
  Stage,
  Token,
} from 'aws-cdk-lib';
import { Function as LambdaFunction, Version } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { isAcknowledged } from './acknowledgements';
import { addAspectAcrossStages } from './aspects-across-stages';
import { setCfnProperty, isOverridden } from './cfn-properties';
import { FunctionLinks, isVersion } from './function-links';
import { FunctionResource } from './function-resource';
import { addModeToDescription } from './mode-description';
import { resolvedProperty, LinkedResources, resolvedValue } from './resolve-references';
import type { Mode } from './validate-props';

/** The key of the metadata, on a version, that says which mode it locks. */
const METADATA_KEY = 'cdk-lambda-xray';

/** Who set the mode of a function that was made with another. */
const SET_BY = new WeakMap<CfnResource, string>();

/** Remembers who sets a mode, to name them if it must not be set. */
export function recordModeSetter({ cfn }: FunctionResource, setter: string): void {
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
export function trackMode(fn: LambdaFunction, mode: Mode): void {
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
    const name = resolvedProperty(construct, 'FunctionName');
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
  const current = resolvedValue(target.mode, target.cfn);
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

/** The ID of the warning that a change of the tracing mode doesn't publish a version anew. */
const VERSION_NOT_TIED = 'cdk-lambda-xray:versionNotTied';

/** Ties all versions of a function that there are now, so that a change of its mode publishes them anew. */
export function tieVersions(target: FunctionResource, links: FunctionLinks): void {
  for (const version of links.versionsOf(target)) tieVersion(version, links.publishedBy(version));
  if (target.isServerless) tieAutoPublish(target);
}

/**
 * Has a version state the mode of its function in its description, which CloudFormation changes by replacing the
 * version.
 *
 * @param published the functions that it publishes
 */
function tieVersion(version: CfnResource, published: readonly FunctionResource[]): void {
  // Its logical ID holds the mode already, and another description would replace it.
  if (isCurrentVersion(version)) return;
  const [target, ...others] = published;
  const obstacle =
    others.length > 0
      ? 'only deployment tells which function it publishes. Make a version for each function'
      : addModeToDescription(version, 'Description', target);
  if (!obstacle) return;
  const { scope } = version.node;
  warn(scope instanceof Version ? scope : version, target, obstacle);
}

/**
 * Has SAM publish a new version when the mode changes.
 *
 * "AWS::Serverless::Function" (AWS SAM Developer Guide): a version is published when the code changes, or with
 * `AutoPublishAliasAllProperties` any property. Where `AutoPublishCodeSha256` is given, that alone tells
 * (`_construct_version` in the SAM translator), and the value of a parameter tells nothing; then the mode is put
 * into the description of the version.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
function tieAutoPublish(target: FunctionResource): void {
  const { cfn, construct, mode } = target;
  if (!target.setting('AutoPublishAlias')) return;
  const isLiteral = mode === undefined || (typeof mode === 'string' && !Token.isUnresolved(mode));
  if (!isLiteral || target.setting('AutoPublishCodeSha256')) {
    const obstacle = addModeToDescription(cfn, 'VersionDescription', target);
    if (obstacle) warn(construct, target, obstacle);
    return;
  }
  const all = target.setting('AutoPublishAliasAllProperties');
  if (all === undefined) setCfnProperty(cfn, 'AutoPublishAliasAllProperties', true);
  else if (all === false) {
    warn(construct, target, 'AutoPublishAliasAllProperties is false. Remove it, or set it to true');
  }
}

/** Whether CDK made it for `fn.currentVersion`, with a hash of the function in its logical ID. */
function isCurrentVersion(version: CfnResource): boolean {
  const around = version.node.scope;
  const fn = around?.node.scope;
  return (
    around instanceof Version &&
    around.node.defaultChild === version &&
    fn instanceof LambdaFunction &&
    fn.node.tryFindChild('CurrentVersion') === around
  );
}

function warn(construct: IConstruct, target: FunctionResource, obstacle: string): void {
  if (isAcknowledged(construct, VERSION_NOT_TIED)) return;
  const outcome =
    construct === target.construct
      ? 'publishes no version'
      : `does not publish the version '${construct.node.path}' anew`;
  Annotations.of(construct).addWarningV2(
    VERSION_NOT_TIED,
    `A change of the tracing mode of '${target.construct.node.path}' ${outcome}, although tieVersions asks for it: ` +
      `${obstacle}${target.function ? ', or publish by its currentVersion' : ''}.`,
  );
}

/** Whether the versions of a function are to be tied. */
type Meant = (target: FunctionResource, links: FunctionLinks) => boolean;

/** Ties the versions of a function, wherever they stand in the app, when all of them are there: at synthesis. */
export function tieVersionsOf({ cfn }: FunctionResource): void {
  VersionTies.of(cfn).functions.add(cfn);
}

/**
 * The same for all functions that are meant.
 *
 * @param construct any of the app
 */
export function tieVersionsWhere(construct: IConstruct, meant: Meant): void {
  VersionTies.of(construct).meant.push(meant);
}

/** The functions of an app whose versions are tied. */
class VersionTies implements IAspect {
  public static of({ node: { root } }: IConstruct): VersionTies {
    const ties = TIES.get(root) ?? new VersionTies(root);
    TIES.set(root, ties);
    return ties;
  }

  public readonly functions = new Set<CfnResource>();
  public readonly meant: Meant[] = [];
  private readonly links = new WeakMap<IConstruct, FunctionLinks>();

  private constructor(private readonly root: IConstruct) {
    // After all that may still describe a version, and before what only reads.
    addAspectAcrossStages(root, this, AspectPriority.READONLY - 1);
  }

  public visit(construct: IConstruct): void {
    if (!CfnResource.isCfnResource(construct)) return;
    const fn = FunctionResource.of(construct);
    if (fn?.isServerless && this.mean(fn)) tieAutoPublish(fn);
    if (!isVersion(construct)) return;
    const published = this.linksFor(construct).publishedBy(construct);
    if (published.some((target) => this.mean(target))) tieVersion(construct, published);
  }

  private mean(target: FunctionResource): boolean {
    if (this.functions.has(target.cfn)) return true;
    return this.meant.some((meant) => meant(target, this.linksFor(target.cfn)));
  }

  /** Looked up once for each stage: stages are synthesized one after the other. */
  private linksFor(construct: IConstruct): FunctionLinks {
    const stage = Stage.of(construct) ?? this.root;
    const links = this.links.get(stage) ?? new FunctionLinks(this.root);
    this.links.set(stage, links);
    return links;
  }
}

/** By the root of the app. */
const TIES = new WeakMap<IConstruct, VersionTies>();
