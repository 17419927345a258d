import type { ReportedMode } from '../../function-summary';
import { openFindings } from '../atlas/gravest-finding';
import type { MapIndex } from '../atlas/map-index';

/** Which units the reader wants to see. */
export interface Filter {
  /** Functions in one of these modes; any node where there are none. */
  readonly modes: ReadonlySet<ReportedMode>;
  /** Where traces break. */
  readonly isBroken: boolean;
  readonly hasFindings: boolean;
}

/** Everything. */
export const NO_FILTER: Filter = { modes: new Set(), isBroken: false, hasFindings: false };

export function isMatch(unit: number, { modes, isBroken, hasFindings }: Filter, index: MapIndex): boolean {
  const { node, function: fn } = index.units[unit];
  if (modes.size > 0 && (!fn || !modes.has(fn.mode))) return false;
  if (hasFindings && openFindings(index.units[unit], index.document).length === 0) return false;
  const breaks = () =>
    node.isHole || [...index.incoming(unit), ...index.outgoing(unit)].some(({ edge }) => edge.isBroken);
  return !isBroken || breaks();
}
