import type { MapDocument } from '../document';
import { highestSeverity, openFindings, type Unit } from '../layout/units';
import { element, type VirtualElement } from './element';
import { findingSymbol } from './symbols';
import { widthOf } from './text-width';

export interface Badge {
  readonly drawing: VirtualElement;
  readonly width: number;
}

/**
 * Draws the number of findings on a unit, with the symbol of the highest severity. Undefined without open findings.
 *
 * @param right the x coordinate of its right end
 * @param y the y coordinate of its middle
 */
export function drawBadge(unit: Unit, document: MapDocument, right: number, y: number): Badge | undefined {
  const severity = highestSeverity(unit, document);
  if (severity === undefined) return undefined;
  const count = String(openFindings(unit, document).length);
  const width = 20 + widthOf(count, 11);
  return {
    width,
    drawing: element(
      'g',
      { class: `finding ${severity}` },
      findingSymbol(severity, right - width + 8, y),
      element('text', { class: 'count', x: right - width + 19, y: y + 4 }, count),
    ),
  };
}
