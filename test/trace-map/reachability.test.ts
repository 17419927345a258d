import type { Possible } from '../../lib/cloudformation/possible';
import { nearestRecording, type Reach } from '../../lib/trace-map/reachability';
import type { Recording } from '../../lib/trace-map/trace-map';
import { mapFromSketch, type Recordings } from './map-from-sketch';

type Direction = 'incoming' | 'outgoing';

/** A recording that depends on a condition. */
const BY_PROD: readonly Possible<Recording>[] = [
  { value: 'yes', when: { Prod: true } },
  { value: 'no', when: { Prod: false } },
];

/** Returns the paths to nodes that may not record, one per line, on a map of `mapFromSketch`. */
function reachLines(direction: Direction, recordings: Recordings, calls: readonly string[]): string[] {
  const map = mapFromSketch(recordings, calls);
  return [...nearestRecording(map, direction).values()].flat().map((reach) => line(reach, direction));
}

function line(last: Reach, direction: Direction): string {
  const names: string[] = [];
  let end = direction === 'incoming' ? last.edge.to : last.edge.from;
  for (let reach: Reach | undefined = last; reach; reach = reach.before) {
    names.push(end.name);
    end = direction === 'incoming' ? reach.edge.from : reach.edge.to;
  }
  const path = direction === 'incoming' ? [...names, end.name].reverse() : [...names, end.name];
  const cases = Object.entries(last.when).map(([key, holds]) => `${holds ? '' : '!'}${key}`);
  return [path.join(' > '), ...(cases.length > 0 ? [cases.join(', ')] : [])].join(' if ');
}

describe('a recording node reaches', () => {
  test.each<[string, Recordings, string[], string[]]>([
    ['a node that it calls', { A: 'yes', B: 'no' }, ['A > B'], ['A > B']],
    ['a node with unknown recording', { A: 'yes', B: 'unknown' }, ['A > B'], ['A > B']],
    ['nodes further downstream', { A: 'yes', B: 'no', C: 'no' }, ['A > B', 'B > C'], ['A > B', 'A > B > C']],
    ['no recording node', { A: 'yes', B: 'yes' }, ['A > B'], []],
    ['no node behind a broken trace', { A: 'yes', B: 'no' }, ['A x B'], []],
    ['no node behind a possible call', { A: 'yes', B: 'no' }, ['A ? B'], []],
    [
      'each node from the nearest recording one',
      { A: 'yes', B: 'yes', C: 'no' },
      ['A > B', 'B > C'],
      ['B > C'],
    ],
    ['a node with two callers, once', { A: 'yes', B: 'yes', C: 'no' }, ['A > C', 'B > C'], ['A > C']],
    ['its caller, not itself', { A: 'yes', B: 'no' }, ['A > B', 'B > A', 'B > B'], ['A > B']],
    [
      'nodes of a cycle, once',
      { A: 'yes', B: 'no', C: 'no' },
      ['A > B', 'B > C', 'C > B'],
      ['A > B', 'A > B > C'],
    ],
    ['a node that it calls under a condition', { A: 'yes', B: 'no' }, ['A > B if Prod'], ['A > B if Prod']],
    [
      'a node with two callers, each under its condition',
      { A: 'yes', B: 'yes', C: 'no' },
      ['A > C if Prod', 'B > C if !Prod'],
      ['A > C if Prod', 'B > C if !Prod'],
    ],
    [
      'a node with two callers, one of them unconditional',
      { A: 'yes', B: 'yes', C: 'no' },
      ['A > C', 'B > C if Prod'],
      ['A > C'],
    ],
    [
      'nodes downstream under the same condition',
      { A: 'yes', B: 'no', C: 'no' },
      ['A > B if Prod', 'B > C if Big'],
      ['A > B if Prod', 'A > B > C if Prod, Big'],
    ],
    [
      'no node behind conditions that exclude each other',
      { A: 'yes', B: 'no', C: 'no' },
      ['A > B if Prod', 'B > C if !Prod'],
      ['A > B if Prod'],
    ],
    [
      'a node that it calls under the condition in which it records',
      { A: BY_PROD, B: 'no' },
      ['A > B'],
      ['A > B if Prod'],
    ],
    [
      'a node under the condition in which it does not record',
      { A: 'yes', B: BY_PROD },
      ['A > B'],
      ['A > B if !Prod'],
    ],
    ['no node that records under the same condition', { A: BY_PROD, B: BY_PROD }, ['A > B'], []],
  ])('%s', (_, recordings, calls, expected) => {
    expect(reachLines('incoming', recordings, calls)).toEqual(expected);
  });

  test('a node under at most eight conditions', () => {
    const calls = Array.from({ length: 10 }, (_, i) => `A > B if C${i}`);
    expect(reachLines('incoming', { A: 'yes', B: 'no' }, calls)).toEqual(calls.slice(0, 8));
  });

  test('a node from a function that receives no trace', () => {
    const calls = ['Stream x A', 'A > B'];
    expect(reachLines('incoming', { Stream: 'never', A: 'yes', B: 'no' }, calls)).toEqual(['A > B']);
  });

  test.each<[string, string[], string[]]>([
    ['with a publisher outside of the templates', ['Topic > B'], ['Topic > B']],
    ['with a publisher that propagates the trace', ['A > Topic', 'Topic > B'], ['Topic > B']],
    ['with alarms and other publishers', ['Alarm x Topic', 'A > Topic', 'Topic > B'], ['Topic > B']],
    ['unless only alarms publish to it', ['Alarm x Topic', 'Topic > B'], []],
  ])('a node from a topic %s', (_, calls, expected) => {
    const recordings: Recordings = { Alarm: 'never', A: 'yes', Topic: 'yes', B: 'no' };
    expect(reachLines('incoming', recordings, calls)).toEqual(expected);
  });
});

test.each<[string, Recordings, string[], string[]]>([
  ['of a caller', { A: 'yes', B: 'no', C: 'no' }, ['C > B', 'B > A'], ['B > A', 'C > B > A']],
  ['none of a called node', { A: 'yes', B: 'no' }, ['A > B'], []],
  ['of a caller under a condition', { A: BY_PROD, B: 'no' }, ['B > A'], ['B > A if Prod']],
])('finds the nearest recording node downstream: %s', (_, recordings, calls, expected) => {
  expect(reachLines('outgoing', recordings, calls)).toEqual(expected);
});
