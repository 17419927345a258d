import type { TraceEffect } from '../../../model/paths/service';
import type { MapDocument } from '../map-document';
import type { Box } from './picture';

/** How a line for calls looks: as the worst of them, so that no break is overlooked. */
export interface WireLook {
  readonly effect: TraceEffect;
  /** How many calls there are, and at how many of them traces end. */
  readonly calls: number;
  readonly broken: number;
  /** Whether one of them is sure to be made. */
  readonly isCertain: boolean;
}

/** @param indices of edges in the document */
export function lookOf(indices: readonly number[], { edges }: MapDocument): WireLook {
  const calls = indices.map((index) => edges[index]);
  return {
    effect: FROM_THE_WORST.find((effect) => calls.some((call) => call.effect === effect)) ?? 'carries',
    calls: calls.length,
    broken: calls.filter(({ isBroken }) => isBroken).length,
    isCertain: calls.some(({ isCertain }) => isCertain),
  };
}

const FROM_THE_WORST: readonly TraceEffect[] = ['drops', 'links', 'carries', 'starts'];

/** The room that it takes to tell. */
export function signSize({ effect, calls, broken }: WireLook): Box {
  if (broken > 0) return { width: calls > 1 ? 84 : 62, height: 34 };
  if (calls > 1) return { width: 52, height: 34 };
  return effect === 'drops' || effect === 'links' ? { width: 24, height: 20 } : { width: 4, height: 4 };
}
