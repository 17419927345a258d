import type {
  MapAlias,
  MapAliasedVersion,
  MapFunction,
  MapVersion,
  ExpectedTrace,
  TracePart,
} from '../document';
import { type Content, element, type VirtualElement } from '../draw/element';
import { INVOCATIONS } from '../../wording';
import { describeMode } from '../wording';
import { position } from './parts';
import type { PageState } from './state';

/** Returns a section of the panel with a heading. */
export function section(title: string, ...contents: readonly (Content | undefined)[]): VirtualElement {
  return element('section', {}, element('h3', {}, title), ...contents);
}

/** Shows the expected trace of a function for each invocation type. */
export function expectedTraceSection(fn: MapFunction, { index }: PageState): VirtualElement {
  const { traces, mode, eventSources } = fn;
  const unsupported = eventSources.filter(({ isUnsupported }) => isUnsupported);
  const title = 'Expected trace';
  return section(
    title,
    ...(mode === 'Active' ? [] : [element('p.muted', {}, 'With active tracing:')]),
    ...unsupported.map(({ title: source, logicalId }) =>
      element(
        'p',
        {},
        `None for events from ${source} (`,
        element('code', {}, logicalId),
        '), which X-Ray does not support.',
      ),
    ),
    ...traces.map(({ trace }) =>
      traceForms(index.document.traces[trace], index.labelOf(index.unitOf(fn.service) ?? 0)),
    ),
  );
}

function traceForms({ invocation, newForm, oldForm, notes }: ExpectedTrace, name: string): VirtualElement {
  return element(
    'div.expected-trace',
    {},
    element('h4', {}, `Invoked ${INVOCATIONS[invocation]}`),
    ...notes.map((note) => element('p.muted', {}, note)),
    element('details', { open: '' }, element('summary', {}, 'New form'), timeline(newForm, name)),
    element('details', {}, element('summary', {}, 'Old form'), timeline(oldForm, name)),
  );
}

/** Shows segments and subsegments, each with a bar for its time span. */
function timeline(parts: readonly TracePart[], name: string): VirtualElement {
  return element('ol.timeline', {}, ...parts.map((part) => traceRow(part, name)));
}

function traceRow(
  { name, origin, about, only, span, annotations, parts }: TracePart,
  fn: string,
): VirtualElement {
  const [start, end] = span;
  return element(
    'li',
    {},
    element(
      'div.part',
      {},
      element(
        'span.words',
        {},
        element('strong', {}, name ?? fn),
        origin === undefined ? undefined : element('code', {}, origin),
        element('span.muted', {}, ` ${about}${only === undefined ? '' : `, ${only}`}`),
      ),
      element(
        'svg',
        { viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        element('rect', { class: 'track', width: 100, height: 6 }),
        element('rect', {
          class: `bar${only === undefined ? '' : ' at-times'} ${origin === 'AWS::Lambda' ? 'service' : origin ? 'function' : 'subsegment'}`,
          x: start,
          width: Math.max(1, end - start),
          height: 6,
        }),
      ),
    ),
    annotations &&
      element(
        'dl.annotations',
        {},
        ...Object.entries(annotations).flatMap(([key, value]) => [
          element('dt', {}, element('code', {}, key)),
          element('dd', {}, value),
        ]),
      ),
    parts.length > 0 ? element('ol', {}, ...parts.map((part) => traceRow(part, fn))) : undefined,
  );
}

/** Shows the recorded requests of a function and their cost. Empty if the request rate is unknown. */
export function costSection({ cost }: MapFunction): VirtualElement[] {
  if (!cost) return [];
  const { requestsPerSecond, recordedPerMonth, usdPerMonth } = cost;
  return [
    section(
      'Cost',
      element(
        'p',
        {},
        `At ${requestsPerSecond.toLocaleString('en')} requests per second, X-Ray records `,
        element('strong', {}, recordedPerMonth.toLocaleString('en')),
        ' requests a month.',
      ),
      element(
        'p.muted',
        {},
        usdPerMonth === undefined
          ? 'The cost is counted at the caller that makes the sampling decision.'
          : `X-Ray charges USD ${usdPerMonth.toFixed(2)} for them, before the free tier.`,
      ),
    ),
  ];
}

/** Shows the memory that the X-Ray daemon leaves to a function. */
export function memorySection({ memory, mode }: MapFunction): VirtualElement {
  const sizes = memory.map(({ total, daemon, left }) =>
    element(
      'li',
      {},
      element('strong', {}, `${left} MB`),
      ` of ${total} MB are left: the daemon can take ${daemon} MB.`,
      element(
        'span',
        { class: 'share', 'aria-hidden': 'true' },
        element(
          'svg',
          { viewBox: '0 0 100 6', preserveAspectRatio: 'none' },
          element('rect', { class: 'left', width: 100, height: 6 }),
          element('rect', { class: 'daemon', width: (100 * daemon) / total, height: 6 }),
        ),
      ),
    ),
  );
  return section(
    'Memory beside the daemon',
    sizes.length === 0
      ? element('p.muted', {}, 'The memory size is unknown.')
      : element('ul.plain', {}, ...sizes),
    ...(mode === 'Active' || mode === 'Unknown'
      ? []
      : [element('p.muted', {}, 'The daemon runs only with active tracing.')]),
  );
}

/** Shows the tracing mode of a function and its location. */
export function modeSection(fn: MapFunction, state: PageState): VirtualElement {
  const { mode, modeProperty, modeSetAt, isEdgeFunction } = fn;
  const where = modeSetAt
    ? [' set at ', position(modeSetAt, state)]
    : [': the default is PassThrough. ', element('code', {}, modeProperty), ' is not set'];
  return section(
    'Tracing mode',
    element('p', {}, element('strong', {}, describeMode(fn)), ...where, '.'),
    ...(mode === 'Unknown' && modeSetAt
      ? [element('p.muted', {}, 'The mode depends on parameters or conditions, or is not a mode of Lambda.')]
      : []),
    ...(isEdgeFunction
      ? [element('p', {}, 'CloudFront runs it as a Lambda@Edge function, which X-Ray cannot trace.')]
      : []),
  );
}

const STATES: Readonly<Record<MapFunction['permissions']['state'], string>> = {
  granted: 'Its role allows writing to X-Ray.',
  missing: 'Its role does not allow writing to X-Ray, so its traces are lost without an error.',
  unknown: 'The templates do not show whether its role allows writing to X-Ray.',
};

/** Shows whether a function's role can write traces, and the policies that allow it. */
export function permissionSection({ permissions }: MapFunction): VirtualElement {
  const { state, missing, policies = [] } = permissions;
  return section(
    'Permission to write traces',
    element('p', { class: `permission ${state}` }, STATES[state]),
    ...codes('Missing: ', missing),
    ...codes('Allowed by ', policies),
  );
}

function codes(label: string, names: readonly string[]): VirtualElement[] {
  if (names.length === 0) return [];
  const listed = names.flatMap((name, i) => [i === 0 ? '' : ', ', element('code', {}, name)]);
  return [element('p', {}, label, ...listed, '.')];
}

const PUBLISHING: Readonly<Record<MapVersion['publishesOnModeChange'], string>> = {
  'by the template': 'A change of the mode publishes a new version.',
  'at deployment': 'A change of the mode, including by a parameter, publishes a new version.',
  no: 'A change of the mode publishes no new version.',
  unknown: 'It is unknown whether a change of the mode publishes a new version.',
};

/** Shows the versions and aliases of a function with their modes. */
export function versionSection({ versions, aliases }: MapFunction, state: PageState): VirtualElement {
  const rows = [
    ...versions.map((version) => versionRow(version, state)),
    ...aliases.map((alias) => aliasRow(alias, state)),
  ];
  if (rows.length === 0)
    return section('Versions and aliases', element('p.muted', {}, 'None: callers invoke $LATEST.'));
  return section('Versions and aliases', element('ul', {}, ...rows));
}

function versionRow(version: MapVersion, state: PageState): VirtualElement {
  const { logicalId, modes, publishesOnModeChange, staleModes } = version;
  return element(
    'li',
    {},
    'Version ',
    element('code', {}, logicalId),
    ' (',
    position(version, state),
    `) has the mode ${formatModes(modes)}. ${PUBLISHING[publishesOnModeChange]}`,
    ...staleModeWarning(staleModes),
  );
}

function aliasRow(alias: MapAlias, state: PageState): VirtualElement {
  const { logicalId, versions, staleModes } = alias;
  const targets = versions.flatMap((version, i) => [
    i === 0 ? ' points to ' : ' and to ',
    ...target(version),
  ]);
  return element(
    'li',
    {},
    'Alias ',
    element('code', {}, logicalId),
    ' (',
    position(alias, state),
    ')',
    ...(targets.length > 0 ? targets : [' points to an unknown version']),
    '.',
    ...staleModeWarning(staleModes),
  );
}

function target({ logicalId, number, modes, isAdditional }: MapAliasedVersion): Content[] {
  return [
    ...(logicalId === undefined ? [] : [element('code', {}, logicalId)]),
    ...(logicalId === undefined ? [number === undefined ? 'a version' : `version ${number}`] : []),
    ` (${formatModes(modes)}${isAdditional ? ', a part of the traffic' : ''})`,
  ];
}

function formatModes(modes: readonly string[]): string {
  return modes.length === 0 ? 'unknown' : modes.join(' or ');
}

function staleModeWarning(modes: readonly string[]): VirtualElement[] {
  return modes.length === 0
    ? []
    : [element('strong', {}, ` It stays on ${modes.join(' or ')}, the previous mode.`)];
}
