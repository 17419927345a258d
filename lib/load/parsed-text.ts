/** Something wrong in a text, where it stands in it. */
export interface Fault {
  readonly offset: number;
  /** One sentence. */
  readonly message: string;
}

/** A JSON or YAML text, read. */
export interface ParsedText {
  /** Plain JSON. Nothing where the text can't be read at all. */
  readonly value?: unknown;
  readonly faults: readonly Fault[];
  /** The offset of the value at a path, by its key, or of the longest part of the path that is there. */
  readonly offsetOf: (path: readonly string[]) => number;
}

/** No template is nested as deep as this, and what reads it later calls itself once a level. */
export const MAX_DEPTH = 500;

export const TOO_DEEP = `This is nested more than ${MAX_DEPTH} levels deep, which no template is: take out what is generated wrongly.`;
