import { listNames } from '../text/printable';
import type { LoadedTemplate } from './loaded-template';

/** A stack to read, for a template that is going to be deployed to it. */
export interface DeployedStack {
  readonly template: LoadedTemplate;
  /** The name; for a nested stack, the ARN. */
  readonly stack: string;
  /** The name for messages. Nested stacks have a path, such as `Orders/Database`. */
  readonly name: string;
  /** The name of the outermost stack around a nested stack. */
  readonly nestedIn?: string;
  /** The region, if the template contains it. */
  readonly region?: string;
  /** The account, if the template contains it. */
  readonly account?: string;
}

/** The stacks to read, without the stacks nested in them. */
export interface SelectedStacks {
  readonly stacks: readonly DeployedStack[];
  /** True if the user selected them by their names. */
  readonly areNamed: boolean;
  readonly errors: readonly string[];
}

/**
 * Selects the stacks to read for templates.
 *
 * @param names the stack names or construct paths that the user gives; by default, all stacks are selected
 * @param option the option that takes a stack name, for error messages
 */
export function selectStacks(
  names: readonly string[],
  templates: readonly LoadedTemplate[],
  option: string,
): SelectedStacks {
  const outermost = templates.filter(({ nestedIn }) => !nestedIn);
  if (names.length === 0) return selectAll(outermost, option);
  const [only, ...others] = outermost;
  if (only && only.stackName === undefined && others.length === 0) return selectOnly(only, names, option);
  const unknown = names.filter((name) => !outermost.some((template) => isCalled(template, name)));
  const known = listNames(outermost.map(({ stackName, file }) => stackName ?? file));
  return {
    areNamed: true,
    stacks: outermost
      .filter((template) => names.some((name) => isCalled(template, name)))
      .flatMap((template) => stackOf(template, template.stackName)),
    errors: unknown.map(
      (name) =>
        `There is no template for the stack '${name}' (found: ${known}). Pass the name of one of these stacks, or a single template without a stack name.`,
    ),
  };
}

function selectAll(templates: readonly LoadedTemplate[], option: string): SelectedStacks {
  const stacks = templates.flatMap((template) => stackOf(template, template.stackName));
  const unnamed = templates.filter(({ stackName }) => stackName === undefined).map(({ file }) => file);
  const assembly = 'pass a cloud assembly (cdk.out), which contains the stack names';
  const errors =
    unnamed.length === 0
      ? []
      : unnamed.length === 1
        ? [`The stack name of ${unnamed[0]} is unknown. Pass it with ${option}, or ${assembly}.`]
        : [
            `The stack names of ${listNames(unnamed)} are unknown. Run the command for each template with ${option}, or ${assembly}.`,
          ];
  return { areNamed: false, stacks, errors };
}

/** Selects the stack of the only template, which does not contain its stack name. */
function selectOnly(template: LoadedTemplate, names: readonly string[], option: string): SelectedStacks {
  if (names.length === 1) return { areNamed: true, stacks: stackOf(template, names[0]), errors: [] };
  const error = `${template.file} is the template of one stack, but ${option} names ${names.length} stacks. Pass one name.`;
  return { areNamed: true, stacks: [], errors: [error] };
}

function isCalled({ stackName, constructPath }: LoadedTemplate, name: string): boolean {
  return stackName === name || (stackName !== undefined && constructPath === name);
}

function stackOf(template: LoadedTemplate, name: string | undefined): DeployedStack[] {
  const { region, account } = template;
  return name === undefined ? [] : [{ template, stack: name, name, region, account }];
}
