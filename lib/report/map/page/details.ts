import { element, type VirtualElement } from '../draw/element';
import { breakIcon, stateIcon } from '../draw/symbols';
import type { UnitEdge } from '../layout/units';
import { describeCall, describeState, explainCall, lookOfState } from '../wording';
import {
  costSection,
  expectedTraceSection,
  memorySection,
  modeSection,
  permissionSection,
  section,
  versionSection,
} from './details-sections';
import { button, documentation, position, unitButton } from './parts';
import { problemText } from './problems';
import type { PageState } from './state';

/** Returns the details of a unit: a heading and a section for each topic. */
export function unitDetails(unit: number, state: PageState): VirtualElement[] {
  const { index, document } = state;
  const own = index.units[unit];
  const { node, function: fn } = own;
  const { title, source } = document.services[node.kind];
  const text = describeState(own);
  const look = lookOfState(node.state);
  const stack = index.stackOf(own);
  return [
    ...heading(index.labelOf(unit)),
    element('p.muted', {}, `${title}, ${stack ? `in ${stack.name}` : 'outside of the templates'}`),
    stack &&
      element(
        'p',
        {},
        element('code', {}, node.logicalId ?? ''),
        ' ',
        position({ stack: stack.id, line: node.line, source: node.source }, state),
      ),
    text === ''
      ? undefined
      : element(`p.state-box.${look}`, {}, stateIcon(look), element('strong', {}, text)),
    ...explanations(unit, state).map((explanation) => element('p', {}, explanation)),
    ...hint(unit, state),
    problemSection(state, (nodes) => nodes.some((id) => index.unitOf(id) === unit)),
    ...(fn
      ? [
          modeSection(fn, state),
          permissionSection(fn),
          versionSection(fn, state),
          memorySection(fn),
          ...costSection(fn),
        ]
      : []),
    section('Called by', ...callList(index.incoming(unit), 'from', state, 'No callers in the templates.')),
    section('Calls', ...callList(index.outgoing(unit), 'to', state, 'No calls in the templates.')),
    ...(fn ? [expectedTraceSection(fn, state)] : []),
    section('AWS documentation', element('p', {}, documentation(source.url, source.title))),
  ].filter((content) => content !== undefined);
}

function heading(title: string): VirtualElement[] {
  return [
    button({ class: 'back', 'data-act': 'problems' }, '← Problems'),
    element('h2', { tabindex: -1, id: 'panel-title' }, title),
  ];
}

/** Explains a state that is not as the mode lets one expect. */
function explanations(unit: number, { index, document }: PageState): string[] {
  const { node, run } = index.units[unit];
  return [
    ...(node.isGap
      ? [
          'The function is on a traced path, but not traced. Its two nodes are missing in traces, and what it calls is disconnected from the trace.',
        ]
      : []),
    ...(node.isNeverSampled ? ['Its callers decide not to sample, so it is probably not recorded.'] : []),
    ...(document.services[node.kind].isUnsupported
      ? ['X-Ray cannot trace the functions that it invokes.']
      : []),
    ...(run
      ? [`X-Ray's map shows two nodes: AWS::Lambda for the service, and AWS::Lambda::Function for the code.`]
      : []),
  ];
}

/** Returns the setting that turns tracing on, unless it is on or X-Ray does not support it. */
function hint(unit: number, state: PageState): VirtualElement[] {
  const { tracingProperty, recording, state: own } = state.index.units[unit].node;
  if (!tracingProperty || recording === 'yes' || own === 'not traceable') return [];
  const { property, value, logicalId } = tracingProperty;
  const setting = element('code', {}, `${property}: ${value}`);
  const at = position(tracingProperty, state);
  return [
    element(
      'p.hint',
      {},
      'To turn tracing on, set ',
      setting,
      ' on ',
      element('code', {}, logicalId),
      ' at ',
      at,
    ),
  ];
}

/** Returns the details of calls from one card to another: the effect on the trace, the reason and the position. */
export function callDetails(calls: readonly number[], state: PageState): VirtualElement[] {
  const { index, document } = state;
  const own = index.edges.filter((call) => calls.includes(call.index));
  return own.flatMap((call, i) => {
    const { from, to, edge } = call;
    const [caller, called] = [index.labelOf(from), index.labelOf(to)];
    const { source } = document.services[index.units[from].node.kind];
    const made = [...edge.sources, ...edge.through].map((resource) =>
      element(
        'li',
        {},
        element('code', {}, resource.type),
        ' ',
        element('code', {}, resource.logicalId),
        ' ',
        position(resource, state),
      ),
    );
    return [
      ...(i === 0 ? heading(`${caller} → ${called}`) : [element('h2', {}, `${caller} → ${called}`)]),
      element(
        `p.state-box.${edge.isBroken ? 'gap' : 'plain'}`,
        {},
        edge.isBroken ? breakIcon() : undefined,
        element('strong', {}, describeCall(edge)),
      ),
      element('p', {}, explainCall(call, index)),
      problemSection(state, (_, at) => at === call.index),
      section('Ends', element('p', {}, unitButton(from, state), ' → ', unitButton(to, state))),
      section('Set up by', element('ul.plain', {}, ...made)),
      section('AWS documentation', element('p', {}, documentation(source.url, source.title))),
    ].filter((content) => content !== undefined);
  });
}

function problemSection(
  state: PageState,
  isOwn: (nodes: readonly string[], edge: number | undefined) => boolean,
): VirtualElement | undefined {
  const own = state.document.problems.filter(
    ({ nodes, edge, finding }) => finding !== undefined && isOwn(nodes, edge),
  );
  if (own.length === 0) return undefined;
  const items = own.map((problem) =>
    element(
      'li',
      { class: `problem ${problem.severity} ${problem.status === 'accepted' ? 'accepted' : ''}` },
      element('strong', {}, `${problem.severity}: ${problem.problem}`),
      ...problemText(problem, true, state),
    ),
  );
  return section('Findings', element('ul.problems', {}, ...items));
}

/** Lists calls with their effect on the trace. */
export function callList(
  calls: readonly UnitEdge[],
  end: 'from' | 'to',
  state: PageState,
  placeholder?: string,
): VirtualElement[] {
  if (calls.length === 0) return placeholder === undefined ? [] : [element('p.muted', {}, placeholder)];
  const items = calls.map((call) =>
    element(
      call.edge.isBroken ? 'li.broken' : 'li',
      {},
      unitButton(call[end], state),
      ': ',
      button({ 'data-calls': call.index }, `${call.edge.isBroken ? '✕ ' : ''}${describeCall(call.edge)}`),
    ),
  );
  return [element('ul.plain.calls', {}, ...items)];
}
