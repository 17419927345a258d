import type { LambdaFunction, LockedMode, TracingMode } from '../model/lambda-function';
import { macroOn } from './macro';

/** The mode that a template gives a function. Nothing where it depends on what only deployment tells, or is none. */
export function expectedMode({ modes, resource }: LambdaFunction): LockedMode | undefined {
  if (macroOn(resource) !== undefined) return undefined;
  const inForce = new Set(modes.map(({ value }) => modeInForce(value)));
  const [only] = inForce;
  return inForce.size === 1 ? only : undefined;
}

function modeInForce(mode: TracingMode): LockedMode | undefined {
  if (mode === 'unset') return 'PassThrough';
  return mode === 'Active' || mode === 'PassThrough' ? mode : undefined;
}
