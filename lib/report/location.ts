import type { Resource } from '../cloudformation/template';
import type { CodePosition, Loaded, LoadedTemplate, SourcePosition } from '../input/loaded-template';
import type { Finding } from '../rules/rule';

/** The location of a resource in its template and, for a CDK app, in the code of the user. */
export interface Location extends SourcePosition {
  /** The template's ID. */
  readonly template: string;
  /** The template's file. */
  readonly file: string;
  /**
   * The position in the code that creates the resource, which users change, or of an entry in the configuration. Undefined
   * if it is unknown, or for a template without CDK.
   */
  readonly source?: CodePosition;
  /** True if the template is part of a cloud assembly, which is usually not under version control. */
  readonly isGenerated?: true;
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
  const source = template?.sourceOf?.(constructPath ?? template.constructPath ?? '');
  return {
    template: id,
    file: template?.file ?? id,
    ...(position && { position }),
    ...(source && { source }),
    ...(template?.sourceOf && { isGenerated: true as const }),
    logicalId,
    ...(constructPath !== undefined && { constructPath }),
  };
}

/** Returns the location of a finding. A finding on the configuration has the position of its entry. */
export function locationOfFinding(
  { resource, property, position }: Pick<Finding, 'resource' | 'property' | 'position'>,
  templates: Templates,
): Location {
  const location = locationOf(resource, templates, property);
  return position ? { ...location, position, source: { file: location.file, position } } : location;
}

/** Returns the positions of a location: the one that users change, and that of the template if it is another one. */
export function positionsOf({
  source,
  file,
  position,
}: Pick<Location, 'source' | keyof SourcePosition>): [SourcePosition, SourcePosition?] {
  const inTemplate = { file, ...(position && { position }) };
  if (!source) return [inTemplate];
  return source.file === file ? [source] : [source, inTemplate];
}

/** True if a location is in a CDK app whose cloud assembly does not contain the position in the code. */
export function lacksSource({ template, source }: Location, templates: Templates): boolean {
  return source === undefined && templates.get(template)?.sourceOf !== undefined;
}

/** The note of a report in which `lacksSource` is true for a location. */
export const NO_SOURCES =
  'Positions are those of the templates, because the cloud assembly has no positions in the code of the app. To get them, ' +
  'run cdk synth --debug.';

/** The name of standard input. */
const STDIN = '-';

/** The folders that files in a report are relative to. Both are absolute, with slashes. */
export interface SourceRoot {
  /** The root of the repository, or the working directory if it is not in a repository. */
  readonly root: string;
  readonly workingDirectory: string;
  /**
   * The URL of the files of the repository at the revision. The path of a file is appended with the line, as in `#L12`, or
   * replaces `{path}`, and the line `{line}`.
   *
   * @default - no links to files
   */
  readonly url?: string;
}

/** Returns the path of a file relative to the root, as code hosts show it. The path of a file outside of it is absolute. */
export function pathFromRoot(file: string, { root, workingDirectory }: SourceRoot): string {
  if (file === STDIN) return file;
  const path = file.replaceAll('\\', '/');
  const absolute = normalized(isAbsolute(path) ? path : `${workingDirectory}/${path}`);
  const folder = `${normalized(root)}/`;
  return absolute.startsWith(folder) ? absolute.slice(folder.length) : absolute;
}

/** Returns the URL of the position that users change. Undefined if the repository contains no such file, or its URL is unknown. */
export function urlOf(
  location: Pick<Location, 'source' | 'isGenerated' | keyof SourcePosition>,
  root: SourceRoot,
): string | undefined {
  const [{ file, position }] = positionsOf(location);
  const path = pathFromRoot(file, root);
  if (root.url === undefined || path === STDIN || isAbsolute(path)) return undefined;
  if (location.isGenerated && !location.source) return undefined;
  const encoded = encodedPath(path);
  if (!root.url.includes('{path}')) {
    return `${root.url.replace(/\/$/, '')}/${encoded}${position ? `#L${position.line}` : ''}`;
  }
  return root.url.replaceAll('{path}', encoded).replaceAll('{line}', String(position?.line ?? 1));
}

/** Encodes the names in a path for a URL. */
export function encodedPath(path: string): string {
  return path
    .split('/')
    .map((segment) => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')))
    .join('/');
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
