import { isObject } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Template } from '../cloudformation/template';
import type {
  EffectiveMode,
  FunctionAlias,
  FunctionVersion,
  LambdaFunction,
} from '../lambda/lambda-function';
import {
  ALIAS,
  LATEST,
  type ObservedFunction,
  type ObservedRole,
  type ObservedStack,
  type ObservedVersion,
  type PublishedResource,
  VERSION,
} from './deployed-functions';

/** The kinds of differences between the account and the templates. */
export const DRIFT_KINDS = ['missing', 'mode', 'version', 'alias', 'split', 'permissions'] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

/** A way to resolve a difference. */
export interface Fix {
  /** The steps, in a sentence or two. */
  readonly fix: string;
  /** AWS CLI commands that apply the fix. Empty if no command can. */
  readonly commands: readonly string[];
}

/** A difference between the account and the templates, or a reason why traces are lost. */
export interface Drift extends Fix {
  readonly kind: DriftKind;
  readonly message: string;
  /** The number of the version, the name of the alias or the ARN of the role. */
  readonly about?: string;
}

/** A function of the templates with everything that was observed about it in the account. */
export interface FunctionUnderVerification {
  readonly function: LambdaFunction;
  /** The stack that contains the function. */
  readonly stack: ObservedStack;
  /** All stacks that were read. */
  readonly stacks: readonly ObservedStack[];
  /** The IDs of the templates whose deployed version is known. */
  readonly templatesWithBaseline: ReadonlySet<string>;
  readonly observed: ObservedFunction;
  /** The mode in the template. Undefined if the template does not determine it. */
  readonly expectedMode?: EffectiveMode;
  /** The mode that versions in use should have: `expectedMode`, or else the mode of `$LATEST`. */
  readonly expectedVersionMode?: EffectiveMode;
  /** The mode in the deployed template. Undefined if that is not known. */
  readonly deployedTemplateMode?: EffectiveMode;
  /** The versions and aliases of the function that stacks contain. */
  readonly published: readonly PublishedResource[];
  /** The roles that the function writes traces with, if IAM could be asked about them. */
  readonly roles: readonly ObservedRole[];
  /** Builds AWS CLI commands for the function. */
  readonly lambdaCommand: AwsCommand;
  /** Builds AWS CLI commands for its role. */
  readonly iamCommand: AwsCommand;
}

/** Returns a version of the function in the account. */
export function versionOf(
  { observed }: Pick<FunctionUnderVerification, 'observed'>,
  number: string,
): ObservedVersion | undefined {
  return observed.versions?.find((version) => version.number === number);
}

/** Returns a clause with the mode that versions should have and its origin. */
export function describeExpectedMode({
  expectedMode,
  expectedVersionMode,
}: FunctionUnderVerification): string {
  return expectedMode === undefined
    ? `the mode of ${LATEST} is ${expectedVersionMode}`
    : `the mode in the template is ${expectedMode}`;
}

/** Returns the name of the stack to deploy for a template. A nested stack is deployed with the outermost one. */
export function stackToDeploy(
  { id, source }: Template,
  { stacks }: Pick<FunctionUnderVerification, 'stacks'>,
): string {
  const stack = stacks.find(({ template }) => template === id);
  return stack?.nestedIn ?? stack?.name ?? source.stackName ?? id;
}

/** Builds an AWS CLI command from its name and options. */
export type AwsCommand = (command: string, options: Readonly<Record<string, string>>) => string;

/**
 * Creates a builder of AWS CLI commands.
 *
 * @param region the region that the commands name; undefined for global services
 * @param profile the profile that the commands name; by default, the AWS CLI finds the credentials
 */
export function awsCommands(region: string | undefined, profile: string | undefined): AwsCommand {
  return (command, options) => {
    const all = { ...options, ...(region && { region }), ...(profile && { profile }) };
    const args = Object.entries(all).map(([name, value]) => option(name, value));
    return ['aws', command, ...args].join(' ');
  };
}

/** Returns the region that IAM commands name. IAM is global, but outside of the `aws` partition the CLI needs a region. */
export function regionOfIam({ versions = [], region }: ObservedFunction): string | undefined {
  return versions.every(({ role }) => role.startsWith('arn:aws:')) ? undefined : region;
}

/** Function names can start with a hyphen. As an argument of its own, the CLI would parse such a name as an option. */
function option(name: string, value: string): string {
  return `--${name}${value.startsWith('-') ? '=' : ' '}${quoted(value)}`;
}

/** Quotes an argument for POSIX shells, and for zsh, which expands arguments that start with an equals sign. */
function quoted(argument: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** Returns the published version for a version of the templates. */
export function publishedVersion(
  { resource, function: fn }: FunctionVersion,
  { published }: FunctionUnderVerification,
): PublishedResource | undefined {
  const isFromSam = resource === fn.resource;
  return published.find(
    ({ template, logicalId, type }) =>
      type === VERSION &&
      template === resource.template.id &&
      // SAM generates the logical ID of the version.
      (isFromSam ? logicalId.startsWith(`${resource.logicalId}Version`) : logicalId === resource.logicalId),
  );
}

/** Returns the version of the templates for a published version. */
export function versionInTemplate(
  { type, logicalId, template }: PublishedResource,
  { function: fn }: FunctionUnderVerification,
): FunctionVersion | undefined {
  if (type !== VERSION) return undefined;
  return fn.versions.find(
    ({ resource }) => resource.logicalId === logicalId && resource.template.id === template,
  );
}

/** Returns the alias of the templates with a name. Its stack can be one that was not read. */
export function aliasInTemplate(name: string, target: FunctionUnderVerification): FunctionAlias | undefined {
  const { function: fn, published } = target;
  const alias = published.find(({ type, qualifier }) => type === ALIAS && qualifier === name);
  if (!alias) return fn.aliases.find((candidate) => canHaveName(candidate, name, target));
  const declared = fn.aliases.find(
    ({ resource }) => resource.logicalId === alias.logicalId && resource.template.id === alias.template,
  );
  // SAM generates the logical ID of its alias.
  return declared ?? fn.aliases.find(({ resource }) => resource === fn.resource);
}

/** True if an alias has the name, or has an unknown name and its stack was not read. */
function canHaveName(
  { resource, function: fn }: FunctionAlias,
  name: string,
  { stacks }: FunctionUnderVerification,
): boolean {
  const { Name, AutoPublishAlias } = effectiveProperties(resource);
  const declaredName = resource === fn.resource ? AutoPublishAlias : Name;
  if (!isObject(declaredName)) return declaredName === name;
  return stacks.every(({ template }) => template !== resource.template.id);
}
