import type { Template } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { EffectiveMode } from '../lambda/tracing-mode';
import type { PublishedResource } from './deployed-functions';
import {
  LATEST,
  type ObservedFunction,
  type ObservedRole,
  type ObservedStack,
  type ObservedVersion,
} from './observed';

/** In which way the account can differ from the templates. */
export const DRIFT_KINDS = ['missing', 'mode', 'version', 'alias', 'split', 'permissions'] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

/** Something in the account that isn't as the templates have it, or that keeps traces from being written. */
export interface Drift {
  readonly kind: DriftKind;
  readonly message: string;
  /** What mends it, in words. */
  readonly fix: string;
  /** Commands that do so, where there are any. */
  readonly commands: readonly string[];
  /** The version, the alias or the role that it is about, by what AWS calls it. */
  readonly about?: string;
}

/** A function of the templates, and what there is of it in the account. */
export interface FunctionUnderVerification {
  readonly function: LambdaFunction;
  /** The stack that it belongs to. */
  readonly stack: ObservedStack;
  /** All that were read. */
  readonly stacks: readonly ObservedStack[];
  /** The IDs of the templates of which it is known what was deployed. */
  readonly compared: ReadonlySet<string>;
  readonly observed: ObservedFunction;
  /** The mode that the template says; nothing where it doesn't tell. */
  readonly expected?: EffectiveMode;
  /** The mode that versions in use are to have: where the template doesn't tell, that of what isn't published. */
  readonly newMode?: EffectiveMode;
  /** The mode of the template that is deployed; nothing where it isn't known. */
  readonly deployed?: EffectiveMode;
  /** The versions and aliases that stacks have of it. */
  readonly publications: readonly PublishedResource[];
  /** Those of its roles that were asked for. */
  readonly roles: readonly ObservedRole[];
  /** Writes a command about the function. */
  readonly lambda: AwsCommand;
  /** Writes a command about its role. */
  readonly iam: AwsCommand;
}

/** A version in the account, by its number. */
export function versionOf(
  { observed }: Pick<FunctionUnderVerification, 'observed'>,
  number: string,
): ObservedVersion | undefined {
  return observed.versions?.find((version) => version.number === number);
}

/** What says which mode versions are to have: the end of a sentence. */
export function modeInWords({ expected, newMode }: FunctionUnderVerification): string {
  return expected === undefined ? `${LATEST} is ${newMode}` : `the template says ${expected}`;
}

/** Writes a command for the AWS CLI, with the options by their names. */
export type AwsCommand = (command: string, options: Readonly<Record<string, string>>) => string;

/**
 * Commands for where a function is.
 *
 * @param region nothing for a service that has none
 * @param profile by default, as the AWS CLI finds the credentials
 */
export function awsCommands(region: string | undefined, profile: string | undefined): AwsCommand {
  return (command, options) => {
    const all = { ...options, ...(region && { region }), ...(profile && { profile }) };
    const words = Object.entries(all).map(([name, value]) => option(name, value));
    return ['aws', command, ...words].join(' ');
  };
}

/** A word of its own that begins with a hyphen, as the names of functions may, is another option to the CLI. */
function option(name: string, value: string): string {
  return `--${name}${value.startsWith('-') ? '=' : ' '}${quoted(value)}`;
}

/** One word to a POSIX shell, and to zsh, which replaces what begins with an equals sign, whatever is in it. */
function quoted(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The name of the stack to deploy for what is in a template: the outermost one, which a nested stack is deployed by. */
export function stackToDeploy(
  { id, source }: Template,
  { stacks }: Pick<FunctionUnderVerification, 'stacks'>,
): string {
  const stack = stacks.find(({ template }) => template === id);
  return stack?.nestedIn ?? stack?.name ?? source.stackName ?? id;
}
