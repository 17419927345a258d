import { wrap } from '../../text/printable';
import { count } from '../wording';
import type { MapDocument } from './document';
import { drawDiagram, legendEntries, SAMPLE } from './draw/diagram';
import { h, markup, type VirtualElement } from './draw/element';
import { diagramStyle } from './draw/style';
import { layOut } from './layout/layout';
import { diagramOf, initiallyExpanded } from './layout/diagram';
import { MapIndex } from './layout/units';
import { describeMap, NO_FUNCTIONS } from './wording';

const MIN_WIDTH = 800;
const PAD = 16;
const LINE = 20;
/** Average width of a character of the summary, in pixels. */
const CHARACTER = 8.6;

/** Writes the map's initial diagram as SVG: all nodes, or only the stacks of a large system. */
export function svg(document: MapDocument): string {
  const index = new MapIndex(document);
  const layout = layOut(index);
  const diagram = diagramOf(layout, index, initiallyExpanded(layout));
  const width = Math.max(MIN_WIDTH, diagram.width);
  const legend = drawnLegend(width);
  const hidden = diagram.hidden > 0 ? ` ${count(diagram.hidden, 'call')} not drawn.` : '';
  const empty = diagram.cards.length === 0 ? ` ${NO_FUNCTIONS}` : '';
  const summary = `${describeMap(document)}${hidden}${empty}`;
  const lines = wrap(summary, Math.floor((width - 2 * PAD) / CHARACTER));
  const title = lines.length * LINE + PAD;
  const height = title + diagram.height + legend.height;
  const drawing = h`
    <svg xmlns="http://www.w3.org/2000/svg" class="diagram" width=${width} height=${height}
      viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title summary">
      <title id="title">Trace map</title>
      <desc id="summary">${summary}</desc>
      <style>/* */</style>
      <rect class="ground" width=${width} height=${height}/>
      ${lines.map((line, i) => h`<text class="name" x=${PAD} y=${PAD + 12 + i * LINE}>${line}</text>`)}
      <g transform="translate(0 ${title})">${drawDiagram(diagram, index, layout)}</g>
      <g transform="translate(0 ${title + diagram.height})">${legend.drawing}</g>
    </svg>`;
  return `${markup(drawing).replace('/* */', () => diagramStyle())}\n`;
}

const ROW = 26;
const COLUMNS = 3;

/** Draws the legend in columns. */
function drawnLegend(width: number): { readonly height: number; readonly drawing: VirtualElement } {
  const column = (width - 2 * PAD) / COLUMNS;
  const all = legendEntries();
  const entries = all.map(
    ({ drawing, text }, i) => h`
    <g transform="translate(${PAD + (i % COLUMNS) * column} ${Math.floor(i / COLUMNS) * ROW})">
      ${drawing}<text x=${SAMPLE.width + 8} y=${SAMPLE.height / 2 + 4}>${text}</text>
    </g>`,
  );
  return { height: Math.ceil(all.length / COLUMNS) * ROW + PAD, drawing: h`<g>${entries}</g>` };
}
