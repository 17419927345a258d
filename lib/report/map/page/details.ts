import { count } from '../../wording';
import { h, type Value, type VirtualElement } from '../draw/element';
import { problemIcon, stateIcon } from '../draw/symbols';
import type { UnitEdge } from '../layout/units';
import { describeCall, describeState, explainCall, lookOfState, NO_FUNCTIONS } from '../wording';
import { functionSections, section } from './details-sections';
import { button, documentation, position, unitButton } from './parts';
import { problemText } from './problems';
import type { PageState } from './state';

/** Returns the details of a unit: a heading and a section for each topic. */
export function unitDetails(unit: number, state: PageState): Value {
  const { index, document } = state;
  const own = index.units[unit];
  const { node, function: fn } = own;
  const { title, source } = document.services[node.kind];
  const text = describeState(own);
  const look = lookOfState(node.state);
  const stack = index.stackOf(node);
  const at = stack && position({ stack: stack.id, line: node.line, source: node.source }, state);
  return [
    heading(index.labelOf(unit)),
    h`<p class="muted">${title}, ${stack ? `in ${stack.name}` : 'outside of the templates'}</p>`,
    at && h`<p><code>${node.logicalId ?? ''}</code> ${at}</p>`,
    text !== '' && h`<p class="state-box ${look}">${stateIcon(look)}<strong>${text}</strong></p>`,
    explanations(unit, state).map((explanation) => h`<p>${explanation}</p>`),
    hint(unit, state),
    findings(state, (nodes) => nodes.some((id) => index.unitOf(id) === unit)),
    section('Called by', callList(index.incoming[unit], 'from', state, 'No callers in the templates.')),
    section('Calls', callList(index.outgoing[unit], 'to', state, 'No calls in the templates.')),
    fn && functionSections(fn, state),
    section('AWS documentation', h`<p>${documentation(source.url, source.title)}</p>`),
  ];
}

function heading(title: string): Value {
  return [
    button({ class: 'back', 'data-act': 'problems' }, '← Problems'),
    h`<h2 tabindex="-1" id="panel-title">${title}</h2>`,
  ];
}

/** Explains a state that is not as the mode lets one expect, and X-Ray's two nodes of a function. */
function explanations(unit: number, { index, document }: PageState): string[] {
  const { node, run } = index.units[unit];
  const texts: readonly (readonly [boolean | undefined, string])[] = [
    [
      node.isGap,
      'The function is on a traced path, but not traced. Its two nodes are missing in traces, and what it calls is disconnected from the trace.',
    ],
    [node.isNeverSampled, 'Its callers decide not to sample, so it is probably not recorded.'],
    [document.services[node.kind].isUnsupported, 'X-Ray cannot trace the functions that it invokes.'],
    [
      run !== undefined,
      "X-Ray's map shows two nodes: AWS::Lambda for the service, and AWS::Lambda::Function for the code.",
    ],
  ];
  return texts.flatMap(([applies, text]) => (applies ? [text] : []));
}

/** Returns the setting that turns tracing on, unless it is on or X-Ray does not support it. */
function hint(unit: number, state: PageState): Value {
  const { tracingProperty, recording, state: own } = state.index.units[unit].node;
  if (!tracingProperty || recording === 'yes' || own === 'not traceable') return undefined;
  const { property, value, logicalId } = tracingProperty;
  return h`
    <p class="hint">
      To turn tracing on, set <code>${property}: ${value}</code> on <code>${logicalId}</code> at ${' '}
      ${position(tracingProperty, state)}
    </p>`;
}

/** Returns the details of calls from one card to another: the effect on the trace, the reason and the position. */
export function callDetails(calls: readonly number[], state: PageState): Value {
  const { index, document } = state;
  return calls.map((own, i) => {
    const call = index.callOf(own);
    const { from, to, edge } = call;
    const title = `${index.labelOf(from)} → ${index.labelOf(to)}`;
    const { source } = document.services[index.units[from].node.kind];
    const made = [...edge.sources, ...edge.through].map(
      (by) => h`<li><code>${by.type}</code> <code>${by.logicalId}</code> ${position(by, state)}</li>`,
    );
    return [
      i === 0 ? heading(title) : h`<h2>${title}</h2>`,
      h`
        <p class="state-box ${edge.isBroken ? 'gap' : 'plain'}">
          ${edge.isBroken && problemIcon(undefined)}<strong>${describeCall(edge)}</strong>
        </p>`,
      h`<p>${explainCall(call, index)}</p>`,
      findings(state, (_, at) => at === call.index),
      section('Ends', h`<p>${unitButton(from, state)} → ${unitButton(to, state)}</p>`),
      section('Set up by', h`<ul class="plain">${made}</ul>`),
      section('AWS documentation', h`<p>${documentation(source.url, source.title)}</p>`),
    ];
  });
}

function findings(
  state: PageState,
  isOwn: (nodes: readonly string[], edge: number | undefined) => boolean,
): VirtualElement | undefined {
  const own = state.document.problems.filter(
    ({ nodes, edge, finding }) => finding !== undefined && isOwn(nodes, edge),
  );
  if (own.length === 0) return undefined;
  const items = own.map(
    (one) => h`
    <li class="problem ${one.severity} ${one.status === 'accepted' ? 'accepted' : ''}">
      <strong>${one.severity}: ${one.problem}</strong>
      ${problemText(one, true, state)}
    </li>`,
  );
  return section('Findings', h`<ul class="problems">${items}</ul>`);
}

/** Number of calls that are explained in short. */
const MAX_EXPLAINED = 3;

/** Explains the calls of an edge in short: the effect on the trace, the reason and the position. */
export function tipText(calls: readonly number[], { index }: PageState): VirtualElement[] {
  const own = calls.slice(0, MAX_EXPLAINED).map((call) => index.callOf(call));
  return own.map((call) => {
    const { from, to, edge } = call;
    const [source] = edge.sources;
    const title = `${index.labelOf(from)} → ${index.labelOf(to)}: ${describeCall(edge)}. `;
    const at = source && h`<code> ${index.formatLocation(source)}</code>`;
    return h`<p><strong>${title}</strong>${explainCall(call, index)}${at}</p>`;
  });
}

/** Lists calls with their effect on the trace. */
function callList(
  calls: readonly UnitEdge[],
  end: 'from' | 'to',
  state: PageState,
  placeholder?: string,
): Value {
  if (calls.length === 0) return placeholder !== undefined && h`<p class="muted">${placeholder}</p>`;
  const items = calls.map((call) => {
    const { index, edge } = call;
    const effect = `${edge.isBroken ? '✕ ' : ''}${describeCall(edge)}`;
    return h`
      <li class="${edge.isBroken ? 'broken' : ''}">
        ${unitButton(call[end], state)}: ${button({ 'data-calls': index }, effect)}
      </li>`;
  });
  return h`<ul class="plain">${items}</ul>`;
}

/** Returns the map as lists: the nodes of each stack with their states and calls. */
export function listView(state: PageState): Value {
  const { layout, view, index } = state;
  if (index.units.length === 0) return h`<p>${NO_FUNCTIONS}</p>`;
  const matches = layout.groups.map(({ units }) => units.filter((unit) => state.isMatching(unit)));
  if (matches.every(({ length }) => length === 0)) return h`<p>No matching nodes.</p>`;
  return layout.groups.map(({ name }, group) => {
    const units = matches[group];
    const isOpen = view.expanded.has(group);
    const title = `${name} (${count(units.length, 'node')})`;
    const toggle = { 'data-group': group, 'aria-expanded': String(isOpen) };
    return (
      units.length > 0 && [
        h`<h2>${button(toggle, title)}</h2>`,
        isOpen && h`<ul class="nodes">${units.map((unit) => listedUnit(unit, state))}</ul>`,
      ]
    );
  });
}

function listedUnit(unit: number, state: PageState): VirtualElement {
  const own = state.index.units[unit];
  const text = describeState(own);
  const { title } = state.document.services[own.node.kind];
  return h`
    <li>
      ${unitButton(unit, state)}<span class="muted"> ${title}${text === '' ? '' : `: ${text}`}</span>
      ${callList(state.index.outgoing[unit], 'to', state)}
    </li>`;
}
