import { CfnResource, Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { WRITE_ACTIONS } from '../../iam/managed-policies';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../lambda/event-sources';
import { compileGlob, globProblem, isPlain } from '../../text/globs';
import { didYouMean, listAll } from '../../text/printable';
import type { LambdaTracingOptions, LambdaTracingProps } from '../lambda-tracing-options';
import type { Instrumentation } from '../instrumentation';
import type { TracingPermissions } from '../tracing-props';
import {
  acceptsUnsupportedSource,
  addAcknowledgeableNote,
  addAcknowledgeableWarning,
  UNSUPPORTED_SOURCE_RULE,
} from './acknowledgements';
import { currentSynthesis } from './aspects-across-stages';
import { memberOf } from './cfn-properties';
import { grantTracing, isTracingPrevented, tryGrantTracing, warnNotGranted } from './execution-role';
import type { FunctionLinks, LinkedMapping } from './function-links';
import type { FunctionResource } from './function-resource';
import { instrumentInScope } from './instrument-function';
import { hasDefaultMode, isUnset } from './mode-description';
import { resolvedValue } from './resolve-references';
import { validateInstrumentation, validateMode, validatePermissions, type Mode } from './validate-props';
import {
  noteVersionWithoutChange,
  recordModeSetter,
  tieVersions,
  versionPublishedByMode,
} from './version-mode';

/** The ID of the note or warning on a function that is not Active because of its event sources. */
const UNSUPPORTED_SOURCE = 'cdk-lambda-xray:unsupportedEventSource';

/** Applies the options of one `LambdaTracing` call to functions. */
export class TracingApplier {
  private readonly mode: Mode;
  private readonly permissions: TracingPermissions;
  private readonly hasExplicitPermissions: boolean;
  private readonly exclusions: Exclusions;
  private readonly instrumentation: Instrumentation;
  private readonly override: boolean;
  private readonly tieVersions: boolean;

  /**
   * @param props the properties given by the user
   * @param source the name of the call in errors, such as `LambdaTracing.of('Stack')`
   * @param repeats true if each synthesis applies the options again
   * @throws if a property is invalid
   */
  constructor(
    props: LambdaTracingProps,
    private readonly source: string,
    private readonly repeats = false,
  ) {
    this.mode = validateMode(props.tracing, source);
    this.permissions = validatePermissions(props.tracingPermissions, source);
    this.hasExplicitPermissions = props.tracingPermissions !== undefined;
    this.exclusions = new Exclusions(props, source);
    this.instrumentation = validateInstrumentation(props.instrumentation, source);
    if (this.mode !== Tracing.ACTIVE && this.instrumentation._library !== 'none') {
      throw new Error(
        `${source}: instrumentation needs Tracing.ACTIVE. Remove it, or set the mode to Active.`,
      );
    }
    this.override = props.override ?? false;
    this.tieVersions = props.tieVersions ?? false;
  }

  /** Returns true if the user excludes a construct. */
  public excludes(construct: IConstruct): boolean {
    return this.exclusions.cover(construct);
  }

  /** Returns a description of each exclusion that matches none of some constructs. */
  public unmatchedExclusions(constructs: readonly IConstruct[]): string[] {
    return this.exclusions.unmatched(constructs);
  }

  /** Returns true if the options apply to a function, which is neither excluded nor a Lambda@Edge function. */
  public covers(target: FunctionResource, links: FunctionLinks): boolean {
    const isExcluded = [target.cfn, ...links.singletonsOf(target)].some((construct) =>
      this.excludes(construct),
    );
    return !isExcluded && !links.isAtEdge(target);
  }

  /**
   * Sets the mode and grants permissions, unless another mode is set already and `override` is not. A mode that is known
   * only at deployment, and so can be Active, is kept, and the role gets the permissions.
   *
   * A function becomes Active only if X-Ray supports its event sources and its role can write to X-Ray. A function that
   * must not be Active and has Lambda's default mode does not change: an explicit PassThrough means the same to Lambda,
   * but can publish a version.
   */
  public apply(target: FunctionResource, links: FunctionLinks): void {
    if (!this.covers(target, links)) return;

    const unsupported = this.mode === Tracing.ACTIVE ? unsupportedSources(target, links) : undefined;
    const mode = unsupported ? Tracing.PASS_THROUGH : this.mode;
    const current = modeBefore(target);
    if (current !== undefined && current !== mode && !this.override) {
      if (mode === Tracing.ACTIVE && isDeployTimeMode(current)) grantTracing(target, this.permissions);
      return;
    }

    if (mode === Tracing.ACTIVE) {
      this.activate(target);
      this.instrument(target);
    } else if (unsupported) this.keepUntraced(target, unsupported);
    else this.passThrough(target, links);
  }

  private activate(target: FunctionResource): void {
    if (modeBefore(target) === Tracing.ACTIVE) grantTracing(target, this.permissions);
    else if (isTracingPrevented(target, this.permissions)) warnNotActive(target, PREVENTED);
    else if (tryGrantTracing(target, this.permissions)) this.setMode(target, Tracing.ACTIVE);
    else warnNotActive(target, UNCHANGEABLE);
  }

  /** Instruments a function that is Active. */
  private instrument(target: FunctionResource): void {
    if (target.mode !== Tracing.ACTIVE) return;
    instrumentInScope(target, this.instrumentation, this.permissions, this.source);
  }

  private keepUntraced(target: FunctionResource, unsupported: UnsupportedSources): void {
    if (!hasDefaultMode(target)) this.setMode(target, Tracing.PASS_THROUGH);
    this.grantExplicitly(target);
    addUnsupportedSourceMessage(target, unsupported);
  }

  private passThrough(target: FunctionResource, links: FunctionLinks): void {
    const version = hasDefaultMode(target) && versionPublishedByMode(target, links, this.tieVersions);
    if (version) noteVersionWithoutChange(target, version);
    else this.setMode(target, Tracing.PASS_THROUGH);
    this.grantExplicitly(target);
  }

  private setMode(target: FunctionResource, mode: Mode): void {
    if (modeBefore(target) === mode) return;
    target.setMode(mode);
    recordModeSetter(target, this.source);
    if (this.repeats) APPLIED.set(target.cfn, { mode, synthesis: currentSynthesis() });
  }

  /** Grants permissions to a function that is not Active, which can send segments of its own, only if the user asks for it. */
  private grantExplicitly(target: FunctionResource): void {
    if (this.hasExplicitPermissions) grantTracing(target, this.permissions);
  }

  /** Ties the existing versions of a function to its mode if `tieVersions` is set. */
  public tie(target: FunctionResource, links: FunctionLinks): void {
    if (this.tieVersions && this.covers(target, links)) tieVersions(target, links);
  }
}

/** The modes that syntheses have set, by function. */
const APPLIED = new WeakMap<CfnResource, { readonly mode: Mode; readonly synthesis: number }>();

/**
 * Returns the rendered mode of a function without this package, or undefined if it is not set. A mode from a previous
 * synthesis is not the user's.
 */
function modeBefore({ cfn, mode }: FunctionResource): unknown {
  const applied = APPLIED.get(cfn);
  const isOutdated = applied?.mode === mode && applied?.synthesis !== currentSynthesis();
  if (isOutdated) return undefined;
  const rendered = isLiteral(mode) ? mode : resolvedValue(mode, cfn);
  return memberOf(rendered, 'Mode') ?? rendered ?? undefined;
}

/** Returns true for a mode that is known only at deployment. `AWS::NoValue` is Lambda's default. */
function isDeployTimeMode(rendered: unknown): boolean {
  return !isUnset(rendered) && typeof rendered !== 'string';
}

function isLiteral(mode: unknown): boolean {
  return mode === undefined || (typeof mode === 'string' && !Token.isUnresolved(mode));
}

/** The event sources of a function that X-Ray does not support. */
interface UnsupportedSources {
  readonly mappings: readonly LinkedMapping[];
  /** True if nothing else invokes the function. */
  readonly areExclusive: boolean;
}

/**
 * Returns the event sources that keep a function from being Active. Sources beside other callers don't count if the user
 * accepts them by an acknowledgement of the rule.
 */
function unsupportedSources(target: FunctionResource, links: FunctionLinks): UnsupportedSources | undefined {
  const mappings = links.mappingsOf(target);
  const unsupported = mappings.filter(({ source }) => isUnsupported(source.kind));
  const areExclusive = unsupported.length === mappings.length && !links.hasOtherCallers(target);
  const decisive = areExclusive
    ? unsupported
    : unsupported.filter(({ resource }) => !acceptsUnsupportedSource(resource));
  return decisive.length > 0 ? { mappings: decisive, areExclusive } : undefined;
}

function addUnsupportedSourceMessage(
  { construct }: FunctionResource,
  { mappings, areExclusive }: UnsupportedSources,
): void {
  const sources = listAll(
    mappings.map(({ source }) => EVENT_SOURCE_NAMES[source.kind]),
    'or',
  );
  const start = `'${construct.node.path}' is PassThrough instead of Active. X-Ray does not support ${sources} as an event source`;
  if (areExclusive) {
    addAcknowledgeableNote(
      construct,
      UNSUPPORTED_SOURCE,
      `${start}, and the app's event source mappings, permissions and function URLs show no other caller.`,
    );
    return;
  }
  const paths = listAll(
    mappings.map(({ resource }) => `'${resource.node.path}'`),
    'and',
  );
  addAcknowledgeableWarning(
    construct,
    UNSUPPORTED_SOURCE,
    `${start}. The function records no traces for its other callers either. Move the event source to a separate ` +
      'function. This function then becomes Active. To make it Active with this event source, acknowledge ' +
      `${UNSUPPORTED_SOURCE_RULE} on ${paths}.`,
  );
}

/** The reason and the way out if a policy of the role wins over the permission to write. */
const PREVENTED =
  'a policy or the permissions boundary of its execution role prevents it from writing to X-Ray. Allow ' +
  `${listAll(WRITE_ACTIONS, 'and')} there`;

/** The reason and the way out if the permission to write can't be granted. */
const UNCHANGEABLE =
  "this app can't change its execution role, and the role is not known to allow " +
  `${listAll(WRITE_ACTIONS, 'and')}. Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role, and then call ` +
  'LambdaTracing.of(fn).active({ tracingPermissions: TracingPermissions.NONE }) for this function';

function warnNotActive(target: FunctionResource, reason: string): void {
  const { path } = target.construct.node;
  warnNotGranted(
    target,
    `'${path}' is not set to Active, because ${reason}. To leave the function untraced, add it to exclude, or its path ` +
      `to excludePaths: ['${path}'].`,
  );
}

const JSII_TYPE = Symbol.for('jsii.rtti');

interface Entries {
  readonly isEntry: (item: unknown) => boolean;
  /** A description of the entries, for an error. */
  readonly entries: string;
}

const isText = (item: unknown) => typeof item === 'string';

/** The entries of each list of exclusions. */
const ENTRIES: Readonly<Record<string, Entries>> = {
  exclude: {
    isEntry: (item) => Construct.isConstruct(item),
    entries: 'constructs. Use excludePaths for paths, and excludeTypes for types',
  },
  excludePaths: { isEntry: isText, entries: "text, such as 'Orders/Reports'. Use exclude for constructs" },
  excludeTypes: {
    isEntry: isText,
    entries: "text, such as 'SingletonFunction' or 'AWS::Serverless::Function'. Use exclude for constructs",
  },
};

/** The constructs that a user excludes, including everything in them. */
class Exclusions {
  private readonly constructs: readonly IConstruct[];
  private readonly paths: readonly string[];
  private readonly types: readonly string[];

  /**
   * @param options the exclusions given by the user
   * @param source the name of the call in errors
   * @throws if an exclusion has the wrong type, is empty, and so excludes nothing, or is known only at deployment
   */
  constructor({ exclude, excludePaths, excludeTypes }: LambdaTracingOptions, source: string) {
    this.constructs = exclude ?? [];
    this.paths = excludePaths ?? [];
    this.types = excludeTypes ?? [];
    for (const [option, given] of Object.entries({ exclude, excludePaths, excludeTypes })) {
      if (given === undefined) continue;
      if (!Array.isArray(given)) throw new Error(`${source}: ${option} must be a list.`);
      // `Token.isUnresolved` takes a stack for a token, because it has a method `resolve`.
      if (given.some((item) => !Construct.isConstruct(item) && Token.isUnresolved(item))) {
        throw new Error(`${source}: ${option} must be known at synthesis, but contains a token.`);
      }
      if (given.some((item) => !item)) {
        throw new Error(`${source}: ${option} contains an empty entry, which excludes nothing. Remove it.`);
      }
      const { isEntry, entries } = ENTRIES[option];
      if (!given.every(isEntry)) throw new Error(`${source}: ${option} must contain only ${entries}.`);
    }
    for (const path of this.paths) {
      const problem = globProblem(path);
      if (problem) throw new Error(`${source}: excludePaths contains '${path}', but ${problem}`);
    }
  }

  /** Returns a description of each exclusion that matches none of some constructs. */
  public unmatched(constructs: readonly IConstruct[]): string[] {
    const paths = () => constructs.map(({ node: { path } }) => path);
    const types = () =>
      constructs.flatMap((construct) => [...classNames(construct), ...resourceTypes(construct)]);
    return [
      ...this.constructs
        .filter((excluded) => !constructs.includes(excluded))
        .map(({ node: { path } }) => `exclude contains '${path}', which is not in the scope.`),
      ...this.paths
        .filter((pattern) => !constructs.some((construct) => matchesPath(construct, pattern)))
        .map(
          (pattern) =>
            `excludePaths contains '${pattern}', which matches no construct.${suggestion(pattern, paths)}`,
        ),
      ...this.types
        .filter((type) => !constructs.some((construct) => isOfType(construct, type)))
        .map(
          (type) => `excludeTypes contains '${type}', which matches no construct.${suggestion(type, types)}`,
        ),
    ];
  }

  /** Returns true if a construct or one of its parents is excluded. */
  public cover(construct: IConstruct): boolean {
    if (this.constructs.length + this.paths.length + this.types.length === 0) return false;
    return construct.node.scopes.some(
      (scope) =>
        this.constructs.includes(scope) ||
        this.paths.some((pattern) => matchesPath(scope, pattern)) ||
        this.types.some((type) => isOfType(scope, type)),
    );
  }
}

function matchesPath({ node: { path } }: IConstruct, pattern: string): boolean {
  return compileGlob(pattern)(path);
}

function isOfType(construct: IConstruct, type: string): boolean {
  return resourceTypes(construct).includes(type) || classNames(construct).includes(type);
}

function resourceTypes(construct: IConstruct): string[] {
  return CfnResource.isCfnResource(construct) ? [construct.cfnResourceType] : [];
}

/** Suggests a similar name for one without special characters. */
function suggestion(name: string, names: () => readonly string[]): string {
  return isPlain(name) ? didYouMean(name, [...new Set(names())]) : '';
}

/**
 * Returns the names of a construct's class and its base classes. Classes of jsii packages also have a qualified name. Their
 * name in JavaScript can be an internal one, such as `Function2`, which a wrapper that CDK adds has too.
 */
function classNames(construct: IConstruct): string[] {
  const names: string[] = [];
  const internal = new Set<string>();
  for (
    let type = construct.constructor as { name: string; [JSII_TYPE]?: { fqn: string } };
    type?.name;
    type = Object.getPrototypeOf(type) as typeof type
  ) {
    const { fqn } = (Object.hasOwn(type, JSII_TYPE) && type[JSII_TYPE]) || { fqn: type.name };
    const name = fqn.slice(fqn.lastIndexOf('.') + 1);
    names.push(fqn, name);
    if (name !== type.name) internal.add(type.name);
  }
  return names.filter((name) => !internal.has(name));
}
