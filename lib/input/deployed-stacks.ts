import { listNames } from '../text/list-names';
import type { LoadedTemplate, LoadError } from './loaded-template';
import { isTemplate, parseTemplate } from './parse-template';

/** A stack to read, for a template that is to be deployed to it. */
export interface DeployedStack {
  readonly template: LoadedTemplate;
  /** Its name, or the ARN, which is all that a nested stack is known by. */
  readonly stack: string;
  /** What readers call it: the name, and the logical IDs of nested stacks after it. */
  readonly name: string;
  /** The name of the outermost stack that it is nested in. */
  readonly nestedIn?: string;
  /** Where it is, as far as the template says. */
  readonly region?: string;
  readonly account?: string;
}

/** The stacks of templates, without those nested in them, and what is wrong with how they are named. */
interface DeployedStacks {
  readonly stacks: readonly DeployedStack[];
  readonly errors: readonly string[];
}

/**
 * Which stacks templates are of.
 *
 * @param name of the one that is meant; by default, all are
 */
export function stacksOf(name: string | undefined, current: readonly LoadedTemplate[]): DeployedStacks {
  const templates = current.filter(({ nestedIn }) => !nestedIn);
  return name === undefined ? allOf(templates) : oneOf(templates, name);
}

function allOf(templates: readonly LoadedTemplate[]): DeployedStacks {
  const stacks = templates.flatMap((template) => stackOf(template, template.stackName));
  const unnamed = templates.filter(({ stackName }) => stackName === undefined).map(({ file }) => file);
  if (unnamed.length === 0) return { stacks, errors: [] };
  const assembly = 'a cloud assembly (cdk.out), which has the names';
  const error =
    unnamed.length === 1
      ? `${unnamed[0]} doesn't say its stack's name: write it as deployed:STACK, or judge ${assembly}.`
      : `${listNames(unnamed)} don't say their stacks' names: judge each alone, with deployed:STACK, or judge ${assembly}.`;
  return { stacks, errors: [error] };
}

function oneOf(templates: readonly LoadedTemplate[], name: string): DeployedStacks {
  if (name === '') {
    return { stacks: [], errors: ['No stack is named: write deployed:Orders, for instance, or deployed.'] };
  }
  const named = templates.filter(({ stackName }) => stackName === name);
  const [only, ...others] = templates;
  const isUnnamed = only && others.length === 0 && only.stackName === undefined;
  const meant = isUnnamed ? [only] : named;
  if (meant.length > 0 || !only) {
    return { stacks: meant.flatMap((template) => stackOf(template, name)), errors: [] };
  }
  const judged = listNames(templates.map(({ stackName, file }) => stackName ?? file));
  const error = `The stack '${name}' is none of those judged (${judged}): name one of them, or judge a single template that doesn't say its stack's name.`;
  return { stacks: [], errors: [error] };
}

function stackOf(template: LoadedTemplate, name: string | undefined): DeployedStack[] {
  const { region, account } = template;
  return name === undefined ? [] : [{ template, stack: name, name, region, account }];
}

/** What a stack was deployed with; nothing if that is no template. */
interface Deployed {
  readonly deployed?: LoadedTemplate;
  readonly errors: readonly LoadError[];
}

/**
 * Reads what a stack was deployed with.
 *
 * @param stack what readers call it
 * @param body the text of the template
 * @param current the template that is to be deployed to it, which it has the ID of
 */
export function deployedTemplate(stack: string, body: string, current: LoadedTemplate): Deployed {
  const file = `deployed:${stack}`;
  const { template, errors: faults, locate } = parseTemplate(file, body);
  const errors = faults.map((fault) => ({ file, ...fault }));
  if (!isTemplate(template)) return { errors };
  const { id, stackName, account, region, group, nestedIn } = current;
  const place = { id, stackName, account, region, group, nestedIn, file };
  return { deployed: { ...place, template, locate, isInAscii: true }, errors };
}
