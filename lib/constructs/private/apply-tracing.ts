import { Annotations, CfnResource, Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../lambda/event-sources';
import { compileGlob, globProblem, isPlain } from '../../text/globs';
import { didYouMean } from '../../text/printable';
import type { LambdaTracingOptions, LambdaTracingProps } from '../lambda-tracing-options';
import type { TracingPermissions } from '../tracing-props';
import { isAcknowledged } from './acknowledgements';
import { grantTracing } from './execution-role';
import type { FunctionLinks } from './function-links';
import type { FunctionResource } from './function-resource';
import { validateMode, validatePermissions, type Mode } from './validate-props';
import { recordModeSetter, tieVersions } from './version-mode';

/** The ID of the note on a function that becomes PassThrough because of its event sources. */
const UNSUPPORTED_SOURCE_NOTE = 'cdk-lambda-xray:unsupportedEventSource';

/** Applies the options of one `LambdaTracing` call to functions. */
export class TracingApplier {
  private readonly mode: Mode;
  private readonly permissions: TracingPermissions;
  private readonly exclusions: Exclusions;
  private readonly override: boolean;
  private readonly tieVersions: boolean;

  /**
   * @param props the properties given by the user
   * @param source the name of the call in errors, such as `LambdaTracing.of('Stack')`
   * @throws if a property is invalid
   */
  constructor(
    props: LambdaTracingProps,
    private readonly source: string,
  ) {
    this.mode = validateMode(props.tracing, source);
    this.permissions = validatePermissions(props.tracingPermissions, source);
    this.exclusions = new Exclusions(props, source);
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

  /** Sets the mode and grants permissions, unless another mode is set already and `override` is not. */
  public apply(target: FunctionResource, links: FunctionLinks): void {
    if (!this.covers(target, links)) return;

    const unsupported = this.mode === Tracing.ACTIVE ? exclusivelyUnsupportedSources(target, links) : [];
    const mode = unsupported.length > 0 ? Tracing.PASS_THROUGH : this.mode;
    const { mode: current } = target;
    if (current !== undefined && current !== mode && !this.override) return;

    if (current !== mode) {
      target.setMode(mode);
      recordModeSetter(target, this.source);
    }
    grantTracing(target, this.permissions);
    if (unsupported.length > 0) addUnsupportedSourceNote(target, unsupported);
  }

  /** Ties the existing versions of a function to its mode if `tieVersions` is set. */
  public tie(target: FunctionResource, links: FunctionLinks): void {
    if (this.tieVersions && this.covers(target, links)) tieVersions(target, links);
  }
}

/**
 * Returns the names of a function's event sources that X-Ray doesn't support. The list is empty if the function can
 * also be invoked in another way, and so can be part of a trace.
 */
function exclusivelyUnsupportedSources(target: FunctionResource, links: FunctionLinks): string[] {
  const kinds = links.mappingsOf(target).map(({ source }) => source.kind);
  const isUntraceable = kinds.length > 0 && kinds.every(isUnsupported) && !links.hasOtherCallers(target);
  return isUntraceable ? [...new Set(kinds)].map((kind) => EVENT_SOURCE_NAMES[kind]) : [];
}

function addUnsupportedSourceNote({ construct }: FunctionResource, sources: readonly string[]): void {
  if (isAcknowledged(construct, UNSUPPORTED_SOURCE_NOTE)) return;
  Annotations.of(construct).addInfoV2(
    UNSUPPORTED_SOURCE_NOTE,
    `'${construct.node.path}' is PassThrough instead of Active. X-Ray does not support ${sources.join(' or ')} as an ` +
      "event source, and the app's event source mappings, permissions and function URLs show no other caller.",
  );
}

const JSII_TYPE = Symbol.for('jsii.rtti');

/** The constructs that a user excludes, including everything in them. */
class Exclusions {
  private readonly constructs: readonly IConstruct[];
  private readonly paths: readonly string[];
  private readonly types: readonly string[];

  /**
   * @param options the exclusions given by the user
   * @param source the name of the call in errors
   * @throws if an exclusion is empty, and so excludes nothing, or is known only at deployment
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
  return path === pattern || compileGlob(pattern)(path);
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

/** Returns the names of a construct's class and its base classes. Classes of jsii packages also have a qualified name. */
function classNames(construct: IConstruct): string[] {
  const names: string[] = [];
  for (
    let type = construct.constructor as { name: string; [JSII_TYPE]?: { fqn: string } };
    type?.name;
    type = Object.getPrototypeOf(type) as typeof type
  ) {
    const { fqn } = (Object.hasOwn(type, JSII_TYPE) && type[JSII_TYPE]) || { fqn: type.name };
    names.push(type.name, fqn, fqn.slice(fqn.lastIndexOf('.') + 1));
  }
  return names;
}
