import type { LambdaFunction, LockedMode } from '../model/lambda-function';
import type { AwsCommand } from './aws-command';
import {
  LATEST,
  type ObservedFunction,
  type ObservedRole,
  type ObservedStack,
  type ObservedVersion,
} from './observed';
import type { Publication } from './publication';

/** A function of the templates, and what there is of it in the account. */
export interface Subject {
  readonly function: LambdaFunction;
  /** The stack that it belongs to. */
  readonly stack: ObservedStack;
  /** All that were read. */
  readonly stacks: readonly ObservedStack[];
  /** The IDs of the templates of which it is known what was deployed. */
  readonly compared: ReadonlySet<string>;
  readonly observed: ObservedFunction;
  /** The mode that the template says; nothing where it doesn't tell. */
  readonly expected?: LockedMode;
  /** The mode that versions in use are to have: where the template doesn't tell, that of what isn't published. */
  readonly due?: LockedMode;
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
export function versionOf(
  { observed }: Pick<Subject, 'observed'>,
  number: string,
): ObservedVersion | undefined {
  return observed.versions?.find((version) => version.number === number);
}

/** What says which mode versions are to have: the end of a sentence. */
export function dueInWords({ expected, due }: Subject): string {
  return expected === undefined ? `${LATEST} is ${due}` : `the template says ${expected}`;
}
