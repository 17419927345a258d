import { neverSampled } from '../../lib/trace-map/reachability';
import type { NodeKind, Propagation, Recording, TraceMap, TraceNode } from '../../lib/trace-map/trace-map';

/** A node: its kind and recording, and the facts about a function. */
type Node = readonly [kind: NodeKind, recording: Recording, fn?: object];

/** A call: its caller, effect on the trace, and target. A call that may not be made ends with a question mark. */
type Call = `${string} ${Propagation} ${string}`;

const ACTIVE: Node = ['function', 'yes', {}];
const OFF: Node = ['function', 'no', {}];
const UNKNOWN: Node = ['function', 'unknown', {}];
const STREAM: Node = ['stream', 'never'];
const QUEUE: Node = ['queue', 'never'];

function mapOf(
  nodes: Readonly<Record<string, Node>>,
  calls: readonly Call[],
  failed: readonly string[] = [],
): TraceMap {
  const made = Object.fromEntries(
    Object.entries(nodes).map(([name, [kind, recording, fn]]) => [
      name,
      { name, kind, recording, function: fn, incoming: [] as object[], outgoing: [] as object[] },
    ]),
  );
  for (const call of calls) {
    const [from, propagation, target] = call.split(' ');
    const to = target.replace('?', '');
    const edge = { from: made[from], to: made[to], propagation, isCertain: to === target };
    made[from].outgoing.push(edge);
    made[to].incoming.push(edge);
  }
  return {
    nodes: Object.values(made) as unknown as TraceNode[],
    openTargets: new Set(),
    failureTargets: new Set(failed.map((name) => made[name])),
  } as unknown as TraceMap;
}

/** Returns the functions that may record nothing, with the functions that decide. */
function found(...map: Parameters<typeof mapOf>): string[] {
  return [...neverSampled(mapOf(...map))].map(
    ([{ name }, deciding]) =>
      `${name} by ${deciding
        .map((node) => node.name)
        .sort()
        .join(' and ')}`,
  );
}

const CHAIN = { Clicks: STREAM, Filter: OFF, Worker: ACTIVE };
const CALLS: Call[] = ['Clicks breaks Filter', 'Filter starts Worker'];

test.each<[what: string, found: string[], ...Parameters<typeof mapOf>]>([
  ['a caller without tracing behind a stream', ['Worker by Filter'], CHAIN, CALLS],
  ['an Active caller', [], { ...CHAIN, Filter: ACTIVE }, CALLS],
  ['a caller whose mode is unknown', [], { ...CHAIN, Filter: UNKNOWN }, CALLS],
  ['a function that is not Active', [], { ...CHAIN, Worker: OFF }, CALLS],
  ['a function whose mode is unknown', [], { ...CHAIN, Worker: UNKNOWN }, CALLS],
  ['a function at the edge', [], { ...CHAIN, Worker: ['function', 'yes', { isEdgeFunction: true }] }, CALLS],
  [
    'an Active caller at the edge, which records nothing',
    ['Worker by Filter'],
    { ...CHAIN, Filter: ['function', 'yes', { isEdgeFunction: true }] },
    CALLS,
  ],
  ['a caller that nothing is known to call', [], { Filter: OFF, Worker: ACTIVE }, ['Filter starts Worker']],
  ['a caller that may not be called', [], CHAIN, ['Clicks breaks Filter?', 'Filter starts Worker']],
  ['a function that may not be called', [], CHAIN, ['Clicks breaks Filter', 'Filter starts Worker?']],
  ['failed events of another function', [], CHAIN, CALLS, ['Worker']],
  ['failed events of another function at the caller', [], CHAIN, CALLS, ['Filter']],
  [
    'a caller that others are permitted to call',
    [],
    { ...CHAIN, Worker: ['function', 'yes', { hasOtherCallers: true }] },
    CALLS,
  ],
  [
    'a permission that is for a queue',
    ['Worker by Filter'],
    { Clicks: STREAM, Filter: OFF, Jobs: QUEUE, Worker: ['function', 'yes', { hasOtherCallers: true }] },
    ['Clicks breaks Filter', 'Filter starts Jobs', 'Jobs links Worker'],
  ],
  [
    'a permission that is for a queue, or for another caller than the function',
    ['Worker by Filter'],
    { ...CHAIN, Jobs: QUEUE, Worker: ['function', 'yes', { hasOtherCallers: true }] },
    [...CALLS, 'Filter starts Jobs', 'Jobs links Worker'],
  ],
  [
    'a caller behind a service that clients call',
    [],
    { Api: ['rest-api', 'no'], Filter: OFF, Worker: ACTIVE },
    ['Api propagates Filter', 'Filter starts Worker'],
  ],
  [
    'a caller behind a traced state machine',
    [],
    { Nightly: ['schedule', 'never'], Flow: ['state-machine', 'yes'], Filter: OFF, Worker: ACTIVE },
    ['Nightly breaks Flow', 'Flow starts Filter', 'Filter starts Worker'],
  ],
  [
    'a caller behind a state machine whose tracing is unknown',
    [],
    { Nightly: ['schedule', 'never'], Flow: ['state-machine', 'unknown'], Filter: OFF, Worker: ACTIVE },
    ['Nightly breaks Flow', 'Flow starts Filter', 'Filter starts Worker'],
  ],
  [
    'a caller behind a state machine without tracing',
    ['Worker by Filter'],
    { Nightly: ['schedule', 'never'], Flow: ['state-machine', 'no'], Filter: OFF, Worker: ACTIVE },
    ['Nightly breaks Flow', 'Flow breaks Filter', 'Filter starts Worker'],
  ],
  [
    'a traced state machine that the caller starts: it decides like a client',
    [],
    { ...CHAIN, Flow: ['state-machine', 'yes'] },
    ['Clicks breaks Filter', 'Filter starts Flow', 'Flow starts Worker'],
  ],
  [
    'a traced topic, which records only what was sampled before',
    ['Worker by Filter'],
    { ...CHAIN, News: ['topic', 'yes'] },
    ['Clicks breaks Filter', 'Filter starts News', 'News propagates Worker'],
  ],
  [
    'a queue with an Active sender too',
    [],
    { ...CHAIN, More: STREAM, Other: ACTIVE, Jobs: QUEUE },
    [
      'Clicks breaks Filter',
      'More breaks Other',
      'Filter starts Jobs',
      'Other starts Jobs',
      'Jobs links Worker',
    ],
  ],
  [
    'a queue that breaks the trace, so that Lambda decides',
    [],
    { ...CHAIN, Jobs: QUEUE },
    ['Clicks breaks Filter', 'Filter starts Jobs', 'Jobs breaks Worker'],
  ],
  [
    'a topic without known publishers',
    [],
    { News: ['topic', 'no'], Filter: OFF, Worker: ACTIVE },
    ['News propagates Filter', 'Filter starts Worker'],
  ],
  [
    'two callers in a row, of which the first decides',
    ['Worker by First'],
    { Clicks: STREAM, First: OFF, Second: OFF, Worker: ACTIVE },
    ['Clicks breaks First', 'First starts Second', 'Second starts Worker'],
  ],
  [
    'two callers in a row that both receive requests without a decision',
    ['Worker by First and Second'],
    { Clicks: STREAM, First: OFF, Second: OFF, Worker: ACTIVE },
    ['Clicks breaks First', 'Clicks breaks Second', 'First starts Second', 'Second starts Worker'],
  ],
  [
    'a queue between two callers, which passes the decision on',
    ['Worker by First'],
    { Clicks: STREAM, First: OFF, Jobs: QUEUE, Second: OFF, Worker: ACTIVE },
    ['Clicks breaks First', 'First starts Jobs', 'Jobs links Second', 'Second starts Worker'],
  ],
  [
    'a queue that a stream fills too, so that the second caller also decides',
    ['Worker by First and Second'],
    { Clicks: STREAM, Files: ['bucket', 'never'], First: OFF, Jobs: QUEUE, Second: OFF, Worker: ACTIVE },
    [
      'Clicks breaks First',
      'First starts Jobs',
      'Files breaks Jobs',
      'Jobs links Second',
      'Second starts Worker',
    ],
  ],
  ['a function that only calls itself', [], { Worker: ACTIVE }, ['Worker starts Worker']],
  [
    'two Active functions that only call each other',
    [],
    { One: ACTIVE, Other: ACTIVE },
    ['One starts Other', 'Other starts One'],
  ],
  [
    'an Active function between the caller and another one',
    ['Middle by Filter', 'Worker by Filter'],
    { Clicks: STREAM, Filter: OFF, Middle: ACTIVE, Worker: ACTIVE },
    ['Clicks breaks Filter', 'Filter starts Middle', 'Middle starts Worker'],
  ],
  [
    'queues in a circle, which pass the decision on',
    ['Worker by Filter'],
    { Clicks: STREAM, Filter: OFF, Jobs: QUEUE, Again: QUEUE, Worker: ACTIVE },
    [
      'Clicks breaks Filter',
      'Filter starts Jobs',
      'Again links Jobs',
      'Jobs links Again',
      'Again links Worker',
    ],
  ],
])('%s', (_, expected, ...map) => {
  expect(found(...map).sort()).toEqual(expected);
});
