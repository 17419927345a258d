import type { TemplateSource } from './template';

/** A template, and the file that it is from where that says more than its ID. */
export type TemplateFile = TemplateSource & { readonly file?: string };

/** By which of its segments a template's path may be told from others. */
export interface TemplatePath {
  /** With what may stand before a path, such as the revision in `main:infra/template.yaml`. */
  readonly segments: readonly string[];
  /**
   * How many of them, from the end, say which it is of those that a user means. The others say where these are, which
   * is elsewhere for a baseline.
   */
  readonly own: number;
}

/** @param isBaseline a baseline is a single path: where this is a file, its name is all that it is to be found by */
export function pathOf(template: TemplateFile, isBaseline: boolean): TemplatePath {
  const file = template.file ?? template.id;
  const segments = segmentsOf(file);
  const inside = pathInGroup(file, template.group);
  if (inside !== undefined) return { segments, own: segmentsOf(inside).length };
  return { segments, own: isBaseline ? 1 : segments.filter((segment) => segment !== '..').length };
}

/** The path below the folder that was named; nothing where the file itself was. */
function pathInGroup(file: string, group: string | undefined): string | undefined {
  if (!group) return undefined;
  if (group === '.') return file;
  const begin = /[/:]$/.test(group) ? group : `${group}/`;
  return file.startsWith(begin) ? file.slice(begin.length) : undefined;
}

function segmentsOf(path: string): string[] {
  return path.split(/[/:]/);
}
