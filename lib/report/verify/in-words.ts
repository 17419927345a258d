import { count } from '../in-words';
import type { ModeOfVersion, VerifyReport } from './verify-report';

/** Such as `2 deviations in 1 of 5 functions. 1 function could not be compared in full.` */
export function summaryLine({ functions, errors }: VerifyReport): string {
  const differing = functions.filter(({ deviations }) => deviations.length > 0);
  const number = differing.reduce((sum, { deviations }) => sum + deviations.length, 0);
  const verdict =
    number === 0
      ? `No deviations in ${count(functions.length, 'function')}.`
      : `${count(number, 'deviation')} in ${differing.length} of ${count(functions.length, 'function')}.`;
  const partial = functions.filter(({ notCompared }) => notCompared.length > 0).length;
  const uncompared = partial > 0 ? ` ${count(partial, 'function')} could not be compared in full.` : '';
  const unread = errors.length > 0 ? ` ${count(errors.length, 'part')} could not be read.` : '';
  return verdict + uncompared + unread;
}

/** Such as `3 Active`. */
export function versionInWords({ version, mode }: ModeOfVersion): string {
  return `${version} ${mode}`;
}
