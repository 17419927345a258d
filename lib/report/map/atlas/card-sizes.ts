import type { Box, Shown } from './picture';
import type { Unit } from './units';

/** How large cards are, by what they show. */
export const CARD_SIZES = {
  function: { width: 266, height: 92 },
  service: { width: 246, height: 66 },
  folder: { width: 262, height: 138 },
  more: { width: 160, height: 44 },
} as const satisfies Record<string, Box>;

export function sizeOf(shows: Shown, units: readonly Unit[]): Box {
  if ('folder' in shows) return CARD_SIZES.folder;
  if ('more' in shows) return CARD_SIZES.more;
  return units[shows.unit].run ? CARD_SIZES.function : CARD_SIZES.service;
}
