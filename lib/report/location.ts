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

/** The name of standard input. */
const STDIN = '-';

/** The folders that files in a report are relative to. Both are absolute, with slashes. */
export interface SourceRoot {
  /** The root of the repository, or the working directory if it is not in a repository. */
  readonly root: string;
  readonly workingDirectory: string;
}

/** Returns the path of a file relative to the root, as code hosts show it. The path of a file outside of it is absolute. */
export function pathFromRoot(file: string, { root, workingDirectory }: SourceRoot): string {
  if (file === STDIN) return file;
  const path = file.replaceAll('\\', '/');
  const absolute = normalized(isAbsolute(path) ? path : `${workingDirectory}/${path}`);
  const folder = `${normalized(root)}/`;
  return absolute.startsWith(folder) ? absolute.slice(folder.length) : absolute;
}

/** Removes `.`, `..` and empty names from an absolute path. */
function normalized(path: string): string {
  const [volume, ...names] = path.split('/');
  const kept: string[] = [];
  for (const name of names) {
    if (name === '..') kept.pop();
    else if (name !== '.' && name !== '') kept.push(name);
  }
  return [volume, ...kept].join('/');
}

/** True for an absolute path, with slashes, of any operating system. */
export function isAbsolute(path: string): boolean {
  return /^([A-Za-z]:)?\//.test(path);
}
