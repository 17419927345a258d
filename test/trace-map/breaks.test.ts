import { breaksOf } from '../../lib/trace-map/reachability';
import { mapFromSketch, type Recordings } from './map-from-sketch';

/** Returns the gaps and broken edges of a map in the notation of `mapFromSketch`. */
function breaks(recordings: Recordings, ...calls: readonly string[]) {
  const map = mapFromSketch(recordings, calls);
  const found = breaksOf(map);
  return [
    ...[...found.gaps].map(({ name }) => name),
    ...[...found.edges].map((edge) => calls[map.edges.indexOf(edge)]),
  ];
}

test.each<[string, Recordings, string[], string[]]>([
  ['a function called by a recording function', { A: 'yes', B: 'no' }, ['A > B'], ['B']],
  ['a function behind another gap', { A: 'yes', B: 'no', C: 'no' }, ['A > B', 'B > C'], ['B', 'C']],
  ['a call that does not propagate the trace', { A: 'yes', B: 'no' }, ['A x B'], ['A x B']],
  ['no gap behind a broken edge', { A: 'yes', B: 'no', C: 'no' }, ['A x B', 'B > C'], ['A x B']],
  ['a call behind a gap', { A: 'yes', B: 'no', C: 'yes' }, ['A > B', 'B x C'], ['B', 'B x C']],
  ['no break without a recording node', { A: 'no', B: 'no' }, ['A > B', 'B x A'], []],
  ['no gap known only at deployment', { A: 'yes', B: 'unknown' }, ['A > B'], []],
  ['no gap behind a possible call', { A: 'yes', B: 'no' }, ['A ? B'], []],
  ['a cycle', { A: 'yes', B: 'no' }, ['A > B', 'B > A'], ['B']],
])('%s', (_, recordings, calls, expected) => {
  expect(breaks(recordings, ...calls)).toEqual(expected);
});
