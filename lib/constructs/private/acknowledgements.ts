import { Validations } from 'aws-cdk-lib';
import type { IConstruct, MetadataEntry } from 'constructs';

/**
 * What may stand before an ID: what CDK itself puts there where the user names no plugin, in the spellings of its
 * versions, and the name of the pack, as CDK suggests when it prints a finding.
 */
const NAMESPACES = ['annotation', 'construct-annotations', 'lambdaxray'];

/** A rule acknowledged by `Validations.of(construct).acknowledge({ id, reason })`. */
export interface AcknowledgedRule {
  readonly ruleId: string;
  readonly reason: string;
}

/** The rules of this package and of CDK's annotations that are acknowledged on a construct itself. */
export function acknowledgedRules({ node }: IConstruct): AcknowledgedRule[] {
  const { metadata } = node;
  // Most constructs have none, and the pack asks every one.
  if (!metadata.some(isAcknowledgement)) return [];
  return metadata
    .filter(isAcknowledgement)
    .flatMap(({ data }) => Object.entries((data ?? {}) as Record<string, unknown>))
    .flatMap(([id, reason]) => {
      const [ruleId, namespace] = id.split('::').reverse();
      const isOurs = namespace === undefined || NAMESPACES.includes(namespace.toLowerCase());
      return isOurs ? [{ ruleId, reason: typeof reason === 'string' ? reason : '' }] : [];
    });
}

function isAcknowledgement({ type }: MetadataEntry): boolean {
  return type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
}

/** Whether a rule is acknowledged on a construct or on one around it. */
export function isAcknowledged(construct: IConstruct, id: string): boolean {
  return construct.node.scopes.some((scope) => acknowledgedRules(scope).some(({ ruleId }) => ruleId === id));
}

/**
 * Warns of a construct, unless that is acknowledged on it or on one around it.
 *
 * CDK looks for acknowledgements itself, but in older versions not for those from before the warning.
 */
export function addAcknowledgeableWarning(construct: IConstruct, id: string, message: string): void {
  if (!isAcknowledged(construct, id)) Validations.of(construct).addWarning(id, message);
}
