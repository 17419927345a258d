import { count, INVOCATIONS } from '../../wording';
import type { ExpectedTrace, MapAlias, MapFunction, MapVersion, TracePart } from '../document';
import { h, type Value, type VirtualElement } from '../draw/element';
import { problemIcon, stateIcon } from '../draw/symbols';
import type { UnitEdge } from '../layout/units';
import {
  describeCall,
  describeMode,
  describeState,
  explainCall,
  lookOfState,
  NO_FUNCTIONS,
} from '../wording';
import { button, documentation, position, problemText, unitButton } from './problems';
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
    explanations(unit, state),
    hint(unit, state),
    findings(state, (nodes) => nodes.some((id) => index.unitOf(id) === unit)),
    section('Called by', callList(index.incoming[unit], 'from', state, 'No callers in the templates.')),
    section('Calls', callList(index.outgoing[unit], 'to', state, 'No calls in the templates.')),
    fn && [
      modeSection(fn, state),
      permissionSection(fn),
      versionSection(fn, state),
      memorySection(fn),
      costSection(fn),
      expectedTraceSection(fn, state),
    ],
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
function explanations(unit: number, { index, document }: PageState): Value {
  const { node, run } = index.units[unit];
  const gap =
    'The function is on a traced path, but not traced. Its two nodes are missing in traces, and what it calls is disconnected from the trace.';
  const nodes =
    "X-Ray's map shows two nodes: AWS::Lambda for the service, and AWS::Lambda::Function for the code.";
  return [
    node.isGap && h`<p>${gap}</p>`,
    node.isNeverSampled && h`<p>Its callers decide not to sample, so it is probably not recorded.</p>`,
    document.services[node.kind].isUnsupported && h`<p>X-Ray cannot trace the functions that it invokes.</p>`,
    run && h`<p>${nodes}</p>`,
  ];
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

/** Returns a section of the panel with a heading. */
function section(title: string, ...contents: readonly Value[]): VirtualElement {
  return h`<section><h3>${title}</h3>${contents}</section>`;
}

/** Shows the expected trace of a function for each invocation type. */
function expectedTraceSection(
  { traces, mode, eventSources, service }: MapFunction,
  { index }: PageState,
): Value {
  const unsupported = eventSources.filter(({ isUnsupported }) => isUnsupported);
  const name = index.labelOf(index.unitOf(service) ?? 0);
  return section(
    'Expected trace',
    mode !== 'Active' && h`<p class="muted">With active tracing:</p>`,
    unsupported.map(
      ({ title, logicalId }) =>
        h`<p>None for events from ${title} (<code>${logicalId}</code>), which X-Ray does not support.</p>`,
    ),
    traces.map(({ trace }) => traceForms(index.document.traces[trace], name)),
  );
}

function traceForms({ invocation, newForm, oldForm, notes }: ExpectedTrace, name: string): VirtualElement {
  const timeline = (parts: readonly TracePart[]) =>
    h`<ol class="timeline">${parts.map((part) => traceRow(part, name))}</ol>`;
  return h`
    <div class="expected-trace">
      <h4>Invoked ${INVOCATIONS[invocation]}</h4>
      ${notes.map((note) => h`<p class="muted">${note}</p>`)}
      <details open=""><summary>New form</summary>${timeline(newForm)}</details>
      <details><summary>Old form</summary>${timeline(oldForm)}</details>
    </div>`;
}

/** Shows a segment or subsegment with a bar for its time span, and the parts of it. */
function traceRow(
  { name, origin, about, only, span, annotations, parts }: TracePart,
  fn: string,
): VirtualElement {
  const [start, end] = span;
  const kind = origin === 'AWS::Lambda' ? 'service' : origin ? 'function' : 'subsegment';
  const terms = Object.entries(annotations ?? {}).map(([key, value]) => [
    h`<dt><code>${key}</code></dt>`,
    h`<dd>${value}</dd>`,
  ]);
  return h`
    <li>
      <div class="part">
        <span>
          <strong>${name ?? fn}</strong>
          ${origin !== undefined && h`<code>${origin}</code>`}
          <span class="muted"> ${about}${only === undefined ? '' : `, ${only}`}</span>
        </span>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="track" width="100" height="6"/>
          <rect class="bar ${only === undefined ? '' : 'at-times'} ${kind}"
            x=${start} width=${Math.max(1, end - start)} height="6"/>
        </svg>
      </div>
      ${terms.length > 0 && h`<dl class="annotations">${terms}</dl>`}
      ${parts.length > 0 && h`<ol>${parts.map((part) => traceRow(part, fn))}</ol>`}
    </li>`;
}

/** Shows the recorded requests of a function and their cost, if the request rate is known. */
function costSection({ cost }: MapFunction): Value {
  if (!cost) return undefined;
  const { requestsPerSecond, recordedPerMonth, usdPerMonth } = cost;
  const [rate, recorded] = [requestsPerSecond, recordedPerMonth].map((number) => number.toLocaleString('en'));
  const price =
    usdPerMonth === undefined
      ? 'The cost is counted at the caller that makes the sampling decision.'
      : `X-Ray charges USD ${usdPerMonth.toFixed(2)} for them, before the free tier.`;
  return section(
    'Cost',
    h`<p>At ${rate} requests per second, X-Ray records <strong>${recorded}</strong> requests a month.</p>`,
    h`<p class="muted">${price}</p>`,
  );
}

/** Shows the memory that the X-Ray daemon leaves to a function. */
function memorySection({ memory, mode }: MapFunction): Value {
  const sizes = memory.map(
    ({ total, daemon, left }) =>
      h`<li><strong>${left} MB</strong> of ${total} MB are left: the daemon can take ${daemon} MB.</li>`,
  );
  return section(
    'Memory beside the daemon',
    sizes.length === 0
      ? h`<p class="muted">The memory size is unknown.</p>`
      : h`<ul class="plain">${sizes}</ul>`,
    !['Active', 'Unknown'].includes(mode) &&
      h`<p class="muted">The daemon runs only with active tracing.</p>`,
  );
}

/** Shows the tracing mode of a function and its location. */
function modeSection(fn: MapFunction, state: PageState): Value {
  const { mode, modeProperty, modeSetAt, isEdgeFunction } = fn;
  const origin = modeSetAt
    ? [' set at ', position(modeSetAt, state)]
    : [': the default is PassThrough. ', h`<code>${modeProperty}</code>`, ' is not set.'];
  const unknown = 'The mode depends on parameters or conditions, or is not a mode of Lambda.';
  return section(
    'Tracing mode',
    h`<p><strong>${describeMode(fn)}</strong>${origin}</p>`,
    mode === 'Unknown' && modeSetAt && h`<p class="muted">${unknown}</p>`,
    isEdgeFunction && h`<p>CloudFront runs it as a Lambda@Edge function, which X-Ray cannot trace.</p>`,
  );
}

const STATES: Readonly<Record<MapFunction['permissions']['state'], string>> = {
  granted: 'Its role allows writing to X-Ray.',
  missing: 'Its role does not allow writing to X-Ray, so its traces are lost without an error.',
  unknown: 'The templates do not show whether its role allows writing to X-Ray.',
};

/** Shows whether a function's role can write traces, and the policies that allow it. */
function permissionSection({ permissions }: MapFunction): Value {
  const { state, missing, policies = [] } = permissions;
  return section(
    'Permission to write traces',
    h`<p class="permission ${state}">${STATES[state]}</p>`,
    codes('Missing: ', missing),
    codes('Allowed by ', policies),
  );
}

function codes(label: string, names: readonly string[]): Value {
  const listed = names.map((name, i) => [i === 0 ? '' : ', ', h`<code>${name}</code>`]);
  return names.length > 0 && h`<p>${label}${listed}.</p>`;
}

const PUBLISHING: Readonly<Record<MapVersion['publishesOnModeChange'], string>> = {
  'by the template': 'A change of the mode publishes a new version.',
  'at deployment': 'A change of the mode, including by a parameter, publishes a new version.',
  no: 'A change of the mode publishes no new version.',
  unknown: 'It is unknown whether a change of the mode publishes a new version.',
};

/** Shows the versions and aliases of a function with their modes. */
function versionSection({ versions, aliases }: MapFunction, state: PageState): Value {
  const rows = [
    ...versions.map((version) => versionRow(version, state)),
    ...aliases.map((alias) => aliasRow(alias, state)),
  ];
  const none = h`<p class="muted">None: callers invoke $LATEST.</p>`;
  return section('Versions and aliases', rows.length === 0 ? none : h`<ul>${rows}</ul>`);
}

function versionRow(version: MapVersion, state: PageState): VirtualElement {
  const { logicalId, modes, publishesOnModeChange, staleModes } = version;
  const text = ` has the mode ${modes.join(' or ') || 'unknown'}. ${PUBLISHING[publishesOnModeChange]}`;
  return h`<li>Version <code>${logicalId}</code> ${position(version, state)}${text}${staleness(staleModes)}</li>`;
}

function aliasRow(alias: MapAlias, state: PageState): VirtualElement {
  const { logicalId, versions, staleModes } = alias;
  const targets = versions.map(({ logicalId: id, number, modes, isAdditional }, i) => [
    i === 0 ? ' points to ' : ' and to ',
    id === undefined ? (number === undefined ? 'a version' : `version ${number}`) : h`<code>${id}</code>`,
    ` (${modes.join(' or ') || 'unknown'}${isAdditional ? ', a part of the traffic' : ''})`,
  ]);
  const points = targets.length > 0 ? targets : ' points to an unknown version';
  return h`<li>Alias <code>${logicalId}</code> ${position(alias, state)}${points}.${staleness(staleModes)}</li>`;
}

function staleness(modes: readonly string[]): Value {
  return modes.length > 0 && h`<strong> It stays on ${modes.join(' or ')}, the previous mode.</strong>`;
}
