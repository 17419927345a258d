import { plainJson } from '../formats/json';
import type { MapDocument } from './document';

/** Writes the map as JSON, as described by docs/trace-map.schema.json. */
export function traceMapJson(document: MapDocument): string {
  return `${plainJson(document, 2)}\n`;
}
