import type { MapDocument } from '../report/map/map-document';
import { traceMapJson } from '../report/map/trace-map-json';
import type { MapFormatName } from './map-options';

type MapFormat = (document: MapDocument) => string | Promise<string>;

/** What `--format` may name. What needs the layout library is loaded only where it is asked for. */
export const MAP_FORMATS: Readonly<Record<MapFormatName, MapFormat>> = {
  html: async (document) => (await import('../report/map/html.js')).html(document),
  svg: async (document) => (await import('../report/map/svg.js')).svg(document),
  mermaid: async (document) => (await import('../report/map/mermaid.js')).mermaid(document),
  dot: async (document) => (await import('../report/map/dot.js')).dot(document),
  json: traceMapJson,
};
