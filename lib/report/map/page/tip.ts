import { h, type VirtualElement } from '../draw/element';
import { describeCall, explainCall } from '../wording';
import type { PageState } from './state';

/** Number of calls that are explained. */
const MAX_EXPLAINED = 3;

/** Explains the calls of an edge in short: the effect on the trace, the reason and the position. */
export function tipText(calls: readonly number[], { index }: PageState): VirtualElement[] {
  const own = calls.slice(0, MAX_EXPLAINED).map((call) => index.callOf(call));
  return own.map((call) => {
    const { from, to, edge } = call;
    const [source] = edge.sources;
    const title = `${index.labelOf(from)} → ${index.labelOf(to)}: ${describeCall(edge)}. `;
    const at = source && h`<code> ${index.formatLocation(source)}</code>`;
    return h`<p><strong>${title}</strong>${explainCall(call, index)}${at}</p>`;
  });
}
