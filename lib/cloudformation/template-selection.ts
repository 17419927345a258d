import { compileGlob, matchesWithin } from '../text/globs';
import { objectAt } from './json';
import type { Resource, TemplateSource } from './template';

/** Values for the parameters of templates, from a configuration. */
export interface ParameterValues {
  /** The end of a template's path, such as its file name, or its path after `./`, or a glob of it. */
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Makes a configuration select a template also by its path from the folder of the configuration, after `./`. The end of a
 * path can also be that of another template.
 *
 * @param fromFolder returns a path from that folder, with forward slashes
 */
export function selectedFrom<T extends TemplateSource>(source: T, fromFolder: (path: string) => string): T {
  const paths = pathsOf(source);
  const inFolder = paths
    .map(fromFolder)
    .filter((path) => path !== '' && !/^(?:\.\.(?:\/|$)|\/|[A-Za-z]:)/.test(path))
    .map((path) => `./${path}`);
  return { ...source, selectedBy: [...new Set([...paths, ...inFolder])] };
}

function pathsOf({ id, selectedBy }: TemplateSource): readonly string[] {
  return selectedBy ?? [id.split('#')[0]];
}

/** True if a template's path, or the end of it, is equal to a file's path or matches it as a glob. */
export function isFile(source: TemplateSource, file: string): boolean {
  const matches = compileGlob(file);
  return pathsOf(source).some((path) => {
    if (path === file || path.endsWith(`/${file}`)) return true;
    const names = path.split('/');
    return names.some((_, i) => matches(names.slice(i).join('/')));
  });
}

/** True if a name or a glob matches the construct path of a resource, a construct around it, or its logical ID. */
export function isNamedBy({ constructPath, logicalId, template }: Resource, name: string): boolean {
  const path = constructPath ?? template.source.constructPath;
  return (path !== undefined && matchesWithin(name, path)) || compileGlob(name)(logicalId);
}

/**
 * Sets the parameter values of templates. The last value for a parameter counts. The values of a deployed stack take
 * precedence. Nested stacks get theirs from the stack around them.
 */
export function withParameterValues<T extends TemplateSource>(
  templates: readonly T[],
  configured: readonly ParameterValues[] = [],
): T[] {
  return templates.map((source) => {
    const values = configured.filter(({ template }) => !source.nestedIn && isFile(source, template));
    if (values.length === 0) return source;
    const parameterValues = Object.assign(
      {},
      ...values.map((one) => one.values),
      source.parameterValues,
    ) as Record<string, string>;
    return { ...source, parameterValues };
  });
}

/** Returns the names of the parameters that templates declare. */
export function declaredParameters(templates: readonly TemplateSource[]): string[] {
  return [...new Set(templates.flatMap(({ template }) => Object.keys(objectAt(template, 'Parameters'))))];
}
