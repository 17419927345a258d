import { MODES } from '../function-summary';
import { count } from '../in-words';
import { SEVERITIES } from '../severities';
import type { MapSummary } from './map-document';

/** `12 functions in 3 stacks: 9 Active, 3 PassThrough. 2 breaks. 1 error.` */
export function summaryInWords({
  functions,
  stacks,
  byMode,
  holes,
  brokenEdges,
  findings,
}: MapSummary): string {
  const modes = MODES.filter((mode) => byMode[mode] > 0).map((mode) => `${byMode[mode]} ${mode}`);
  const breaks = holes + brokenEdges;
  const found = SEVERITIES.filter((severity) => findings[severity] > 0).map((severity) =>
    count(findings[severity], severity, severity === 'info' ? 'info' : undefined),
  );
  return [
    `${count(functions, 'function')} in ${count(stacks, 'stack')}${modes.length > 0 ? `: ${modes.join(', ')}` : ''}.`,
    ...(breaks > 0 ? [`Traces break in ${breaks} ${breaks === 1 ? 'place' : 'places'}.`] : []),
    ...(found.length > 0 ? [`${found.join(', ')}.`] : []),
  ].join(' ');
}
