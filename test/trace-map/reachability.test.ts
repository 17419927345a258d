import type { Possible } from '../../lib/cloudformation/possible';
import { nearestRecording, type Reach } from '../../lib/trace-map/reachability';
import type { Recording } from '../../lib/trace-map/trace-map';
import { mapFromSketch, type Recordings } from './map-from-sketch';

type Direction = 'incoming' | 'outgoing';

/** Where a condition holds, and where it doesn't. */
const BY_PROD: readonly Possible<Recording>[] = [
  { value: 'yes', when: { Prod: true } },
  { value: 'no', when: { Prod: false } },
];

/** The ways to what doesn't record, a line each, on a map that is drawn as `mapFromSketch` says. */
function ways(direction: Direction, recordings: Recordings, calls: readonly string[]): string[] {
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

describe('what records hands traces on to', () => {
  test.each<[string, Recordings, string[], string[]]>([
    ['what it calls', { A: 'yes', B: 'no' }, ['A > B'], ['A > B']],
    ['what may record', { A: 'yes', B: 'unknown' }, ['A > B'], ['A > B']],
    ['what that calls', { A: 'yes', B: 'no', C: 'no' }, ['A > B', 'B > C'], ['A > B', 'A > B > C']],
    ['nothing that records itself', { A: 'yes', B: 'yes' }, ['A > B'], []],
    ['nothing that gets no header', { A: 'yes', B: 'no' }, ['A x B'], []],
    ['nothing that may be called', { A: 'yes', B: 'no' }, ['A ? B'], []],
    ['what is nearest to it', { A: 'yes', B: 'yes', C: 'no' }, ['A > B', 'B > C'], ['B > C']],
    ['what two call, once', { A: 'yes', B: 'yes', C: 'no' }, ['A > C', 'B > C'], ['A > C']],
    ['what calls it, not itself', { A: 'yes', B: 'no' }, ['A > B', 'B > A', 'B > B'], ['A > B']],
    [
      'what is called in a circle, once',
      { A: 'yes', B: 'no', C: 'no' },
      ['A > B', 'B > C', 'C > B'],
      ['A > B', 'A > B > C'],
    ],
    ['what it calls in a case', { A: 'yes', B: 'no' }, ['A > B if Prod'], ['A > B if Prod']],
    [
      'what two call, each in its case',
      { A: 'yes', B: 'yes', C: 'no' },
      ['A > C if Prod', 'B > C if !Prod'],
      ['A > C if Prod', 'B > C if !Prod'],
    ],
    [
      'what two call, one of them in any case',
      { A: 'yes', B: 'yes', C: 'no' },
      ['A > C', 'B > C if Prod'],
      ['A > C'],
    ],
    [
      'what is called in that case alone',
      { A: 'yes', B: 'no', C: 'no' },
      ['A > B if Prod', 'B > C if Big'],
      ['A > B if Prod', 'A > B > C if Prod, Big'],
    ],
    [
      'nothing that is called where it is not',
      { A: 'yes', B: 'no', C: 'no' },
      ['A > B if Prod', 'B > C if !Prod'],
      ['A > B if Prod'],
    ],
    ['what it calls where it records', { A: BY_PROD, B: 'no' }, ['A > B'], ['A > B if Prod']],
    ['what records nothing in a case', { A: 'yes', B: BY_PROD }, ['A > B'], ['A > B if !Prod']],
    ['nothing that records where it does', { A: BY_PROD, B: BY_PROD }, ['A > B'], []],
  ])('%s', (_, recordings, calls, expected) => {
    expect(ways('incoming', recordings, calls)).toEqual(expected);
  });

  test('what is called in more cases than are told apart, in the first eight', () => {
    const calls = Array.from({ length: 10 }, (_, i) => `A > B if C${i}`);
    expect(ways('incoming', { A: 'yes', B: 'no' }, calls)).toEqual(calls.slice(0, 8));
  });

  test('from a function, even if nothing of a trace comes to that', () => {
    const calls = ['Stream x A', 'A > B'];
    expect(ways('incoming', { Stream: 'never', A: 'yes', B: 'no' }, calls)).toEqual(['A > B']);
  });

  test.each<[string, string[], string[]]>([
    ['to which publishes what is in no template', ['Topic > B'], ['Topic > B']],
    ['to which one publishes that hands the trace on', ['A > Topic', 'Topic > B'], ['Topic > B']],
    ['to which alarms publish as well', ['Alarm x Topic', 'A > Topic', 'Topic > B'], ['Topic > B']],
    ['but not from one to which alarms alone publish', ['Alarm x Topic', 'Topic > B'], []],
  ])('from a topic %s', (_, calls, expected) => {
    const recordings: Recordings = { Alarm: 'never', A: 'yes', Topic: 'yes', B: 'no' };
    expect(ways('incoming', recordings, calls)).toEqual(expected);
  });
});

test.each<[string, Recordings, string[], string[]]>([
  ['what it calls', { A: 'yes', B: 'no', C: 'no' }, ['C > B', 'B > A'], ['B > A', 'C > B > A']],
  ['nothing that calls it', { A: 'yes', B: 'no' }, ['A > B'], []],
  ['what it calls in a case', { A: BY_PROD, B: 'no' }, ['B > A'], ['B > A if Prod']],
])('the next that records is %s', (_, recordings, calls, expected) => {
  expect(ways('outgoing', recordings, calls)).toEqual(expected);
});
