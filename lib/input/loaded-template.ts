import type { TemplateSource } from '../cloudformation/template';

/** A position in a file. Lines and columns start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file and, if it is known, the position in it. */
export interface SourcePosition {
  readonly file: string;
  readonly position?: Position;
}

/** A template that was read, with its file. */
export interface LoadedTemplate extends TemplateSource {
  /** The path of the file, relative if the user passed a relative path; `-` for standard input. */
  readonly file: string;
  /**
   * Returns the position of the value at a path, such as `['Resources', 'Fn', 'Properties', 'Role']`, or of the longest
   * part of the path that exists. Copies that `Fn::ForEach` makes have the position of their fragment.
   *
   * @default - positions are unknown
   */
  readonly locate?: (path: readonly string[]) => Position | undefined;
  /**
   * Returns the position in the code of the user that creates a construct or, if it is unknown, its closest parent with
   * a position. The file is relative to the working directory if it is there.
   *
   * @default - the template is not part of a cloud assembly
   */
  readonly sourceOf?: (constructPath: string) => SourcePosition | undefined;
  /**
   * The text of the file.
   *
   * @default - the file must not be edited, because a tool generates it, or it is outside of the folders that the user names
   */
  readonly text?: string;
  /** The paths of the local files that it refers to, whose content the template contains if they could be read. */
  readonly localFiles?: readonly string[];
}

/** An error in an input file. Other parts of the file may still be read. */
export interface LoadError extends Partial<Position> {
  readonly file: string;
  readonly message: string;
}

/** The templates that were read, and the errors in them and in others. */
export interface Loaded {
  readonly templates: readonly LoadedTemplate[];
  readonly errors: readonly LoadError[];
  /** Mistakes in the templates that CloudFormation accepts. */
  readonly warnings?: readonly LoadError[];
  /** Notes for the reader, one or more sentences each. */
  readonly notes?: readonly string[];
}
