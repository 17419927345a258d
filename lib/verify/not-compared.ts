import type { LambdaFunction } from '../lambda/lambda-function';
import { macroOn } from './deployed-functions';
import type { FunctionUnderVerification } from './deviation';
import { type Decision, roleName } from './observed';

/** What of a function can't be compared with the template. */
export interface NotCompared {
  readonly what: 'mode' | 'permissions';
  /** The end of a sentence. */
  readonly reason: string;
}

/** What of a function can't be compared, though it could be read: nobody is to take it for compared. */
export function notCompared(subject: FunctionUnderVerification): NotCompared[] {
  return [...modeNotCompared(subject), ...permissionsNotCompared(subject)];
}

function modeNotCompared({ function: fn, expected, observed }: FunctionUnderVerification): NotCompared[] {
  if (expected !== undefined || !observed.versions?.length) return [];
  return [{ what: 'mode', reason: whyUnknown(fn) }];
}

function whyUnknown({ modes, resource }: LambdaFunction): string {
  const macro = macroOn(resource);
  if (macro !== undefined) return `the macro '${macro}' may set another than the template says`;
  const [invalid] = modes.flatMap(({ value }) => (typeof value === 'object' ? value.invalid : []));
  return invalid === undefined
    ? "neither the template nor the stack's parameters tell which it is to be"
    : `the template says '${invalid}', which is no mode`;
}

function permissionsNotCompared({ roles }: FunctionUnderVerification): NotCompared[] {
  return roles
    .filter(({ decisions }) => decisions.some(isUndecided))
    .map(({ arn }) => ({
      what: 'permissions',
      reason: `the simulator says of the role '${roleName(arn)}' that service control policies of the organization do not allow it, without all that they may go by: look at its traces`,
    }));
}

/**
 * The simulator decides on conditions of service control policies without saying which keys it has no values for
 * ("EvaluationResult", IAM API Reference): what they don't allow may be allowed in fact.
 */
function isUndecided({ isAllowed, by }: Decision): boolean {
  return !isAllowed && by === 'organization';
}
