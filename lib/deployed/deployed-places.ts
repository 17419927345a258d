import type { TemplateSource } from '../model/template';

/** What is known of a template where it is deployed, and of no other deployment of it. */
export type DeployedPlace = Pick<TemplateSource, 'stackName' | 'region' | 'account' | 'parameterValues'>;

/**
 * Templates with what is known of the stacks that they are, or are to be, deployed to: what depends on a parameter, on
 * the region or on the account, is known there.
 *
 * @param places by the templates' IDs
 */
export function inTheirPlaces<T extends TemplateSource>(
  templates: readonly T[],
  places: ReadonlyMap<string, DeployedPlace>,
): T[] {
  return templates.map((template) => ({ ...template, ...places.get(template.id) }));
}
