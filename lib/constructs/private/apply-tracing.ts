import { type CfnResource, Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { WRITE_ACTIONS } from '../../iam/managed-policies';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../lambda/event-sources';
import { listAll } from '../../text/printable';
import type { LambdaTracingProps, TracingPermissions } from '../tracing-props';
import type { Instrumentation } from '../instrumentation';
import {
  acceptsUnsupportedSource,
  addAcknowledgeableNote,
  addAcknowledgeableWarning,
  UNSUPPORTED_SOURCE_RULE,
} from './acknowledgements';
import { currentSynthesis, perSynthesis, stageOf } from './aspects-across-stages';
import { type FunctionResource, memberOf } from './cfn-resources';
import { Exclusions } from './exclusions';
import { grantTracing, isTracingPrevented, tryGrantTracing, warnNotGranted } from './execution-role';
import type { FunctionLinks, LinkedMapping } from './function-links';
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
  private readonly overwrite: boolean;
  private readonly tieVersions: boolean;
  /** The functions that this call made Active in the current synthesis. */
  private readonly activated = perSynthesis(() => new Set<FunctionResource>());

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
    this.overwrite = props.overwrite ?? false;
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
   * Sets the mode and grants permissions, unless another mode is set already and `overwrite` is not. A mode that is known
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
    if (current !== undefined && current !== mode && !this.overwrite) {
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
    else if (isTracingPrevented(target, this.permissions)) leaveUntraced(target, PREVENTED);
    else if (tryGrantTracing(target, this.permissions)) {
      this.setMode(target, Tracing.ACTIVE);
      this.activated().add(target);
    } else leaveUntraced(target, UNCHANGEABLE);
  }

  /**
   * Takes the mode Active back from functions whose role an aspect prevented from writing to X-Ray after it was set, such
   * as by a permissions boundary. Call it when all aspects have run.
   *
   * @param stage the stage whose functions are checked
   */
  public recheck(stage: IConstruct): void {
    for (const target of this.activated()) {
      const isActive = stageOf(target.cfn) === stage && modeBefore(target) === Tracing.ACTIVE;
      if (isActive && isTracingPrevented(target, this.permissions)) leaveUntraced(target, PREVENTED);
    }
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
    const { cfn } = target;
    const applied = APPLIED.get(cfn);
    const restore = applied && applied.mode === target.mode ? applied.restore : target.modeRestorer();
    target.setMode(mode);
    recordModeSetter(target, this.source);
    if (this.repeats) APPLIED.set(cfn, { mode, synthesis: currentSynthesis(), restore });
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

/** A mode that a synthesis has set. */
interface AppliedMode {
  readonly mode: Mode;
  readonly synthesis: number;
  /** Sets the mode of the user again. */
  readonly restore: () => void;
}

/** The modes that syntheses have set, by function. */
const APPLIED = new WeakMap<CfnResource, AppliedMode>();

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
  const pathsOf = (some: readonly LinkedMapping[]) =>
    listAll(
      some.map(({ resource }) => `'${resource.node.path}'`),
      'and',
    );
  const conditional = pathsOf(mappings.filter(({ resource }) => resource.cfnOptions.condition));
  const hedge = conditional && ` The mode is the same if the condition of ${conditional} is false.`;
  if (areExclusive) {
    addAcknowledgeableNote(
      construct,
      UNSUPPORTED_SOURCE,
      `${start}, and the app's event source mappings, permissions and function URLs show no other caller.${hedge}`,
    );
    return;
  }
  addAcknowledgeableWarning(
    construct,
    UNSUPPORTED_SOURCE,
    `${start}. The function records no traces for its other callers either.${hedge} Move the event source to a separate ` +
      'function. This function then becomes Active. To make it Active with this event source, acknowledge ' +
      `${UNSUPPORTED_SOURCE_RULE} on ${pathsOf(mappings)}.`,
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

/** Leaves a function in the mode of the user, with a warning. An earlier synthesis, or aspect, can have made it Active. */
function leaveUntraced(target: FunctionResource, reason: string): void {
  const applied = APPLIED.get(target.cfn);
  if (applied?.mode === Tracing.ACTIVE && target.mode === Tracing.ACTIVE) applied.restore();
  const { path } = target.construct.node;
  warnNotGranted(
    target,
    `'${path}' is not set to Active, because ${reason}. To leave the function untraced, add it to exclude, or its path ` +
      `to excludePaths: ['${path}'].`,
  );
}
