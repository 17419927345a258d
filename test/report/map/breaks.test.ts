import { breaksOf } from '../../../lib/report/map/build-document';
import { mapFromSketch, type Recordings } from '../../trace-map/map-from-sketch';

/** The nodes and calls of a map that is drawn as `mapFromSketch` says, where a trace breaks. */
function breaks(recordings: Recordings, ...calls: readonly string[]) {
  const map = mapFromSketch(recordings, calls);
  const found = breaksOf(map);
  return [
    ...[...found.gaps].map(({ name }) => name),
    ...[...found.edges].map((edge) => calls[map.edges.indexOf(edge)]),
  ];
}

test.each<[string, Recordings, string[], string[]]>([
  ['a function that is called by one that records', { A: 'yes', B: 'no' }, ['A > B'], ['B']],
  ['one behind another that records nothing', { A: 'yes', B: 'no', C: 'no' }, ['A > B', 'B > C'], ['B', 'C']],
  ['a call that hands nothing on', { A: 'yes', B: 'no' }, ['A x B'], ['A x B']],
  ['and what is behind it is no gap', { A: 'yes', B: 'no', C: 'no' }, ['A x B', 'B > C'], ['A x B']],
  ['a call behind a gap', { A: 'yes', B: 'no', C: 'yes' }, ['A > B', 'B x C'], ['B', 'B x C']],
  ['nothing where nothing records', { A: 'no', B: 'no' }, ['A > B', 'B x A'], []],
  ['nothing that only deployment tells', { A: 'yes', B: 'unknown' }, ['A > B'], []],
  ['nothing by calls that may not be made', { A: 'yes', B: 'no' }, ['A ? B'], []],
  ['a circle', { A: 'yes', B: 'no' }, ['A > B', 'B > A'], ['B']],
])('%s', (_, recordings, calls, expected) => {
  expect(breaks(recordings, ...calls)).toEqual(expected);
});
