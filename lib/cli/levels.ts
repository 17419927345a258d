import { SEVERITIES } from '../report/severities';
import type { Severity } from '../rules/rule';

/** How severe a rule's findings are to be; `off` for a rule that isn't applied. */
export type Level = Severity | 'off';

export const LEVELS: readonly Level[] = ['off', ...[...SEVERITIES].reverse()];
