import { RULE_PREFIX } from '../../../rules/rule';
import type {
  MapAlias,
  MapAliasedVersion,
  MapFinding,
  MapFunction,
  MapVersion,
  TraceAnatomy,
  TracePart,
} from '../document';
import { type Content, element, type VirtualElement } from '../draw/element';
import { findingSymbol } from '../draw/symbols';
import type { MapIndex } from '../layout/units';
import { INVOCATIONS, modeInWords } from '../wording';

/** A part of the panel, below a heading. */
export function section(title: string, ...contents: readonly (Content | undefined)[]): VirtualElement {
  return element('section', {}, element('h3', {}, title), ...contents);
}

/** What a trace of a function is to hold, for each way in which it is invoked. */
export function expectedTraceSection(fn: MapFunction, index: MapIndex): VirtualElement {
  const { traces, mode, eventSources } = fn;
  const unsupported = eventSources.filter(({ isUnsupported }) => isUnsupported);
  const title = 'The trace to expect';
  return section(
    title,
    ...(mode === 'Active' ? [] : [element('p', { class: 'muted' }, 'Once it is Active:')]),
    ...unsupported.map(({ title: source, logicalId }) =>
      element(
        'p',
        {},
        `None when ${source} feeds it (`,
        element('code', {}, logicalId),
        '), behind which X-Ray can’t trace.',
      ),
    ),
    ...traces.map(({ trace }) =>
      anatomy(index.document.traces[trace], index.labelOf(index.units[index.unitOf(fn.service) ?? 0])),
    ),
  );
}

function anatomy({ invocation, newForm, oldForm, notes }: TraceAnatomy, name: string): VirtualElement {
  return element(
    'div',
    { class: 'anatomy' },
    element('h4', {}, `Invoked ${INVOCATIONS[invocation]}`),
    ...notes.map((note) => element('p', { class: 'muted' }, note)),
    element('details', { open: '' }, element('summary', {}, 'New form'), timeline(newForm, name)),
    element('details', {}, element('summary', {}, 'Old form'), timeline(oldForm, name)),
  );
}

/** Segments and what is in them, each with a bar for when it is. */
function timeline(parts: readonly TracePart[], name: string): VirtualElement {
  return element('ol', { class: 'timeline' }, ...parts.map((part) => traceRow(part, name)));
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
      'div',
      { class: 'part' },
      element(
        'span',
        { class: 'words' },
        element('strong', {}, name ?? fn),
        origin === undefined ? undefined : element('code', {}, origin),
        element('span', { class: 'muted' }, ` ${about}${only === undefined ? '' : `, ${only}`}`),
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
        'dl',
        { class: 'annotations' },
        ...Object.entries(annotations).flatMap(([key, value]) => [
          element('dt', {}, element('code', {}, key)),
          element('dd', {}, value),
        ]),
      ),
    parts.length > 0 ? element('ol', {}, ...parts.map((part) => traceRow(part, fn))) : undefined,
  );
}

/** What X-Ray records of a function's requests, and what that costs; nothing where no figures are known. */
export function costSection({ cost }: MapFunction): VirtualElement[] {
  if (!cost) return [];
  const { requestsPerSecond, recordedPerMonth, usdPerMonth } = cost;
  return [
    section(
      'What it will cost',
      element(
        'p',
        {},
        `Of ${requestsPerSecond.toLocaleString('en')} requests per second, `,
        element('strong', {}, recordedPerMonth.toLocaleString('en')),
        ' a month are recorded.',
      ),
      element(
        'p',
        { class: 'muted' },
        usdPerMonth === undefined
          ? 'They are part of traces that are counted where it is decided to record them.'
          : `X-Ray charges USD ${usdPerMonth.toFixed(2)} for them, before what is free.`,
      ),
    ),
  ];
}

/** The findings on a unit, and how to mend them; nothing where there are none. */
export function findingSection(unit: number, index: MapIndex): VirtualElement | undefined {
  const { node } = index.units[unit];
  const findings = node.findings.map((i) => index.document.findings[i]);
  if (findings.length === 0) return undefined;
  return section(
    'Findings',
    element('ul', { class: 'plain findings' }, ...findings.map((one) => findingItem(one, unit, index))),
  );
}

function findingItem(finding: MapFinding, own: number, index: MapIndex): VirtualElement {
  const { ruleId, severity, message, fix, acknowledged, related } = finding;
  const { title, helpUrl } = index.document.rules[ruleId];
  const path = related.flatMap((id): Content[] => {
    const unit = index.unitOf(id);
    return unit === undefined || unit === own
      ? []
      : [element('button', { type: 'button', 'data-unit': unit }, index.labelOf(index.units[unit])), ' '];
  });
  return element(
    'li',
    { class: acknowledged ? 'acknowledged' : severity },
    element(
      'p',
      { class: 'rule' },
      element(
        'svg',
        { class: 'picture', viewBox: '-9 -9 18 18', 'aria-hidden': 'true' },
        findingSymbol(severity, 0, 0),
      ),
      element('strong', {}, acknowledged ? `${severity}, acknowledged` : severity),
      ' ',
      element(
        'a',
        { href: helpUrl, rel: 'noreferrer', target: '_blank', title },
        ruleId.replace(RULE_PREFIX, ''),
      ),
      ' ',
      element('code', {}, index.locationInWords(finding)),
    ),
    element('p', {}, message),
    element(
      'p',
      {},
      element('strong', {}, acknowledged ? 'Acknowledged: ' : 'Fix: '),
      acknowledged?.reason ?? fix,
    ),
    path.length > 0 ? element('p', { class: 'muted' }, 'See: ', ...path) : undefined,
  );
}

/** What is left of a function's memory beside the X-Ray daemon. */
export function memorySection({ memory, mode }: MapFunction): VirtualElement {
  const sizes = memory.map(({ total, daemon, left }) =>
    element(
      'li',
      {},
      element('strong', {}, `${left} MB`),
      ` of ${total} MB are left: the daemon may take ${daemon} MB.`,
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
      ? element('p', { class: 'muted' }, 'Its size is not known.')
      : element('ul', { class: 'plain' }, ...sizes),
    ...(mode === 'Active' || mode === 'Unknown'
      ? []
      : [element('p', { class: 'muted' }, 'There is a daemon once it is Active.')]),
  );
}

/** A function's tracing mode, and where it was set. */
export function modeSection(fn: MapFunction, index: MapIndex): VirtualElement {
  const { mode, modeProperty, modeSetAt, isEdgeFunction } = fn;
  const where = modeSetAt
    ? [' set at ', element('code', {}, index.locationInWords(modeSetAt))]
    : [', which is PassThrough. ', element('code', {}, modeProperty), ' is left out'];
  return section(
    'Tracing mode',
    element('p', {}, element('strong', {}, modeInWords(fn)), ...where, '.'),
    ...(mode === 'Unknown' && modeSetAt
      ? [
          element(
            'p',
            { class: 'muted' },
            'Which it will be depends on parameters or conditions, or it is no mode of Lambda’s.',
          ),
        ]
      : []),
    ...(isEdgeFunction
      ? [element('p', {}, 'CloudFront runs it as a Lambda@Edge function, which X-Ray can’t trace.')]
      : []),
  );
}

const STATES: Readonly<Record<MapFunction['permissions']['state'], string>> = {
  granted: 'Its role may write to X-Ray.',
  missing: 'Its role may not write to X-Ray, so that no traces come, and nobody is told.',
  unknown: 'Templates don’t tell whether its role may write to X-Ray.',
};

/** Whether a function's role may write traces, and by which policies. */
export function permissionSection({ permissions }: MapFunction): VirtualElement {
  const { state, missing, policies = [] } = permissions;
  return section(
    'Permission to write traces',
    element('p', { class: `permission ${state}` }, STATES[state]),
    ...codes('It lacks ', missing),
    ...codes('By ', policies),
  );
}

function codes(words: string, names: readonly string[]): VirtualElement[] {
  if (names.length === 0) return [];
  const listed = names.flatMap((name, i) => [i === 0 ? '' : ', ', element('code', {}, name)]);
  return [element('p', {}, words, ...listed, '.')];
}

const TIES: Readonly<Record<MapVersion['publishesOnModeChange'], string>> = {
  'by the template': 'a change of the mode publishes a new one',
  'at deployment': 'a change of the mode publishes a new one, of a parameter too',
  no: 'a change of the mode publishes no new one',
  unknown: 'whether a change of the mode publishes a new one is not known',
};

/** What is published of a function, with the modes that are locked in it. */
export function versionSection({ versions, aliases }: MapFunction, index: MapIndex): VirtualElement {
  const rows = [
    ...versions.map((version) => versionRow(version, index)),
    ...aliases.map((alias) => aliasRow(alias, index)),
  ];
  if (rows.length === 0)
    return section('Versions and aliases', element('p', { class: 'muted' }, 'None: $LATEST runs.'));
  return section('Versions and aliases', element('ul', {}, ...rows));
}

function versionRow(version: MapVersion, index: MapIndex): VirtualElement {
  const { logicalId, modes, publishesOnModeChange, staleModes } = version;
  return element(
    'li',
    {},
    'Version ',
    element('code', {}, logicalId),
    ` (${index.locationInWords(version)}) has ${locked(modes)} locked; ${TIES[publishesOnModeChange]}.`,
    ...kept(staleModes),
  );
}

function aliasRow(alias: MapAlias, index: MapIndex): VirtualElement {
  const { logicalId, versions, staleModes } = alias;
  const targets = versions.flatMap((version, i) => [i === 0 ? ' is on ' : ', and on ', ...target(version)]);
  return element(
    'li',
    {},
    'Alias ',
    element('code', {}, logicalId),
    ` (${index.locationInWords(alias)})`,
    ...(targets.length > 0 ? targets : [' is on a version that templates don’t tell']),
    '.',
    ...kept(staleModes),
  );
}

function target({ logicalId, number, modes, isAdditional }: MapAliasedVersion): Content[] {
  return [
    ...(logicalId === undefined ? [] : [element('code', {}, logicalId)]),
    ...(logicalId === undefined ? [number === undefined ? 'a version' : `version ${number}`] : []),
    ` with ${locked(modes)}${isAdditional ? ' for a part of the traffic' : ''}`,
  ];
}

function locked(modes: readonly string[]): string {
  return modes.length === 0 ? 'a mode that isn’t known' : modes.join(' or ');
}

function kept(modes: readonly string[]): VirtualElement[] {
  return modes.length === 0 ? [] : [element('strong', {}, ` It keeps ${modes.join(' or ')} from before.`)];
}
