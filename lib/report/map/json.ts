import { plainJson } from '../formats/json';
import type { MapDocument } from './document';

/** For programs, as docs/trace-map.schema.json has it. */
export function traceMapJson(document: MapDocument): string {
  return `${plainJson(document, 2)}\n`;
}
