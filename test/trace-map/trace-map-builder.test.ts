import { ALWAYS, type Assumptions } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import type { TraceNode } from '../../lib/trace-map/trace-map';
import { addToEdge, type EdgeDraft } from '../../lib/trace-map/trace-map-builder';
import { stack } from '../rules/templates';

type CallState = Pick<EdgeDraft, 'propagation' | 'isCertain' | 'when' | 'isAuthorization'>;

const [TEMPLATE] = Resolver.of([stack('t', { First: { Type: 'X' }, Second: { Type: 'X' } })]).templates;
const FIRST = TEMPLATE.resources.get('First')!;
const SECOND = TEMPLATE.resources.get('Second')!;
const NODE: TraceNode = {
  id: 'node',
  kind: 'queue',
  name: 'node',
  recording: 'never',
  recordings: [],
  incoming: [],
  outgoing: [],
};

const P: Assumptions = { P: true };
const Q: Assumptions = { Q: true };

const certain = (effect: CallState['propagation'], ...when: Assumptions[]): CallState => ({
  propagation: effect,
  isCertain: true,
  when: when.length > 0 ? when : [ALWAYS],
  isAuthorization: false,
});
const possible = (effect: CallState['propagation'], ...when: Assumptions[]): CallState => ({
  ...certain(effect, ...when),
  isCertain: false,
});

function draft(said: CallState): EdgeDraft {
  return { from: NODE, to: NODE, sources: [FIRST], through: [], ...said };
}

test.each<[what: string, known: CallState, more: CallState, expected: CallState]>([
  ['keeps an equal call', certain('links'), certain('links'), certain('links')],
  ['adds a case', certain('links', P), certain('links', Q), certain('links', P, Q)],
  ['ignores a case of an unconditional call', certain('links'), certain('links', P), certain('links')],
  ['adds a case of a possible call', possible('links', P), possible('links', Q), possible('links', P, Q)],
  ['prefers a certain call in one case', possible('links'), certain('links', P), certain('links', P)],
  [
    'prefers a certain call that keeps less of the trace',
    possible('starts'),
    certain('breaks', P),
    certain('breaks', P),
  ],
  [
    'ignores a possible call if there is a certain one',
    certain('links', P),
    possible('links', Q),
    certain('links', P),
  ],
  [
    'ignores a possible call that keeps more of the trace',
    certain('breaks', P),
    possible('starts', Q),
    certain('breaks', P),
  ],
  [
    'prefers the call that keeps more of the trace',
    certain('breaks', P),
    certain('propagates', Q),
    certain('propagates', Q),
  ],
  [
    'prefers the call that starts a trace',
    certain('propagates', P),
    certain('starts', Q),
    certain('starts', Q),
  ],
  [
    'ignores a call that keeps less of the trace',
    certain('propagates', P),
    certain('links', Q),
    certain('propagates', P),
  ],
  ['ignores a call that breaks the trace', certain('links', P), certain('breaks', Q), certain('links', P)],
])('addToEdge %s', (_, known, more, expected) => {
  const edge = draft(known);
  addToEdge(edge, SECOND, more);
  expect(edge).toEqual({ ...draft(expected), sources: [FIRST, SECOND] });
});

test('a resource is listed once as the source of an edge', () => {
  const edge = draft(certain('links'));
  addToEdge(edge, FIRST, certain('links'));
  expect(edge.sources).toEqual([FIRST]);
});

test.each([
  [true, true, true],
  [true, false, false],
  [false, true, false],
])('authorization: %s, and %s, is %s', (known, more, expected) => {
  const edge = draft({ ...certain('propagates'), isAuthorization: known });
  addToEdge(edge, SECOND, { ...certain('propagates'), isAuthorization: more });
  expect(edge.isAuthorization).toBe(expected);
});
