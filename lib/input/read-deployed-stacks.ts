import { CallerIdentity, type CloudFormationStacks } from '../aws/cloudformation';
import { ReadFailures, STACKS } from '../aws/errors';
import { listNames } from '../text/printable';
import type { LoadedTemplate, LoadError } from './loaded-template';
import { parseTemplate, templateFault } from './parse-template';

/** A deployed stack with the parts of it that a command reads. */
export interface FoundStack<T> {
  readonly content: T;
  /**
   * Returns the ARN of a stack nested in it, or undefined if that is not deployed.
   *
   * @default - the nested stacks are not read
   */
  readonly nestedArn?: (logicalId: string) => string | undefined | Promise<string | undefined>;
}

/** The parts of a stack that a command reads. */
export interface StackContent<T> {
  /**
   * Reads one stack, without those nested in it. Returns undefined if it is not deployed.
   *
   * @param caller the account of the credentials; learns it from the stack
   * @throws AwsError
   */
  read(
    stack: DeployedStack,
    cloudFormation: CloudFormationStacks,
    caller: CallerIdentity,
  ): Promise<FoundStack<T> | undefined>;
  /** Returns the name of a nested stack for messages. */
  nameOfNested(parent: DeployedStack, template: LoadedTemplate, logicalId: string): string;
}

/** A stack that is not deployed in a region. */
export type MissingStack = Omit<DeployedStack, 'stack'> & { readonly region: string };

/** The stacks that were read, and messages about stacks that could not be read. */
export interface ReadDeployedStacks<T> {
  readonly found: readonly T[];
  readonly missing: readonly MissingStack[];
  readonly failures: readonly string[];
}

/**
 * Reads stacks and the stacks nested in them. Errors of one stack do not affect the others.
 *
 * @param templates all templates, including those of nested stacks
 * @param connect returns the stacks of a region; of the default region if no name is passed
 * @param onProgress called with the number of stacks read so far
 */
export async function readDeployedStacks<T>(
  stacks: readonly DeployedStack[],
  templates: readonly LoadedTemplate[],
  connect: (region: string | undefined) => Promise<CloudFormationStacks>,
  content: StackContent<T>,
  onProgress: (stacksRead: number) => void,
): Promise<ReadDeployedStacks<T>> {
  const reader = new StackReader(templates, connect, content, onProgress);
  const found = (await Promise.all(stacks.map((stack) => reader.read(stack)))).flat();
  return { found, ...reader.unread() };
}

class StackReader<T> {
  private readonly failures = new ReadFailures(STACKS);
  private readonly missing: MissingStack[] = [];
  private readonly caller = new CallerIdentity();
  private stacksRead = 0;

  constructor(
    private readonly templates: readonly LoadedTemplate[],
    private readonly connect: (region: string | undefined) => Promise<CloudFormationStacks>,
    private readonly content: StackContent<T>,
    private readonly onProgress: (stacksRead: number) => void,
  ) {}

  public async read(stack: DeployedStack): Promise<T[]> {
    const { name, account } = stack;
    const read = await this.failures.attempt(name, stack.region, async () => {
      const cloudFormation = await this.connect(stack.region);
      return this.failures.attempt(name, cloudFormation.region, async () => {
        if (!this.caller.isKnown) this.caller.learn(await cloudFormation.accountOfCredentials());
        this.caller.assertAccount(account);
        return this.readWithNested(stack, cloudFormation);
      });
    });
    return read ?? [];
  }

  /**
   * Returns the stacks that are missing or failed. Call it after all stacks are read: a missing stack may belong
   * to another account, and the account of the credentials may only be known from the stacks that were found.
   */
  public unread(): Omit<ReadDeployedStacks<T>, 'found'> {
    const missing = this.missing.filter(({ name, region, account }) => {
      const mismatch = this.caller.mismatch(account);
      if (mismatch) this.failures.add({ name, region, reason: mismatch.message });
      return !mismatch;
    });
    missing.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { missing, failures: this.failures.messages() };
  }

  private async readWithNested(stack: DeployedStack, cloudFormation: CloudFormationStacks): Promise<T[]> {
    const found = await this.content.read(stack, cloudFormation, this.caller);
    this.onProgress(++this.stacksRead);
    if (!found) {
      this.missing.push({ ...stack, region: cloudFormation.region });
      return [];
    }
    const { content, nestedArn } = found;
    if (!nestedArn) return [content];
    const nested = this.templates.filter(({ nestedIn }) => nestedIn?.id === stack.template.id);
    const read = await Promise.all(
      nested.map((template) => this.readNested(template, stack, nestedArn, cloudFormation)),
    );
    return [content, ...read.flat()];
  }

  private async readNested(
    template: LoadedTemplate,
    parent: DeployedStack,
    nestedArn: NonNullable<FoundStack<T>['nestedArn']>,
    cloudFormation: CloudFormationStacks,
  ): Promise<T[]> {
    const logicalId = template.nestedIn?.logicalId ?? '';
    const name = this.content.nameOfNested(parent, template, logicalId);
    const read = await this.failures.attempt(name, cloudFormation.region, async () => {
      const arn = await nestedArn(logicalId);
      const nested = { ...parent, template, name, nestedIn: parent.nestedIn ?? parent.name };
      if (arn !== undefined) return this.readWithNested({ ...nested, stack: arn }, cloudFormation);
      this.missing.push({ ...nested, region: cloudFormation.region });
      return [];
    });
    return read ?? [];
  }
}

/** Returns the error for a stack that the user named and that is not deployed. */
export function namedStackMissing({ name, region }: MissingStack): string {
  return `The stack '${name}' is not deployed in ${region}. Pass the name of a deployed stack, or its region with --region.`;
}

/** The template of a deployed stack. */
export interface DeployedTemplate {
  /** Undefined if the text is not a template. */
  readonly template?: LoadedTemplate;
  readonly errors: readonly LoadError[];
}

/**
 * Parses the template of a deployed stack. It gets the ID of the template that is going to be deployed to the stack.
 *
 * @param body the text of the template
 */
export function parseDeployedTemplate(
  body: string,
  { name, template: current }: DeployedStack,
): DeployedTemplate {
  const file = `deployed:${name}`;
  const parsed = parseTemplate(file, body);
  const errors = parsed.errors.map((error) => ({ file, ...error }));
  if (templateFault(parsed)) return { errors };
  const { id, stackName, account, region, group, nestedIn } = current;
  const { template, locate } = parsed;
  return {
    template: { id, stackName, account, region, group, nestedIn, file, template, locate, isInAscii: true },
    errors,
  };
}

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
