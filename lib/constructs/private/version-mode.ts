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
import { addAcknowledgeableNote, isAcknowledged } from './acknowledgements';
import { addAspectAcrossStages, perSynthesis } from './aspects-across-stages';
import { FunctionResource, isOverridden, isVersion, setCfnProperty } from './cfn-resources';
import { FunctionLinks } from './function-links';
import { addModeToDescription, hasDefaultMode, isUnset, obstacleInDescription } from './mode-description';
import { LinkedResources, resolvedProperty, resolvedValue } from './resolve-references';
import type { Mode } from './validate-props';

/** The key of a version's metadata that contains its tracing mode. */
const METADATA_KEY = 'cdk-lambda-xray';

/** The call that changed the mode of each function. */
const SET_BY = new WeakMap<CfnResource, string>();

/** Records the call that changes a mode, which an error names if the mode is locked. */
export function recordModeSetter({ cfn }: FunctionResource, setter: string): void {
  SET_BY.set(cfn, setter);
}

interface LockedMode {
  readonly fn: LambdaFunction;
  readonly mode: Mode;
  /** The versions that exist in the current synthesis. */
  readonly versions: () => Set<CfnResource>;
}

const locksOf = new WeakMap<IConstruct, VersionLocks>();

/**
 * Locks the mode that a function was created with. If the function has a version, changing the mode later makes
 * synthesis fail, because the mode is part of a version ("Manage Lambda function versions", AWS Lambda Developer
 * Guide). The metadata of each version states its mode.
 */
export function trackMode(fn: LambdaFunction, mode: Mode): void {
  const scope = Stage.of(fn) ?? fn.node.root;
  const locks = locksOf.get(scope) ?? new VersionLocks(scope);
  locksOf.set(scope, locks);
  locks.add(fn, mode);
}

/** The functions of a stage with a locked mode. */
class VersionLocks implements IAspect {
  private readonly locked = new Map<CfnResource, LockedMode>();
  private readonly stacks = new Set<Stack>();

  constructor(scope: IConstruct) {
    // After all aspects that can set a mode.
    Aspects.of(scope).add(this, { priority: AspectPriority.READONLY });
  }

  public add(fn: LambdaFunction, mode: Mode): void {
    this.locked.set(fn.node.defaultChild as CfnResource, {
      fn,
      mode,
      versions: perSynthesis(() => new Set()),
    });
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
    for (const resource of new LinkedResources().referencedBy(name, construct.stack)) {
      const locked = this.locked.get(resource);
      if (!locked) continue;
      locked.versions().add(construct);
      construct.addMetadata(METADATA_KEY, { TracingMode: locked.mode });
    }
  }
}

function violation({ fn, mode, versions }: LockedMode): string[] {
  const target = FunctionResource.of(fn.node.defaultChild!)!;
  const current = resolvedValue(target.mode, target.cfn);
  const [version] = versions();
  if (!version || current === mode) return [];
  return [
    `The function '${fn.node.path}' was created with the mode ${mode}, which is part of its version ` +
      `'${version.node.path}', but the mode ${changeOf(current)}, ${setterOf(target)}. Set the mode with 'tracing' ` +
      'where the function is created, and select between modes in code.',
  ];
}

/** Describes the change of a mode. A removed mode counts, although it means PassThrough, because modes must be explicit. */
function changeOf(current: unknown): string {
  if (typeof current === 'string') return `was later set to ${current}`;
  return isUnset(current) ? 'was later removed' : 'was later set to a value that is known only at deployment';
}

function setterOf({ cfn }: FunctionResource): string {
  if (isOverridden(cfn, 'TracingConfig')) return 'by a raw override';
  return SET_BY.has(cfn) ? `by ${SET_BY.get(cfn)}` : 'by assigning tracingConfig of its resource';
}

/** The ID of the note on a function that keeps its default mode, because of a version without a change. */
const VERSION_WITHOUT_CHANGE = 'cdk-lambda-xray:versionWithoutChange';

/**
 * Returns a construct that publishes a version if a function without a mode is set to PassThrough. To Lambda, that is no
 * change. It publishes no version, and the deployment fails ("PublishVersion", AWS Lambda API Reference).
 *
 * @param isTied true if the mode is added to the descriptions of versions
 */
export function versionPublishedByMode(
  target: FunctionResource,
  links: FunctionLinks,
  isTied: boolean,
): IConstruct | undefined {
  const currentVersion = target.function?.node.tryFindChild(CURRENT_VERSION);
  if (currentVersion) return currentVersion;
  // A version that can't be tied is not published by a mode.
  const tied = isTied
    ? links.versionsOf(target).find((version) => !obstacleToTie(version, links.publishedBy(version)))
    : undefined;
  if (tied) return tied;
  if (!target.isServerless || !target.setting('AutoPublishAlias')) return undefined;
  const all = target.setting('AutoPublishAliasAllProperties');
  const isHashed = all !== undefined && all !== false && !target.setting('AutoPublishCodeSha256');
  return isHashed || (isTied && !obstacleToTieAutoPublish(target)) ? target.cfn : undefined;
}

/** Adds a note to a function that keeps its default mode, which names the construct that would publish a version. */
export function noteVersionWithoutChange({ construct }: FunctionResource, version: IConstruct): void {
  if (NOTED.has(construct)) return;
  NOTED.add(construct);
  addAcknowledgeableNote(
    construct,
    VERSION_WITHOUT_CHANGE,
    `'${construct.node.path}' keeps Lambda's default tracing mode, which is PassThrough, and LambdaTracing does not write ` +
      `it to the template. The written mode would make '${version.node.path}' publish a new version. Lambda publishes no ` +
      'version of an unchanged function, and the deployment would fail. To write the mode, set PassThrough on the ' +
      'function itself, in a deployment that also changes its code or configuration.',
  );
}

/** The functions with the note, which several calls can add. */
const NOTED = new WeakSet<IConstruct>();

/** The ID of the warning that changing the tracing mode does not publish a new version. */
const VERSION_NOT_TIED = 'cdk-lambda-xray:versionNotTied';

/** Ties the existing versions of a function to its mode. Changing the mode then publishes new versions. */
export function tieVersions(target: FunctionResource, links: FunctionLinks): void {
  for (const version of links.versionsOf(target)) tieVersion(version, links.publishedBy(version));
  if (target.isServerless) tieAutoPublish(target);
}

/**
 * Adds the mode of a function to the description of its version. CloudFormation replaces a version when its description
 * changes.
 *
 * @param version the version
 * @param published the functions that the version can publish
 */
function tieVersion(version: CfnResource, published: readonly FunctionResource[]): void {
  // Its logical ID already depends on the mode, and a new description would replace the version.
  if (isCurrentVersion(version)) return;
  const [target] = published;
  const obstacle = obstacleToTie(version, published);
  if (!obstacle) {
    addModeToDescription(version, 'Description', target);
    // The mode is final after all aspects.
    version.node.addValidation({
      validate: () => {
        if (hasDefaultMode(target)) noteVersionWithoutChange(target, version);
        return [];
      },
    });
    return;
  }
  const { scope } = version.node;
  warn(scope instanceof Version ? scope : version, target, obstacle);
}

/** Returns the reason why a version can't be tied to the mode of its function, and a way out; undefined if it can. */
function obstacleToTie(
  version: CfnResource,
  [target, ...others]: readonly FunctionResource[],
): string | undefined {
  return others.length > 0
    ? 'the function of the version is known only at deployment. Define a version for each function'
    : obstacleInDescription(version, 'Description', target);
}

/**
 * Makes SAM publish a new version when the mode changes.
 *
 * "AWS::Serverless::Function" (AWS SAM Developer Guide): SAM publishes a version when the code changes, or, with
 * `AutoPublishAliasAllProperties`, when any property changes. With `AutoPublishCodeSha256`, only a changed hash counts
 * (`_construct_version` in the SAM translator). A changed parameter value never counts. In both cases, the mode is added
 * to the description of the version.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
function tieAutoPublish(target: FunctionResource): void {
  const { cfn, construct } = target;
  if (!target.setting('AutoPublishAlias')) return;
  const obstacle = obstacleToTieAutoPublish(target);
  if (obstacle) warn(construct, target, obstacle);
  else if (hasDefaultMode(target)) noteVersionWithoutChange(target, cfn);
  else if (isTiedByDescription(target)) addModeToDescription(cfn, 'VersionDescription', target);
  else if (target.setting('AutoPublishAliasAllProperties') === undefined) {
    setCfnProperty(cfn, 'AutoPublishAliasAllProperties', true);
  }
}

/** Returns the reason why the versions of a SAM function can't be tied to its mode, and a way out; undefined if they can. */
function obstacleToTieAutoPublish(target: FunctionResource): string | undefined {
  if (isTiedByDescription(target)) return obstacleInDescription(target.cfn, 'VersionDescription', target);
  return target.setting('AutoPublishAliasAllProperties') === false
    ? 'AutoPublishAliasAllProperties is false. Remove it or set it to true'
    : undefined;
}

/** Returns true if SAM's hash of the function does not contain the mode. */
function isTiedByDescription(target: FunctionResource): boolean {
  const { mode } = target;
  const isLiteral = mode === undefined || (typeof mode === 'string' && !Token.isUnresolved(mode));
  return !isLiteral || Boolean(target.setting('AutoPublishCodeSha256'));
}

/** The ID of the construct of `fn.currentVersion`. */
const CURRENT_VERSION = 'CurrentVersion';

/** Returns true for a version of `fn.currentVersion`, whose logical ID contains a hash of the function. */
function isCurrentVersion(version: CfnResource): boolean {
  const parent = version.node.scope;
  const fn = parent?.node.scope;
  return (
    parent instanceof Version &&
    parent.node.defaultChild === version &&
    fn instanceof LambdaFunction &&
    fn.node.tryFindChild(CURRENT_VERSION) === parent
  );
}

function warn(construct: IConstruct, target: FunctionResource, obstacle: string): void {
  if (isAcknowledged(construct, VERSION_NOT_TIED)) return;
  const effect =
    construct === target.construct
      ? 'does not publish a new version'
      : `does not publish '${construct.node.path}' again`;
  Annotations.of(construct).addWarningV2(
    VERSION_NOT_TIED,
    `Changing the tracing mode of '${target.construct.node.path}' ${effect}, although tieVersions is set: ` +
      `${obstacle}${target.function ? ", or use the function's currentVersion" : ''}.`,
  );
}

/** Returns true if the versions of a function are tied to its mode. */
type FunctionFilter = (target: FunctionResource, links: FunctionLinks) => boolean;

/** Ties all versions of a function in the app to its mode at synthesis, when all of them exist. */
export function tieVersionsOf({ cfn }: FunctionResource): void {
  VersionTies.of(cfn).functions.add(cfn);
}

/**
 * Ties all versions of the selected functions to their modes at synthesis.
 *
 * @param construct any construct of the app
 * @param filter selects the functions
 */
export function tieVersionsWhere(construct: IConstruct, filter: FunctionFilter): void {
  VersionTies.of(construct).filters.push(filter);
}

/** The functions of an app whose versions are tied to their modes. */
class VersionTies implements IAspect {
  public static of({ node: { root } }: IConstruct): VersionTies {
    const ties = TIES.get(root) ?? new VersionTies(root);
    TIES.set(root, ties);
    return ties;
  }

  public readonly functions = new Set<CfnResource>();
  public readonly filters: FunctionFilter[] = [];

  private constructor(root: IConstruct) {
    // After all aspects that can set a description, and before aspects that only read.
    addAspectAcrossStages(root, this, AspectPriority.READONLY - 1);
  }

  public visit(construct: IConstruct): void {
    if (!CfnResource.isCfnResource(construct)) return;
    const fn = FunctionResource.of(construct);
    if (fn?.isServerless && this.isTied(fn)) tieAutoPublish(fn);
    if (!isVersion(construct)) return;
    const published = this.linksFor(construct).publishedBy(construct);
    if (published.some((target) => this.isTied(target))) tieVersion(construct, published);
  }

  private isTied(target: FunctionResource): boolean {
    if (this.functions.has(target.cfn)) return true;
    return this.filters.some((filter) => filter(target, this.linksFor(target.cfn)));
  }

  private linksFor(construct: IConstruct): FunctionLinks {
    return FunctionLinks.of(construct, this);
  }
}

/** The ties of each app, by its root. */
const TIES = new WeakMap<IConstruct, VersionTies>();
