import { type DeployedRegion, type DeployedResource, CallerIdentity } from '../aws/cloudformation';
import { AwsError, type FailedRead, inSentences, type FailedKind, STACKS } from '../aws/errors';
import { type DeployedStack, deployedTemplate } from '../input/deployed-stacks';
import type { LoadedTemplate, LoadError } from '../input/loaded-template';
import { listNames } from '../text/list-names';
import type { ObservedStack } from '../verify/observed';
import type { DeployedAccount, DeployedLocation } from './account';

/** What came of reading stacks. */
export interface ReadStacks {
  readonly stacks: readonly ObservedStack[];
  /** What they were deployed with, under the IDs of the templates that are to be deployed to them. */
  readonly templates: readonly LoadedTemplate[];
  /** What is known of the stacks, by the IDs of their templates. */
  readonly locations: ReadonlyMap<string, DeployedLocation>;
  readonly errors: readonly LoadError[];
  /** Why something could not be read, a sentence each. */
  readonly failures: readonly string[];
  /** What is worth knowing and isn't wrong, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads stacks, and those nested in them.
 *
 * @param all the templates, with those of the nested stacks
 */
export async function readStacks(
  chosen: Pick<SelectedStacks, 'stacks' | 'areNamed'>,
  all: readonly LoadedTemplate[],
  account: DeployedAccount,
  onProgress: (what: string) => void,
): Promise<ReadStacks> {
  const reader = new StackReader(all, account, onProgress);
  const stacks = (await Promise.all(chosen.stacks.map((stack) => reader.read(stack)))).flat();
  return { stacks, ...reader.outcome(chosen.areNamed, stacks.length > 0) };
}

class StackReader {
  private readonly stacks = new Failures(STACKS);
  private readonly descriptions = new Failures({ ...STACKS, of: 'the parameters of' });
  private readonly originals = new Failures({ ...STACKS, of: 'the template of' });
  private readonly templates: LoadedTemplate[] = [];
  private readonly places = new Map<string, DeployedLocation>();
  private readonly errors: LoadError[] = [];
  private readonly notes: string[] = [];
  private readonly absent: DeployedStack[] = [];
  private readonly own = new CallerIdentity();
  private count = 0;

  constructor(
    private readonly all: readonly LoadedTemplate[],
    private readonly account: DeployedAccount,
    private readonly onProgress: (what: string) => void,
  ) {}

  public async read(stack: DeployedStack): Promise<ObservedStack[]> {
    const { name } = stack;
    const read = await this.stacks.attempt(name, stack.region, async () => {
      const region = await this.account.stacksIn(stack.region);
      return this.stacks.attempt(name, region.name, async () => {
        if (!this.own.isKnown) this.own.learn(await region.accountOfCredentials());
        this.own.refuseOther(stack.account);
        return this.readFrom(region, stack);
      });
    });
    return read ?? [];
  }

  /** What came of it, once all has been read. */
  public outcome(areNamed: boolean, isAnyThere: boolean): Omit<ReadStacks, 'stacks'> {
    const { templates, places, errors } = this;
    const absent = this.absent.filter((stack) => !this.isOfOther(stack));
    const { failures, notes } = missingStacks(absent, areNamed, isAnyThere);
    const unread = [this.stacks, this.descriptions, this.originals].flatMap((kind) => kind.inSentences());
    return {
      templates,
      locations: places,
      errors,
      failures: [...failures, ...unread],
      notes: [...this.notes, ...notes].sort(),
    };
  }

  /** Reads a stack, and those nested in it. */
  private async readFrom(region: DeployedRegion, stack: DeployedStack): Promise<ObservedStack[]> {
    const { template, name } = stack;
    await this.describe(region, stack);
    this.own.refuseOther(stack.account);
    const resources = await region.resourcesOf(stack.stack);
    this.onProgress(`Reading stack ${++this.count} of ${this.all.length}`);
    // One that has only been made for a change set has none.
    if (!resources?.length) {
      this.absent.push({ ...stack, region: region.name });
      return [];
    }
    await this.readTemplate(region, stack);
    const nested = this.all.flatMap((inner) => {
      if (inner.nestedIn?.id !== template.id) return [];
      const { logicalId } = inner.nestedIn;
      const arn = resources.find((resource) => resource.logicalId === logicalId)?.physicalId;
      const called = inner.constructPath ?? `${name}/${logicalId}`;
      return [{ ...stack, template: inner, stack: arn, name: called, nestedIn: stack.nestedIn ?? name }];
    });
    this.notes.push(...withoutTemplates(name, resources, nested));
    const read = await Promise.all(nested.map((inner) => this.readNested(region, inner)));
    const { nestedIn } = stack;
    return [
      { template: template.id, name, ...(nestedIn && { nestedIn }), region: region.name, resources },
      ...read.flat(),
    ];
  }

  private async readNested(
    region: DeployedRegion,
    { stack, ...nested }: Omit<DeployedStack, 'stack'> & { readonly stack?: string },
  ): Promise<ObservedStack[]> {
    const { name } = nested;
    if (stack === undefined) {
      this.absent.push({ ...nested, stack: '', region: region.name });
      return [];
    }
    const read = await this.stacks.attempt(name, region.name, () =>
      this.readFrom(region, { ...nested, stack }),
    );
    return read ?? [];
  }

  /** Whether a stack that isn't there is of another account, which is known only once the others are read. */
  private isOfOther({ name, region, account }: DeployedStack): boolean {
    const failure = this.own.failureOf(account);
    if (failure) this.stacks.add({ name, region, reason: failure.message });
    return failure !== undefined;
  }

  /** @throws DeployedFailure if nothing tells whether the stack is of the account that is read */
  private async describe(
    region: DeployedRegion,
    { stack, name, template, account }: DeployedStack,
  ): Promise<void> {
    const told = await this.descriptions.attempt(name, region.name, async () => ({
      found: await region.descriptionOf(stack),
    }));
    if (!told && account !== undefined && !this.own.isKnown) throw accountUnknown(account);
    const { found } = told ?? {};
    this.own.learn(found?.account);
    this.places.set(template.id, {
      region: region.name,
      // Nested stacks have names that CloudFormation makes up.
      ...(!template.nestedIn && { stackName: stack }),
      ...(found?.account !== undefined && { account: found.account }),
      ...(found && { parameterValues: found.parameters }),
    });
  }

  private async readTemplate(
    region: DeployedRegion,
    { stack, name, template }: DeployedStack,
  ): Promise<void> {
    const body = await this.originals.attempt(name, region.name, () => region.templateOf(stack));
    if (body === undefined) return;
    const { deployed, errors } = deployedTemplate(name, body, template);
    this.errors.push(...errors);
    if (deployed) this.templates.push(deployed);
  }
}

function accountUnknown(account: string): AwsError {
  const message = `since it is of the account ${account}, and nothing tells which the credentials are of: allow cloudformation:DescribeStacks, or set AWS_ACCOUNT_ID.`;
  return new AwsError(message, false);
}

/** What is said of the stacks nested in a stack whose templates are none of those given: they are passed over. */
function withoutTemplates(
  name: string,
  resources: readonly DeployedResource[],
  nested: readonly { readonly template: LoadedTemplate }[],
): string[] {
  const given = new Set(nested.map(({ template }) => template.nestedIn?.logicalId));
  return resources
    .filter(({ type, logicalId }) => type === 'AWS::CloudFormation::Stack' && !given.has(logicalId))
    .map(
      ({ logicalId }) =>
        `The stack '${name}/${logicalId}' was not verified: its template is none of those given.`,
    );
}

/** Collects why things of a kind can't be read, so that the others are. */
export class Failures {
  private readonly failed: FailedRead[] = [];

  constructor(private readonly kind: FailedKind) {}

  /**
   * What is read, or nothing if it can't be.
   *
   * @param name what readers call it
   * @param region where it is, as far as that is known
   */
  public async attempt<T>(
    name: string,
    region: string | undefined,
    read: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.add({ name, region, reason: error.message });
      return undefined;
    }
  }

  public add(failed: FailedRead): void {
    this.failed.push(failed);
  }

  /** What can't be read, and why: once for each reason. */
  public inSentences(): string[] {
    const inOrder = [...this.failed].sort((a, b) => (a.name < b.name ? -1 : 1));
    return inSentences(inOrder, this.kind);
  }
}

/** What is said of stacks that aren't there. */
export interface MissingStacks {
  /** A sentence each. */
  readonly failures: readonly string[];
  /** A sentence each. */
  readonly notes: readonly string[];
}

/**
 * Stacks that aren't there may be yet to come. One that was asked for by its name is meant to be there, and if there
 * is none at all, it is the wrong region or account, as a rule: nobody is to take that for a verdict.
 *
 * @param absent each with its region
 * @param areNamed whether those that are in no other have been asked for by their names
 * @param isAnyThere whether any of the run is
 */
function missingStacks(
  absent: readonly DeployedStack[],
  areNamed: boolean,
  isAnyThere: boolean,
): MissingStacks {
  const nested = absent.filter(({ template }) => template.nestedIn);
  const outermost = absent.filter(({ template }) => !template.nestedIn);
  if (areNamed) return { failures: outermost.map(notThere), notes: nested.map(notYetThere) };
  if (isAnyThere || outermost.length === 0) return { failures: [], notes: absent.map(notYetThere) };
  return { failures: [noneThere(outermost)], notes: nested.map(notYetThere) };
}

function notYetThere({ name, region }: DeployedStack): string {
  return `The stack '${name}' isn't deployed in ${region} yet: there is nothing to verify.`;
}

function notThere({ name, region }: DeployedStack): string {
  return `The stack '${name}' isn't deployed in ${region}: name one that is, or its region by --region.`;
}

function noneThere(absent: readonly DeployedStack[]): string {
  const names = listNames(absent.map(({ name }) => `'${name}'`).sort());
  const regions = [...new Set(absent.map(({ region }) => region))].sort().join(', ');
  const which = absent.length === 1 ? `The stack ${names} isn't` : `None of the stacks ${names} is`;
  return `${which} deployed in ${regions}, so that nothing was verified: name the region by --region, or a profile of the account by --profile.`;
}

/** The stacks to read, without those nested in them, and what is wrong with how they are named. */
export interface SelectedStacks {
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
export function selectStacks(names: readonly string[], templates: readonly LoadedTemplate[]): SelectedStacks {
  const outermost = templates.filter(({ nestedIn }) => !nestedIn);
  if (names.length === 0) return allOf(outermost);
  const [only, ...others] = outermost;
  if (only && only.stackName === undefined && others.length === 0) return onlyOne(only, names);
  const unknown = names.filter((name) => !outermost.some((template) => isCalled(template, name)));
  const known = listNames(outermost.map(({ stackName, file }) => stackName ?? file));
  return {
    areNamed: true,
    stacks: outermost.filter((template) => names.some((name) => isCalled(template, name))).flatMap(stackOf),
    errors: unknown.map(
      (name) =>
        `--stack ${name}: it is none of those in the templates (${known}): name one of them, or give a single template that doesn't say its stack's name.`,
    ),
  };
}

function allOf(templates: readonly LoadedTemplate[]): SelectedStacks {
  const unnamed = templates.filter(({ stackName }) => stackName === undefined).map(({ file }) => file);
  const assembly = 'a cloud assembly (cdk.out), which has the names';
  const errors = {
    none: [],
    one: [`${unnamed[0]} doesn't say its stack's name: name it by --stack, or give ${assembly}.`],
    many: [
      `${listNames(unnamed)} don't say their stacks' names: verify each alone, with --stack, or give ${assembly}.`,
    ],
  };
  const number = unnamed.length > 1 ? 'many' : unnamed.length === 1 ? 'one' : 'none';
  return { areNamed: false, stacks: templates.flatMap(stackOf), errors: errors[number] };
}

/** A template that doesn't say its stack's name, which is given instead. */
function onlyOne(template: LoadedTemplate, [name, ...more]: readonly string[]): SelectedStacks {
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
