import { Annotations, Validations } from 'aws-cdk-lib';
import type { IConstruct, MetadataEntry } from 'constructs';
import { acknowledgedRuleId, namesRule } from '../../cloudformation/template';

/** A rule acknowledged by `Validations.of(construct).acknowledge({ id, reason })`. */
export interface AcknowledgedRule {
  readonly ruleId: string;
  readonly reason: string;
}

/** Returns the rules of this package and of CDK's annotations that are acknowledged on a construct itself. */
export function acknowledgedRules({ node }: IConstruct): AcknowledgedRule[] {
  const { metadata } = node;
  // A fast exit for most constructs, because the pack visits all of them.
  if (!metadata.some(isAcknowledgement)) return [];
  return metadata
    .filter(isAcknowledgement)
    .flatMap(({ data }) => Object.entries((data ?? {}) as Record<string, unknown>))
    .flatMap(([id, reason]) => {
      const ruleId = acknowledgedRuleId(id);
      return ruleId === undefined ? [] : [{ ruleId, reason: typeof reason === 'string' ? reason : '' }];
    });
}

function isAcknowledgement({ type }: MetadataEntry): boolean {
  return type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
}

/**
 * Returns true if a rule or a warning is acknowledged on a construct or on one of its parents. For rules, the prefix
 * `LambdaXRay-` is optional.
 */
export function isAcknowledged(construct: IConstruct, id: string): boolean {
  return construct.node.scopes.some((scope) =>
    acknowledgedRules(scope).some(({ ruleId }) => namesRule(ruleId, id)),
  );
}

/**
 * Adds a warning to a construct unless it is acknowledged on the construct or on one of its parents.
 *
 * CDK checks acknowledgements itself, but older versions ignore an acknowledgement made before the warning.
 */
export function addAcknowledgeableWarning(construct: IConstruct, id: string, message: string): void {
  if (!isAcknowledged(construct, id)) Validations.of(construct).addWarning(id, message);
}

/** Adds an info message to a construct unless it is acknowledged on the construct or on one of its parents. */
export function addAcknowledgeableNote(construct: IConstruct, id: string, message: string): void {
  if (!isAcknowledged(construct, id)) Annotations.of(construct).addInfoV2(id, message);
}

/** The rule that reports Active functions with an event source that X-Ray does not support. */
export const UNSUPPORTED_SOURCE_RULE = 'LambdaXRay-UnsupportedEventSource';

/** Returns true if the user accepts that an event source mapping connects an Active function to an unsupported source. */
export function acceptsUnsupportedSource(mapping: IConstruct): boolean {
  return isAcknowledged(mapping, UNSUPPORTED_SOURCE_RULE);
}
