import type { MapIndex } from '../atlas/map-index';
import { type Content, element, type VirtualElement } from '../drawing/element';
import { findingSymbol } from '../drawing/symbols';
import type { MapFinding } from '../map-document';
import { section } from './section';

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
        ruleId.replace('LambdaXRay-', ''),
      ),
      ' ',
      element('code', {}, index.placeInWords(finding)),
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
