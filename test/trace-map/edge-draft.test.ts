import { ALWAYS, type Assumptions } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import { addToEdge, type EdgeDraft } from '../../lib/trace-map/edge-draft';
import type { TraceNode } from '../../lib/trace-map/trace-map';
import { stack } from '../rules/templates';

type Said = Pick<EdgeDraft, 'propagation' | 'isCertain' | 'when' | 'isAuthorization'>;

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

const surely = (effect: Said['propagation'], ...when: Assumptions[]): Said => ({
  propagation: effect,
  isCertain: true,
  when: when.length > 0 ? when : [ALWAYS],
  isAuthorization: false,
});
const perhaps = (effect: Said['propagation'], ...when: Assumptions[]): Said => ({
  ...surely(effect, ...when),
  isCertain: false,
});

function draft(said: Said): EdgeDraft {
  return { from: NODE, to: NODE, sources: [FIRST], through: [], ...said };
}

test.each<[what: string, known: Said, more: Said, expected: Said]>([
  ['the same', surely('links'), surely('links'), surely('links')],
  ['the same in another case', surely('links', P), surely('links', Q), surely('links', P, Q)],
  ['the same in one case, which is always so', surely('links'), surely('links', P), surely('links')],
  ['that it may be, in another case', perhaps('links', P), perhaps('links', Q), perhaps('links', P, Q)],
  ['that it is sure, in a case', perhaps('links'), surely('links', P), surely('links', P)],
  ['that it is sure, and keeps less', perhaps('starts'), surely('breaks', P), surely('breaks', P)],
  ['that it may be, which is sure', surely('links', P), perhaps('links', Q), surely('links', P)],
  ['that it may be, and keeps more', surely('breaks', P), perhaps('starts', Q), surely('breaks', P)],
  ['what keeps more', surely('breaks', P), surely('propagates', Q), surely('propagates', Q)],
  ['what keeps most', surely('propagates', P), surely('starts', Q), surely('starts', Q)],
  ['what keeps less', surely('propagates', P), surely('links', Q), surely('propagates', P)],
  ['what keeps nothing', surely('links', P), surely('breaks', Q), surely('links', P)],
])('another resource says of a call %s', (_, known, more, expected) => {
  const edge = draft(known);
  addToEdge(edge, SECOND, more);
  expect(edge).toEqual({ ...draft(expected), sources: [FIRST, SECOND] });
});

test('a resource that says a thing twice makes the call once', () => {
  const edge = draft(surely('links'));
  addToEdge(edge, FIRST, surely('links'));
  expect(edge.sources).toEqual([FIRST]);
});

test.each([
  [true, true, true],
  [true, false, false],
  [false, true, false],
])('authorization: %s, and %s, is %s', (known, more, expected) => {
  const edge = draft({ ...surely('propagates'), isAuthorization: known });
  addToEdge(edge, SECOND, { ...surely('propagates'), isAuthorization: more });
  expect(edge.isAuthorization).toBe(expected);
});
