import { matchesPattern } from '../iam/policy-document';
import type { AttachedStatement } from '../iam/role-statements';
import type { Assumptions } from '../possible';
import type { Resource } from '../template';
import { arnsOf } from './arn-pattern';
import { CALL_ACTIONS, callBy } from './call-actions';
import { type CallStatement, readCallStatement } from './call-statement';
import type { Call, MapBuilder, Meant } from './map-builder';
import type { TraceNode } from './trace-map';

/** A policy that allows a call. */
export interface Permit extends Pick<Call, 'by' | 'effect' | 'isCertain'> {
  readonly when: Assumptions;
}

/** A call that a policy allows by the name of what is called. */
export interface NamedCall extends Permit {
  readonly to: Meant;
}

/** What policies let their holder call. */
export class Grants {
  /** All that they allow by name. */
  public readonly calls: readonly NamedCall[];
  private readonly patterns: readonly CallStatement[];
  private readonly deniedByName = new Map<TraceNode, string[]>();

  /**
   * @param statements what the policies say
   * @param map the map that the calls are for
   * @param role the role that has the policies; nothing for one that SAM makes
   */
  constructor(
    statements: readonly AttachedStatement[],
    private readonly map: MapBuilder,
    public readonly role?: Resource,
  ) {
    const all = statements.flatMap((statement) => readCallStatement(statement, map) ?? []);
    this.patterns = all.filter(({ patterns }) => patterns.length > 0);
    for (const { isAllowed, named, actions } of all) {
      for (const { to } of isAllowed ? [] : named) {
        this.deniedByName.set(to.node, [...(this.deniedByName.get(to.node) ?? []), ...actions]);
      }
    }
    this.calls = all.flatMap((statement) =>
      statement.named.flatMap(({ to, isCertain, when }) =>
        this.permitsBy(statement, to.node).map((permit) => ({
          ...permit,
          to,
          when,
          ...(!isCertain && { isCertain }),
        })),
      ),
    );
  }

  /** The policies that let something be called along with others that their patterns are for. */
  public permitsFor(node: TraceNode): Permit[] {
    return this.about(node, true).flatMap((statement) => this.permitsBy(statement, node));
  }

  /** Whether policies deny every way of calling something. */
  public forbids(node: TraceNode): boolean {
    return callActionsOf(node).length > 0 && this.actionsLeft(node).length === 0;
  }

  private permitsBy({ isAllowed, actions, policy, when }: CallStatement, node: TraceNode): Permit[] {
    const left = isAllowed ? this.actionsLeft(node).filter((action) => actions.includes(action)) : [];
    return left.length > 0 ? [{ by: policy, when, ...callBy(left) }] : [];
  }

  private actionsLeft(node: TraceNode): string[] {
    const denied = [
      ...(this.deniedByName.get(node) ?? []),
      ...this.about(node, false).flatMap(({ actions }) => actions),
    ];
    return callActionsOf(node).filter((action) => !denied.includes(action));
  }

  /** The statements that have a pattern for a node. */
  private about(node: TraceNode, isAllowed: boolean): CallStatement[] {
    const candidates = this.patterns.filter((statement) => statement.isAllowed === isAllowed);
    if (candidates.length === 0) return [];
    const arns = arnsOf(node, this.map);
    return candidates.filter(({ patterns }) =>
      patterns.some((pattern) => arns.some((arn) => matchesPattern(pattern, arn))),
    );
  }
}

function callActionsOf({ kind }: TraceNode): readonly string[] {
  return CALL_ACTIONS.get(kind) ?? [];
}
