import { ALWAYS, type Assumptions } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import type { TraceNode } from '../../lib/trace-map/trace-map';
import { addTo, type EdgeDraft } from '../../lib/trace-map/trace-map-builder';
import { stack } from '../rules/templates';

type Said = Pick<EdgeDraft, 'effect' | 'isCertain' | 'when' | 'isAuthorization'>;

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

const surely = (effect: Said['effect'], ...when: Assumptions[]): Said => ({
  effect,
  isCertain: true,
  when: when.length > 0 ? when : [ALWAYS],
  isAuthorization: false,
});
const perhaps = (effect: Said['effect'], ...when: Assumptions[]): Said => ({
  ...surely(effect, ...when),
  isCertain: false,
});

function draft(said: Said): EdgeDraft {
  return { from: NODE, to: NODE, by: [FIRST], through: [], ...said };
}

test.each<[what: string, known: Said, more: Said, expected: Said]>([
  ['the same', surely('links'), surely('links'), surely('links')],
  ['the same in another case', surely('links', P), surely('links', Q), surely('links', P, Q)],
  ['the same in one case, which is always so', surely('links'), surely('links', P), surely('links')],
  ['that it may be, in another case', perhaps('links', P), perhaps('links', Q), perhaps('links', P, Q)],
  ['that it is sure, in a case', perhaps('links'), surely('links', P), surely('links', P)],
  ['that it is sure, and keeps less', perhaps('starts'), surely('drops', P), surely('drops', P)],
  ['that it may be, which is sure', surely('links', P), perhaps('links', Q), surely('links', P)],
  ['that it may be, and keeps more', surely('drops', P), perhaps('starts', Q), surely('drops', P)],
  ['what keeps more', surely('drops', P), surely('carries', Q), surely('carries', Q)],
  ['what keeps most', surely('carries', P), surely('starts', Q), surely('starts', Q)],
  ['what keeps less', surely('carries', P), surely('links', Q), surely('carries', P)],
  ['what keeps nothing', surely('links', P), surely('drops', Q), surely('links', P)],
])('another resource says of a call %s', (_, known, more, expected) => {
  const edge = draft(known);
  addTo(edge, SECOND, more);
  expect(edge).toEqual({ ...draft(expected), by: [FIRST, SECOND] });
});

test('a resource that says a thing twice makes the call once', () => {
  const edge = draft(surely('links'));
  addTo(edge, FIRST, surely('links'));
  expect(edge.by).toEqual([FIRST]);
});

test.each([
  [true, true, true],
  [true, false, false],
  [false, true, false],
])('authorization: %s, and %s, is %s', (known, more, expected) => {
  const edge = draft({ ...surely('carries'), isAuthorization: known });
  addTo(edge, SECOND, { ...surely('carries'), isAuthorization: more });
  expect(edge.isAuthorization).toBe(expected);
});
