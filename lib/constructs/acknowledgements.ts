import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What CDK, in the spellings of its versions, puts before the ID of an acknowledgement that names no plugin. */
export const PLAIN_NAMESPACES: readonly string[] = ['annotation', 'construct-annotations'];

/** The pack's name before an ID, which CDK suggests when it prints a finding. */
const PACK_NAMESPACE = 'lambdaxray';

/**
 * Whether a rule is acknowledged on a construct or on one around it, by
 * `Validations.of(x).acknowledge({ id, reason })`.
 *
 * @param namespaces the plugin names that count before an ID
 */
export function isAcknowledged(
  construct: IConstruct,
  id: string,
  namespaces: readonly string[] = [...PLAIN_NAMESPACES, PACK_NAMESPACE],
): boolean {
  return construct.node.scopes.some(({ node }) =>
    node.metadata.some(
      ({ type, data }) =>
        type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY &&
        Object.keys((data ?? {}) as object).some((given) => means(given, id, namespaces)),
    ),
  );
}

function means(given: string, id: string, namespaces: readonly string[]): boolean {
  const [rule, namespace] = given.split('::').reverse();
  return rule === id && (namespace === undefined || namespaces.includes(namespace.toLowerCase()));
}
