import type { Severity } from '../../../rules/rule';
import type { Look } from '../wording';
import { h, type VirtualElement } from './element';

// Symbols are drawn, not written, because fonts may lack them. Each has a distinct shape.

/** Draws a state: a disc if recorded, a ring if not, a crossed ring for a gap, a question mark if unknown. */
export function stateSymbol(look: Look, x: number, y: number): VirtualElement {
  if (look === 'unknown') {
    const mark = `M${x - 2.6} ${y - 2.4}a2.7 2.7 0 1 1 4 2.4q-1.4 .8 -1.4 2.2M${x} ${y + 5}v.1`;
    return h`<path class="symbol" d=${mark} fill="none"/>`;
  }
  const isFull = look === 'recorded';
  const ring = h`<circle class="symbol ${isFull ? 'full' : ''}" cx=${x} cy=${y} r="4.5" fill="none"/>`;
  if (look !== 'gap' && look !== 'untraceable') return ring;
  return h`<g>${ring}<path class="symbol" d="M${x - 3} ${y + 3}L${x + 3} ${y - 3}" fill="none"/></g>`;
}

/** Draws the symbol of a state for use in text. */
export function stateIcon(look: Look): VirtualElement {
  return icon(h`<g class="card ${look}">${stateSymbol(look, 8, 8)}</g>`);
}

/** Draws the symbol of a severity, or of an edge that breaks the trace, for use in text. */
export function problemIcon(severity: Severity | undefined): VirtualElement {
  if (severity !== undefined) return icon(findingSymbol(severity, 8, 8));
  return icon(h`<g class="lost"><path class="symbol" d=${crossPath(8, 8, 4)}/></g>`);
}

function icon(drawing: VirtualElement): VirtualElement {
  return h`<svg class="diagram icon" viewBox="0 0 16 16" aria-hidden="true">${drawing}</svg>`;
}

/** Draws a severity: an octagon, a triangle or a disc, with a mark in it. */
export function findingSymbol(severity: Severity, x: number, y: number): VirtualElement {
  const mark =
    severity === 'info' ? `M${x} ${y - 0.5}v4M${x} ${y - 3.6}v.1` : `M${x} ${y - 3.5}v4M${x} ${y + 3.6}v.1`;
  return h`
    <g class="finding ${severity}">
      <path class="shape" d=${SHAPES[severity](x, y)}/>
      <path class="mark" d=${mark}/>
    </g>`;
}

const SHAPES: Readonly<Record<Severity, (x: number, y: number) => string>> = {
  error: (x, y) => `M${x - 3} ${y - 7.2}h6l4.2 4.2v6l-4.2 4.2h-6l-4.2 -4.2v-6z`,
  warning: (x, y) =>
    `M${x} ${y - 7.6}q.8 0 1.2 .7l6.6 11.6q.6 1.6 -1 1.9h-13.6q-1.6 -.3 -1 -1.9l6.6 -11.6q.4 -.7 1.2 -.7z`,
  info: (x, y) => `M${x - 7} ${y}a7 7 0 1 1 14 0a7 7 0 1 1 -14 0z`,
};

/** Returns the path of a cross, for an edge that breaks the trace. */
export function crossPath(x: number, y: number, reach = 3.4): string {
  return `M${x - reach} ${y - reach}l${2 * reach} ${2 * reach}m0 ${-2 * reach}l${-2 * reach} ${2 * reach}`;
}

/** Returns the path of two chain links, for an edge that links traces. */
export function chainPath(x: number, y: number): string {
  return `M${x - 1.2} ${y - 2.6}h-2.4a2.6 2.6 0 0 0 0 5.2h2.4M${x + 1.2} ${y - 2.6}h2.4a2.6 2.6 0 0 1 0 5.2h-2.4M${x - 2.2} ${y}h4.4`;
}
