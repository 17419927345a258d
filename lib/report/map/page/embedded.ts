import type { Atlas } from '../atlas/atlas';
import type { MapDocument } from '../map-document';

/** What is in the page for its script. */
export interface Embedded {
  readonly document: MapDocument;
  readonly atlas: Atlas;
}
