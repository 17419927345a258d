import { DEVIATION_KINDS, type DeviationKind } from '../../verify/deviation';
import { counted } from '../counted';
import { type ModeInForce, MODES_IN_FORCE, type VerifyReport } from './verify-report';

/** What was verified, in numbers. */
export interface VerifySummary {
  readonly templates: number;
  readonly stacks: number;
  readonly functions: number;
  readonly byMode: Readonly<Record<ModeInForce, number>>;
  readonly deviations: Readonly<Record<DeviationKind, number>>;
  /** Functions that could not be compared in full, though they could be read. */
  readonly notCompared: number;
}

export function summaryOf({ templates, stacks, functions }: VerifyReport): VerifySummary {
  const deviations = functions.flatMap((fn) => fn.deviations);
  return {
    templates,
    stacks,
    functions: functions.length,
    byMode: counted(MODES_IN_FORCE, ({ mode }) => mode, functions),
    deviations: counted(DEVIATION_KINDS, ({ kind }) => kind, deviations),
    notCompared: functions.filter((fn) => fn.notCompared.length > 0).length,
  };
}
