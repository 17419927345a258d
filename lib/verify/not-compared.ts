import { macroOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { FunctionUnderVerification } from './drift';
import { type Decision, roleName } from './observed';

/** A part of a function that could be read but not compared with the template. */
export interface NotCompared {
  readonly what: 'mode' | 'permissions';
  /** One or more sentences. */
  readonly reason: string;
}

/** Returns the parts of a function that could not be compared, so that a report does not count them as compared. */
export function notCompared(target: FunctionUnderVerification): NotCompared[] {
  return [...modeNotCompared(target), ...permissionsNotCompared(target)];
}

function modeNotCompared({ function: fn, expectedMode, observed }: FunctionUnderVerification): NotCompared[] {
  if (expectedMode !== undefined || !observed.versions?.length) return [];
  return [{ what: 'mode', reason: reasonForUnknownMode(fn) }];
}

function reasonForUnknownMode({ modes, resource }: LambdaFunction): string {
  const macro = macroOf(resource);
  if (macro !== undefined) return `The macro '${macro}' can set a different mode.`;
  const [invalid] = modes.flatMap(({ value }) => (typeof value === 'object' ? value.invalid : []));
  return invalid === undefined
    ? 'Neither the template nor the parameters of the stack determine it.'
    : `The template sets '${invalid}', which is not a tracing mode.`;
}

function permissionsNotCompared({ roles }: FunctionUnderVerification): NotCompared[] {
  return roles
    .filter(({ decisions }) => decisions.some(isUncertain))
    .map(({ arn }) => ({
      what: 'permissions',
      reason: `The IAM policy simulator reports that service control policies do not allow the role '${roleName(arn)}' to write traces, but it does not evaluate all of their conditions. Check whether the function's traces arrive.`,
    }));
}

/**
 * True if the simulator's result can differ from IAM's: for conditions of service control policies, it does not report
 * which context keys it has no values for ("EvaluationResult", IAM API Reference).
 */
function isUncertain({ isAllowed, deniedBy }: Decision): boolean {
  return !isAllowed && deniedBy === 'organization';
}
