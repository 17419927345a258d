import { Annotations } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../model/event-source-kind';
import { isAcknowledged } from './acknowledgements';
import { checkedMode, checkedPermissions, type Mode } from './checked-props';
import { Exclusions } from './exclusions';
import { grantTracing } from './execution-role';
import type { FunctionLinks } from './function-links';
import type { FunctionResource } from './function-resource';
import type { LambdaTracingProps } from './lambda-tracing-options';
import type { TracingPermissions } from './tracing-permissions';
import { recordSetter } from './version-lock';
import { tieVersions } from './version-tie';

/** The ID of the note that a function stays PassThrough, since its event sources can't be traced. */
const UNSUPPORTED_SOURCE_NOTE = 'cdk-lambda-xray:unsupportedEventSource';

/** What a `LambdaTracing` does to one function. */
export class TracingApplication {
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
    this.mode = checkedMode(props.tracing, where);
    this.permissions = checkedPermissions(props.tracingPermissions, where);
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
      recordSetter(target, this.where);
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
  const untraceable = kinds.length > 0 && kinds.every(isUnsupported) && !links.isInvokedOtherwise(target);
  return untraceable ? [...new Set(kinds)].map((kind) => EVENT_SOURCE_NAMES[kind]) : [];
}
