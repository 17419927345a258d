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
