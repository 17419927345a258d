import { element, type VirtualElement } from '../drawing/element';
import type { MapFunction } from '../map-function';
import { section } from './section';

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
