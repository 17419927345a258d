import { STACKS } from '../load/deployed-failed';
import { DeployedFailure } from '../load/deployed-failure';
import type { DeployedRegion, DeployedResource } from '../load/deployed-region';
import type { DeployedStack } from '../load/deployed-stacks';
import { deployedTemplate } from '../load/deployed-template';
import type { LoadedTemplate, LoadError } from '../load/loaded';
import { OwnAccount } from '../load/own-account';
import type { ObservedStack } from '../verify/observed';
import { onAbsent } from './absent-stacks';
import type { ChosenStacks } from './chosen-stacks';
import type { DeployedAccount } from './deployed-account';
import type { DeployedPlace } from './deployed-places';
import { Failures } from './failures';

/** What came of reading stacks. */
export interface ReadStacks {
  readonly stacks: readonly ObservedStack[];
  /** What they were deployed with, under the IDs of the templates that are to be deployed to them. */
  readonly templates: readonly LoadedTemplate[];
  /** What is known of the stacks, by the IDs of their templates. */
  readonly places: ReadonlyMap<string, DeployedPlace>;
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
  chosen: Pick<ChosenStacks, 'stacks' | 'areNamed'>,
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
  private readonly places = new Map<string, DeployedPlace>();
  private readonly errors: LoadError[] = [];
  private readonly notes: string[] = [];
  private readonly absent: DeployedStack[] = [];
  private readonly own = new OwnAccount();
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
    const { failures, notes } = onAbsent(absent, areNamed, isAnyThere);
    const unread = [this.stacks, this.descriptions, this.originals].flatMap((kind) => kind.inSentences());
    return {
      templates,
      places,
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

function accountUnknown(account: string): DeployedFailure {
  const message = `since it is of the account ${account}, and nothing tells which the credentials are of: allow cloudformation:DescribeStacks, or set AWS_ACCOUNT_ID.`;
  return new DeployedFailure(message, false);
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
