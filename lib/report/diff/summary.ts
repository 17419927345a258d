import type { Severity } from '../../rules/rule';
import { counted } from '../counted';
import { isOpen } from '../report';
import { SEVERITIES } from '../severities';
import type { Diff } from './diff';
import { type Change, CHANGES } from './function-change';

/** The changes in numbers. */
export interface DiffSummary {
  readonly functions: Readonly<Record<Change | 'unchanged', number>>;
  readonly findings: {
    /** Those that are not acknowledged. */
    readonly new: Readonly<Record<Severity, number>>;
    /** Those that are really gone. */
    readonly gone: Readonly<Record<Severity, number>>;
    /** Those that are acknowledged, and were not. */
    readonly acknowledged: number;
  };
}

export function summaryOf({ functions, unchanged, findings }: Diff): DiffSummary {
  const bySeverity = (list: Diff['findings']['new']) =>
    counted(SEVERITIES, ({ severity }) => severity, list.filter(isOpen));
  return {
    functions: { ...counted(CHANGES, ({ change }) => change, functions), unchanged },
    findings: {
      new: bySeverity(findings.new),
      gone: bySeverity(findings.gone),
      acknowledged: [...findings.new, ...findings.gone].filter((finding) => !isOpen(finding)).length,
    },
  };
}
