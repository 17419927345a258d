import { element, type VirtualElement } from '../drawing/element';
import type { MapFunction } from '../map-function';
import { section } from './section';

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
