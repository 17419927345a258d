import type { Place } from '../place';
import type { MapPlace } from './map-document';

/** A place, as the document has it. */
export function mapPlace({ template, position }: Pick<Place, 'template' | 'position'>): MapPlace {
  return { stack: template, ...(position && { line: position.line }) };
}
