import type { Resource } from '../cloudformation/template';
import type { Loaded, LoadedTemplate, Position } from '../input/loaded-template';

/** The location of a resource in its template. */
export interface Location {
  /** The template's ID. */
  readonly template: string;
  /** The template's file. */
  readonly file: string;
  readonly position?: Position;
  readonly logicalId: string;
  readonly constructPath?: string;
}

/** Templates by ID. */
export type Templates = ReadonlyMap<string, LoadedTemplate>;

export function templatesById({ templates }: Pick<Loaded, 'templates'>): Templates {
  return new Map(templates.map((template) => [template.id, template]));
}

/**
 * Returns the location of a resource or of one of its properties.
 *
 * @param property a path below `Properties`, such as `TracingConfig.Mode`; empty for the whole resource
 */
export function locationOf(resource: Resource, templates: Templates, property = ''): Location {
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
