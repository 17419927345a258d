import { listed } from '../model/listed';
import type { DeployedStack } from '../load/deployed-stacks';
import type { LoadedTemplate } from '../load/loaded';

/** The stacks to read, without those nested in them, and what is wrong with how they are named. */
export interface ChosenStacks {
  readonly stacks: readonly DeployedStack[];
  /** Whether they have been asked for by their names. */
  readonly areNamed: boolean;
  readonly errors: readonly string[];
}

/**
 * Which stacks templates are deployed to.
 *
 * @param names of those that are meant, or the construct paths; by default, all are
 */
export function chosenStacks(names: readonly string[], templates: readonly LoadedTemplate[]): ChosenStacks {
  const outermost = templates.filter(({ nestedIn }) => !nestedIn);
  if (names.length === 0) return allOf(outermost);
  const [only, ...others] = outermost;
  if (only && only.stackName === undefined && others.length === 0) return onlyOne(only, names);
  const unknown = names.filter((name) => !outermost.some((template) => isCalled(template, name)));
  const known = listed(outermost.map(({ stackName, file }) => stackName ?? file));
  return {
    areNamed: true,
    stacks: outermost.filter((template) => names.some((name) => isCalled(template, name))).flatMap(stackOf),
    errors: unknown.map(
      (name) =>
        `--stack ${name}: it is none of those in the templates (${known}): name one of them, or give a single template that doesn't say its stack's name.`,
    ),
  };
}

function allOf(templates: readonly LoadedTemplate[]): ChosenStacks {
  const unnamed = templates.filter(({ stackName }) => stackName === undefined).map(({ file }) => file);
  const assembly = 'a cloud assembly (cdk.out), which has the names';
  const errors = {
    none: [],
    one: [`${unnamed[0]} doesn't say its stack's name: name it by --stack, or give ${assembly}.`],
    many: [
      `${listed(unnamed)} don't say their stacks' names: verify each alone, with --stack, or give ${assembly}.`,
    ],
  };
  const number = unnamed.length > 1 ? 'many' : unnamed.length === 1 ? 'one' : 'none';
  return { areNamed: false, stacks: templates.flatMap(stackOf), errors: errors[number] };
}

/** A template that doesn't say its stack's name, which is given instead. */
function onlyOne(template: LoadedTemplate, [name, ...more]: readonly string[]): ChosenStacks {
  if (more.length === 0) {
    return { areNamed: true, stacks: stackOf({ ...template, stackName: name }), errors: [] };
  }
  const error = `${template.file} can be one stack only, and --stack names ${more.length + 1}: name one.`;
  return { areNamed: true, stacks: [], errors: [error] };
}

function isCalled({ stackName, constructPath }: LoadedTemplate, name: string): boolean {
  return stackName === name || (stackName !== undefined && constructPath === name);
}

function stackOf(template: LoadedTemplate): DeployedStack[] {
  const { stackName: name, region, account } = template;
  return name === undefined ? [] : [{ template, stack: name, name, region, account }];
}
