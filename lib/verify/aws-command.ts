import type { ObservedFunction } from './observed';

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
