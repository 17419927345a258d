import type { TemplateSource } from '../cloudformation/template';

/** Where something stands in a file, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A template that was read, and where its parts stand. */
export interface LoadedTemplate extends TemplateSource {
  /** The file, as the user named it or as it was found below what the user named; `-` for standard input. */
  readonly file: string;
  /**
   * Where the value at a path of the template stands, such as `['Resources', 'Fn', 'Properties', 'Role']`: that of
   * the longest part of the path that is there. What a `Fn::ForEach` has become stands where its fragment does.
   * Nothing where positions aren't known.
   */
  readonly locate?: (path: readonly string[]) => Position | undefined;
}

/** Input that could not be read, in whole or in part. */
export interface LoadError extends Partial<Position> {
  readonly file: string;
  readonly message: string;
}

/** What came of reading: the templates that could be, and why others could not. */
export interface Loaded {
  readonly templates: readonly LoadedTemplate[];
  readonly errors: readonly LoadError[];
}
