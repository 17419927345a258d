import type { LambdaFunction, LockedMode } from '../model/tracing-model';
import type { AwsCommand } from './aws-command';
import type { ObservedFunction, ObservedRole, ObservedStack, ObservedVersion } from './observed';
import type { Publication } from './publication';

/** A function of the templates, and what there is of it in the account. */
export interface Subject {
  readonly function: LambdaFunction;
  /** The stack that it belongs to. */
  readonly stack: ObservedStack;
  readonly observed: ObservedFunction;
  /** The mode that the template says; nothing where it doesn't tell. */
  readonly expected?: LockedMode;
  /** The mode of the template that is deployed; nothing where it isn't known. */
  readonly deployed?: LockedMode;
  /** The versions and aliases that stacks have of it. */
  readonly publications: readonly Publication[];
  /** Those of its roles that were asked for. */
  readonly roles: readonly ObservedRole[];
  /** Writes a command about the function. */
  readonly lambda: AwsCommand;
  /** Writes a command about its role. */
  readonly iam: AwsCommand;
}

/** A version in the account, by its number. */
export function versionOf({ observed }: Subject, number: string): ObservedVersion | undefined {
  return observed.versions?.find((version) => version.number === number);
}
