import type { MapIndex } from '../atlas/map-index';
import { element, type VirtualElement } from '../drawing/element';
import { modeInWords } from '../in-words';
import type { MapFunction } from '../map-function';
import { section } from './section';

/** A function's tracing mode, and where it was set. */
export function modeSection(fn: MapFunction, index: MapIndex): VirtualElement {
  const { mode, modeProperty, modeSetAt, isAtEdge } = fn;
  const where = modeSetAt
    ? [' set at ', element('code', {}, index.placeInWords(modeSetAt))]
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
    ...(isAtEdge
      ? [element('p', {}, 'CloudFront runs it as a Lambda@Edge function, which X-Ray can’t trace.')]
      : []),
  );
}
