import type { MapIndex } from '../atlas/map-index';
import { element, type VirtualElement } from '../drawing/element';
import { INVOCATIONS } from '../in-words';
import type { MapFunction } from '../map-function';
import type { TraceAnatomy, TracePart } from '../trace-anatomy';
import { section } from './section';

/** What a trace of a function is to hold, for each way in which it is invoked. */
export function anatomySection(fn: MapFunction, index: MapIndex): VirtualElement {
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

function traceRow({ name, origin, about, only, span, annotations, parts }: TracePart, fn: string): VirtualElement {
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
