import { Annotations, CfnResource, ConstructSelector, Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../lambda/event-sources';
import type { LambdaTracingOptions, LambdaTracingProps } from '../lambda-tracing-options';
import type { TracingPermissions } from '../tracing-props';
import { isAcknowledged } from './acknowledgements';
import { grantTracing } from './execution-role';
import type { FunctionLinks } from './function-links';
import type { FunctionResource } from './function-resource';
import { validateMode, validatePermissions, type Mode } from './validate-props';
import { recordModeSetter, tieVersions } from './version-mode';

/** The ID of the note that a function stays PassThrough, since its event sources can't be traced. */
const UNSUPPORTED_SOURCE_NOTE = 'cdk-lambda-xray:unsupportedEventSource';

/** What a `LambdaTracing` does to one function. */
export class TracingApplier {
  private readonly mode: Mode;
  private readonly permissions: TracingPermissions;
  private readonly exclusions: Exclusions;
  private readonly override: boolean;
  private readonly tieVersions: boolean;

  /**
   * @param props what was asked for
   * @param where names the caller in errors
   * @throws if something was asked for that doesn't exist
   */
  constructor(
    props: LambdaTracingProps,
    private readonly where: string,
  ) {
    this.mode = validateMode(props.tracing, where);
    this.permissions = validatePermissions(props.tracingPermissions, where);
    this.exclusions = new Exclusions(props, where);
    this.override = props.override ?? false;
    this.tieVersions = props.tieVersions ?? false;
  }

  /** Whether a construct is to be left alone, whatever it is. */
  public excludes(construct: IConstruct): boolean {
    return this.exclusions.cover(construct);
  }

  /** Whether the function is meant: not if it is excluded, or runs at the edge. */
  public covers(target: FunctionResource, links: FunctionLinks): boolean {
    const isExcluded = [target.cfn, ...links.singletonsOf(target)].some((construct) =>
      this.excludes(construct),
    );
    return !isExcluded && !links.isAtEdge(target);
  }

  /** Sets the mode and grants the permissions, unless the function isn't meant, or has another mode that is to stand. */
  public apply(target: FunctionResource, links: FunctionLinks): void {
    if (!this.covers(target, links)) return;

    const untraceable = this.mode === Tracing.ACTIVE ? untraceableSources(target, links) : [];
    const mode = untraceable.length > 0 ? Tracing.PASS_THROUGH : this.mode;
    const { mode: current } = target;
    if (current !== undefined && current !== mode && !this.override) return;

    if (current !== mode) {
      target.setMode(mode);
      recordModeSetter(target, this.where);
    }
    grantTracing(target, this.permissions);
    if (untraceable.length > 0 && !isAcknowledged(target.construct, UNSUPPORTED_SOURCE_NOTE)) {
      Annotations.of(target.construct).addInfoV2(
        UNSUPPORTED_SOURCE_NOTE,
        `'${target.construct.node.path}' is PassThrough instead of Active: only ${untraceable.join(' and ')} ` +
          'feeds it, as far as the event source mappings, permissions and URLs of the app tell, and X-Ray does not ' +
          'support that.',
      );
    }
  }

  /** Ties the versions that there are now, if that was asked for and the function is meant. */
  public tie(target: FunctionResource, links: FunctionLinks): void {
    if (this.tieVersions && this.covers(target, links)) tieVersions(target, links);
  }
}

/** The kinds of source that X-Ray doesn't support, where only such feed the function. */
function untraceableSources(target: FunctionResource, links: FunctionLinks): string[] {
  const kinds = links.mappingsOf(target).map(({ source }) => source.kind);
  const untraceable = kinds.length > 0 && kinds.every(isUnsupported) && !links.hasOtherCallers(target);
  return untraceable ? [...new Set(kinds)].map((kind) => EVENT_SOURCE_NAMES[kind]) : [];
}

const JSII_TYPE = Symbol.for('jsii.rtti');

/** The constructs that a user wants left alone, with all that is in them. */
class Exclusions {
  private readonly constructs: readonly IConstruct[];
  private readonly paths: readonly string[];
  private readonly types: readonly string[];

  /**
   * @param options what to leave alone
   * @param where names the caller in the error
   * @throws if an exclusion is empty, and so would exclude nothing
   */
  constructor({ exclude, excludePaths, excludeTypes }: LambdaTracingOptions, where: string) {
    this.constructs = exclude ?? [];
    this.paths = excludePaths ?? [];
    this.types = excludeTypes ?? [];
    for (const [option, given] of Object.entries({ exclude, excludePaths, excludeTypes })) {
      if (given === undefined) continue;
      if (!Array.isArray(given)) throw new Error(`${where}: ${option} must be a list.`);
      if (given.some((item) => Token.isUnresolved(item))) {
        throw new Error(`${where}: ${option} must be known at synthesis, but holds a token.`);
      }
      if (given.some((item) => !item)) {
        throw new Error(`${where}: ${option} holds an empty entry, which excludes nothing. Remove it.`);
      }
    }
  }

  /** Whether a construct, or one that it is in, is to be left alone. */
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

/** CDK's own matching of paths, asked of one construct without its children. */
function matchesPath({ node: { path } }: IConstruct, pattern: string): boolean {
  const alone = { node: { path, children: [] } } as unknown as IConstruct;
  return ConstructSelector.byPath(pattern).select(alone).length > 0;
}

function isOfType(construct: IConstruct, type: string): boolean {
  if (CfnResource.isCfnResource(construct) && construct.cfnResourceType === type) return true;
  return classNames(construct).includes(type);
}

/** The names of a construct's class and of those that it extends; CDK's own classes have a name among packages. */
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
