import { ALWAYS } from '../possible';
import type { Resource } from '../template';
import type { TraceEffect } from './service';
import type { TraceEdge } from './trace-map';

/** A call that is still being put together. */
export type EdgeDraft = { -readonly [K in keyof TraceEdge]: TraceEdge[K] } & { readonly by: Resource[] };

/** From the one that keeps most of a trace to the one that keeps nothing. */
const EFFECTS: readonly TraceEffect[] = ['starts', 'carries', 'links', 'drops'];

/** Adds to a call what another resource says of it: what surely happens says more than what may. */
export function addTo(
  known: EdgeDraft,
  by: Resource,
  {
    effect,
    isCertain,
    when,
    isAuthorization,
  }: Pick<TraceEdge, 'effect' | 'isCertain' | 'when' | 'isAuthorization'>,
): void {
  if (!known.by.includes(by)) known.by.push(by);
  known.isAuthorization &&= isAuthorization;
  const isBetter = EFFECTS.indexOf(effect) < EFFECTS.indexOf(known.effect);
  if (isCertain === known.isCertain ? isBetter : isCertain) {
    Object.assign(known, { effect, isCertain, when });
  } else if (isCertain === known.isCertain && effect === known.effect && !known.when.includes(ALWAYS)) {
    known.when = [...known.when, ...when];
  }
}
