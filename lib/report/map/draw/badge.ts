import type { MapDocument } from '../document';
import { worstFinding, openFindings, type Unit } from '../layout/units';
import { element, type VirtualElement } from './element';
import { findingSymbol } from './symbols';
import { widthOf } from './text-width';

export interface Badge {
  readonly drawing: VirtualElement;
  readonly width: number;
}

/**
 * How many findings there are on a unit, with the sign of the worst.
 *
 * @param right where it ends
 * @param y its middle
 */
export function drawBadge(unit: Unit, document: MapDocument, right: number, y: number): Badge | undefined {
  const severity = worstFinding(unit, document);
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
