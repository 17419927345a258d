import type { MapDocument } from './map-document';
import { plainJson } from '../plain-json';

/** For programs, as docs/trace-map.schema.json has it. */
export function traceMapJson(document: MapDocument): string {
  return `${plainJson(document, 2)}\n`;
}
