import { INVOCATIONS } from '../../wording';
import type { ExpectedTrace, MapAlias, MapFunction, MapVersion, TracePart } from '../document';
import { h, type Value, type VirtualElement } from '../draw/element';
import { describeMode } from '../wording';
import { position } from './parts';
import type { PageState } from './state';

/** Returns a section of the panel with a heading. */
export function section(title: string, ...contents: readonly Value[]): VirtualElement {
  return h`<section><h3>${title}</h3>${contents}</section>`;
}

/** Returns the sections on a function. */
export function functionSections(fn: MapFunction, state: PageState): Value {
  return [
    modeSection(fn, state),
    permissionSection(fn),
    versionSection(fn, state),
    memorySection(fn),
    costSection(fn),
    expectedTraceSection(fn, state),
  ];
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
  return h`
    <div class="expected-trace">
      <h4>Invoked ${INVOCATIONS[invocation]}</h4>
      ${notes.map((note) => h`<p class="muted">${note}</p>`)}
      <details open=""><summary>New form</summary>${timeline(newForm, name)}</details>
      <details><summary>Old form</summary>${timeline(oldForm, name)}</details>
    </div>`;
}

/** Shows segments and subsegments, each with a bar for its time span. */
function timeline(parts: readonly TracePart[], name: string): VirtualElement {
  return h`<ol class="timeline">${parts.map((part) => traceRow(part, name))}</ol>`;
}

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
    ({ total, daemon, left }) => h`
    <li>
      <strong>${left} MB</strong> of ${total} MB are left: the daemon can take ${daemon} MB.
      <span class="share" aria-hidden="true">
        <svg viewBox="0 0 100 6" preserveAspectRatio="none">
          <rect class="left" width="100" height="6"/>
          <rect class="daemon" width=${(100 * daemon) / total} height="6"/>
        </svg>
      </span>
    </li>`,
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
  const text = ` has the mode ${formatModes(modes)}. ${PUBLISHING[publishesOnModeChange]}`;
  return h`<li>Version <code>${logicalId}</code> ${position(version, state)}${text}${staleness(staleModes)}</li>`;
}

function aliasRow(alias: MapAlias, state: PageState): VirtualElement {
  const { logicalId, versions, staleModes } = alias;
  const targets = versions.map(({ logicalId: id, number, modes, isAdditional }, i) => [
    i === 0 ? ' points to ' : ' and to ',
    id === undefined ? (number === undefined ? 'a version' : `version ${number}`) : h`<code>${id}</code>`,
    ` (${formatModes(modes)}${isAdditional ? ', a part of the traffic' : ''})`,
  ]);
  const points = targets.length > 0 ? targets : ' points to an unknown version';
  return h`<li>Alias <code>${logicalId}</code> ${position(alias, state)}${points}.${staleness(staleModes)}</li>`;
}

function formatModes(modes: readonly string[]): string {
  return modes.length === 0 ? 'unknown' : modes.join(' or ');
}

function staleness(modes: readonly string[]): Value {
  return modes.length > 0 && h`<strong> It stays on ${modes.join(' or ')}, the previous mode.</strong>`;
}
