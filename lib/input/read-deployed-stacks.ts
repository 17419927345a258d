import { CallerIdentity, type CloudFormationStacks } from '../aws/cloudformation';
import { ReadFailures, STACKS } from '../aws/errors';
import type { DeployedStack } from './deployed-stacks';
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
