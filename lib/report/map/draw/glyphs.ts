import type { NodeKind } from '../../../trace-map/trace-map';
import { h, type VirtualElement } from './element';

/** Colors of categories of services, as in AWS's architecture icons. */
const CATEGORIES = {
  compute: '#d45b07',
  storage: '#5a7d10',
  database: '#c925d1',
  integration: '#d6116f',
  network: '#8c4fff',
  security: '#c9243d',
  other: '#5b6673',
};

const API = 'M9 7l-4 5 4 5M15 7l4 5-4 5M13 6l-2 12';
const WAVES = 'M4 8q4-4 8 0t8 0M4 13q4-4 8 0t8 0M4 18q4-4 8 0t8 0';
const CYLINDER = 'M5 7c0-3 14-3 14 0v10c0 3-14 3-14 0zM5 7c0 3 14 3 14 0M5 12c0 3 14 3 14 0';
const BUS = 'M4 12h16M8 12V6M16 12V6M12 12v6';
const BROKER =
  'M12 4a2 2 0 1 0 .01 0zM6 15a2 2 0 1 0 .01 0zM18 15a2 2 0 1 0 .01 0zM11 8l-4 7M13 8l4 7M8 17h8';
const PAGE = 'M6 4h12v16H6zM9 9h6M9 12h6M9 15h4';

/** Category and glyph of each kind of node. A glyph is a path in a square of 24 pixels. */
const GLYPHS: Readonly<Record<NodeKind, readonly [keyof typeof CATEGORIES, string]>> = {
  function: ['compute', 'M7 5h3l7 14h3M11.5 11L7 19'],
  queue: ['integration', 'M4 8h4v8H4zM10 8h4v8h-4zM16 8h4v8h-4z'],
  topic: ['integration', 'M4 12h15M8 12l10-6M8 12l10 6M4 12a1 1 0 1 0 .01 0z'],
  stream: ['network', WAVES],
  'delivery-stream': ['network', WAVES],
  'state-machine': ['integration', 'M9 4h6v4H9zM4 16h6v4H4zM14 16h6v4h-6zM12 8v4M7 16v-4h10v4'],
  table: ['database', CYLINDER],
  database: ['database', CYLINDER],
  documentdb: ['database', CYLINDER],
  secret: ['security', 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3'],
  parameter: ['integration', PAGE],
  'event-bus': ['integration', BUS],
  schedule: ['integration', 'M12 4a8 8 0 1 0 .01 0zM12 8v4l3 2'],
  pipe: ['integration', 'M4 9h6l4 6h6M17 12l3 3-3 3'],
  bucket: ['storage', 'M5 7l2 12h10l2-12zM5 7c0-3 14-3 14 0'],
  'log-group': ['integration', PAGE],
  'iot-rule': ['storage', 'M8 8h8v8H8zM10 4v4M14 4v4M10 16v4M14 16v4M4 10h4M4 14h4M16 10h4M16 14h4'],
  msk: ['network', BROKER],
  kafka: ['other', BROKER],
  mq: ['integration', BROKER],
  'rest-api': ['network', API],
  'http-api': ['network', API],
  'websocket-api': ['network', API],
  'function-url': ['compute', API],
  'graphql-api': ['integration', 'M12 4l7 4v8l-7 4-7-4V8zM12 4l7 12H5z'],
  'event-api': ['integration', BUS],
  'load-balancer': ['network', 'M4 12h5l6-6h4M9 12h10M9 12l6 6h4'],
  distribution: ['network', 'M12 4a8 8 0 1 0 .01 0zM4 12h16M12 4c-5 5-5 11 0 16M12 4c5 5 5 11 0 16'],
  'user-pool': ['security', 'M12 4a3.5 3.5 0 1 0 .01 0zM5 20c0-9 14-9 14 0'],
  service: ['other', 'M5 8l7-4 7 4v8l-7 4-7-4zM5 8l7 4 7-4M12 12v8'],
};

/** Draws the glyph of a kind of node on a square of 28 pixels. */
export function drawGlyph(kind: string, x: number, y: number): VirtualElement {
  const [category, path] = GLYPHS[kind as NodeKind] ?? GLYPHS.service;
  return h`
    <g transform="translate(${x} ${y})">
      <rect width="28" height="28" rx="7" fill=${CATEGORIES[category]}/>
      <path class="glyph" d=${path} transform="translate(2 2)"/>
    </g>`;
}
