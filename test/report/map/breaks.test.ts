import type { Recording, TraceEdge, TraceNode } from '../../../lib/model/paths/trace-map';
import { ALWAYS, certainly } from '../../../lib/model/possible';
import { breaksOf } from '../../../lib/report/map/breaks';

/** Functions by their recording, and calls: `A > B` hands the trace on, `A x B` doesn't, `A ? B` may be made. */
function breaks(recordings: Record<string, TraceNode['recording']>, ...calls: readonly string[]) {
  const nodes = new Map(
    Object.entries(recordings).map(([name, recording]) => [
      name,
      {
        id: name,
        name,
        kind: 'function',
        recording,
        recordings: certainly<Recording>(recording),
        incoming: [],
        outgoing: [] as TraceEdge[],
      } as const,
    ]),
  );
  const edges = calls.map((call): TraceEdge => {
    const [from, sign, to] = call.split(' ');
    const edge: TraceEdge = {
      from: nodes.get(from)!,
      to: nodes.get(to)!,
      effect: sign === 'x' ? 'drops' : 'carries',
      by: [],
      through: [],
      isCertain: sign !== '?',
      when: [ALWAYS],
      isAuthorization: false,
    };
    nodes.get(from)!.outgoing.push(edge);
    return edge;
  });
  const found = breaksOf({ nodes: [...nodes.values()], edges, besideRequests: new Set() });
  return [
    ...[...found.holes].map(({ name }) => name),
    ...[...found.edges].map((edge) => calls[edges.indexOf(edge)]),
  ];
}

test.each<[string, Record<string, TraceNode['recording']>, string[], string[]]>([
  ['a function that is called by one that records', { A: 'yes', B: 'no' }, ['A > B'], ['B']],
  ['one behind another that records nothing', { A: 'yes', B: 'no', C: 'no' }, ['A > B', 'B > C'], ['B', 'C']],
  ['a call that hands nothing on', { A: 'yes', B: 'no' }, ['A x B'], ['A x B']],
  ['and what is behind it is no hole', { A: 'yes', B: 'no', C: 'no' }, ['A x B', 'B > C'], ['A x B']],
  ['a call behind a hole', { A: 'yes', B: 'no', C: 'yes' }, ['A > B', 'B x C'], ['B', 'B x C']],
  ['nothing where nothing records', { A: 'no', B: 'no' }, ['A > B', 'B x A'], []],
  ['nothing that only deployment tells', { A: 'yes', B: 'unknown' }, ['A > B'], []],
  ['nothing by calls that may not be made', { A: 'yes', B: 'no' }, ['A ? B'], []],
  ['a circle', { A: 'yes', B: 'no' }, ['A > B', 'B > A'], ['B']],
])('%s', (_, recordings, calls, expected) => {
  expect(breaks(recordings, ...calls)).toEqual(expected);
});
