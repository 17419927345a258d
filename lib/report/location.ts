import type { Resource } from '../cloudformation/template';
import type { LoadedTemplate, Position } from '../input/loaded-template';

/** A resource, and where it is to be found. */
export interface Location {
  /** The template's ID. */
  readonly template: string;
  /** The template's file. */
  readonly file: string;
  readonly position?: Position;
  readonly logicalId: string;
  readonly constructPath?: string;
}

/**
 * Where a resource stands.
 *
 * @param templates those that were read, by ID
 * @param property what of it is meant, as a path below its properties; otherwise the whole
 */
export function locationOf(
  resource: Resource,
  templates: ReadonlyMap<string, LoadedTemplate>,
  property = '',
): Location {
  const { logicalId, constructPath } = resource;
  const { id } = resource.template;
  const template = templates.get(id);
  const below = property === '' ? [] : ['Properties', ...property.split('.')];
  const position = logicalId === '' ? undefined : template?.locate?.(['Resources', logicalId, ...below]);
  return {
    template: id,
    file: template?.file ?? id,
    ...(position && { position }),
    logicalId,
    ...(constructPath !== undefined && { constructPath }),
  };
}
