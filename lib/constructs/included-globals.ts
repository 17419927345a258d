import type { CfnResource } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { type JsonObject, objectAt } from '../model/json';

/**
 * What `Globals` of an included SAM template say of the resources of a kind, where a resource is of such a template.
 *
 * @param section the kind, such as `Function`
 */
export function includedGlobals({ node }: CfnResource, section: string): JsonObject {
  const include = node.scopes.find((scope) => scope instanceof CfnInclude);
  const { template } = (include ?? {}) as { template?: unknown };
  return objectAt(objectAt(template, 'Globals'), section);
}
