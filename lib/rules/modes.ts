import type { LambdaFunction, TracingMode } from '../model/lambda-function';
import { type Assumptions, together } from '../model/possible';

/** Whether a function has a mode in every case, however conditions and parameters turn out. */
export function isSurely({ modes }: LambdaFunction, mode: TracingMode): boolean {
  return modes.length > 0 && modes.every(({ value }) => value === mode);
}

/** Whether a function has a mode in some case. */
export function canBe({ modes }: LambdaFunction, mode: TracingMode): boolean {
  return modes.some(({ value }) => value === mode);
}

/** Whether a function can be Active in a case. */
export function canBeActiveWhen({ modes }: LambdaFunction, assumed: Assumptions): boolean {
  return modes.some(({ value, when }) => value === 'Active' && together(when, assumed));
}

/** `is Active`, or `can be Active` where something decides. */
export function isOrCanBeActive(fn: LambdaFunction): string {
  return isSurely(fn, 'Active') ? 'is Active' : 'can be Active';
}

/** `is PassThrough`, `has no tracing mode`, or `can be PassThrough` where something decides. */
export function isOrCanBePassThrough(fn: LambdaFunction): string {
  if (isSurely(fn, 'PassThrough')) return 'is PassThrough';
  const isUntraced = fn.modes.every(({ value }) => value === 'PassThrough' || value === 'unset');
  return isUntraced ? 'has no tracing mode' : 'can be PassThrough';
}

/** Whether the template leaves open which of several modes a function has. */
export function isDecidedAtDeployment({ modes }: LambdaFunction): boolean {
  const values = new Set(modes.map(({ value }) => (typeof value === 'object' ? value.invalid : value)));
  return values.size > 1 || values.has('unknown');
}
