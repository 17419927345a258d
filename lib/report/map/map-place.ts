import type { Place } from '../place';

/** Where something stands. */
export interface MapPlace {
  /** The ID of a stack, which tells the file; otherwise a file. */
  readonly stack: string;
  readonly line?: number;
}

/** A place, as the document has it. */
export function mapPlace({ template, position }: Pick<Place, 'template' | 'position'>): MapPlace {
  return { stack: template, ...(position && { line: position.line }) };
}
