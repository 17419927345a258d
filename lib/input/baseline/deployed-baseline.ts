import { DeployedClients, ConcurrencyLimit } from '../../aws/clients';
import { DeployedRegion, CallerIdentity } from '../../aws/cloudformation';
import { AwsError, type FailedRead, inSentences, STACKS } from '../../aws/errors';
import { objectAt } from '../../cloudformation/json';
import { type DeployedStack, deployedTemplate, stacksOf } from '../deployed-stacks';
import type { LoadedTemplate } from '../loaded-template';
import type { Baseline, BaselineOptions } from './baseline';
import { inBaseline } from './baseline-spec';

/** How many requests are under way at once: CloudFormation answers few in a second. */
const MAX_CONCURRENCY = 4;

const ACTIONS =
  'cloudformation:DescribeStacks, cloudformation:GetTemplate and cloudformation:DescribeStackResource';

/** What came of reading a stack, and those nested in it. */
interface Outcome extends Omit<Baseline, 'notes'> {
  readonly failed: readonly FailedRead[];
  /** Those that aren't there. */
  readonly absent: readonly MissingStack[];
}

interface MissingStack {
  readonly name: string;
  readonly region: string;
  readonly account?: string;
}

const NOTHING: Outcome = { templates: [], errors: [], failed: [], absent: [] };

/**
 * Reads what stacks were deployed with last.
 *
 * @param spec what to blame errors on
 * @param stack the name of the one that is meant; by default, all are that templates are of
 * @param current the templates to be deployed next
 */
export async function deployedTemplates(
  spec: string,
  stack: string | undefined,
  current: readonly LoadedTemplate[],
  options: BaselineOptions,
): Promise<Baseline> {
  const { stacks, errors: misnamed } = stacksOf(stack, current);
  const { templates, errors, failed, absent } = await new DeployedTemplates(current, options).readAll(stacks);
  // One that isn't named may be yet to come.
  const unknown = absent.filter(({ name }) => name === stack).map(notThere);
  const blamed = [...misnamed, ...unknown, ...inSentences(failed, STACKS)];
  return {
    templates,
    errors: [...blamed.map((message) => ({ file: spec, message })), ...errors.map(inBaseline)],
    notes: absent.filter(({ name }) => name !== stack).map(withoutBaseline),
  };
}

class DeployedTemplates {
  private readonly regions = new Map<string | undefined, Promise<DeployedRegion>>();
  private readonly lanes = new ConcurrencyLimit(MAX_CONCURRENCY);
  private readonly clients: DeployedClients;
  private readonly own = new CallerIdentity();
  private read = 0;

  constructor(
    private readonly current: readonly LoadedTemplate[],
    private readonly options: BaselineOptions,
  ) {
    this.clients = new DeployedClients(options.profile);
  }

  public async readAll(stacks: readonly DeployedStack[]): Promise<Outcome> {
    const outcomes = await Promise.all(stacks.map((stack) => this.readStack(stack)));
    for (const region of await Promise.allSettled(this.regions.values())) {
      if (region.status === 'fulfilled') region.value.close();
    }
    return this.withoutOthers(together(outcomes));
  }

  /** One that isn't there may be in the account that it is of, which is known only once the others are read. */
  private withoutOthers({ absent, failed, ...outcome }: Outcome): Outcome {
    const elsewhere = absent.flatMap(({ name, region, account }): FailedRead[] => {
      const failure = this.own.failureOf(account);
      return failure ? [{ name, region, reason: failure.message }] : [];
    });
    return {
      ...outcome,
      failed: [...failed, ...elsewhere],
      absent: absent.filter(({ account }) => !this.own.failureOf(account)),
    };
  }

  private async readStack(stack: DeployedStack): Promise<Outcome> {
    const { name, account } = stack;
    const where = stack.region ?? this.options.region;
    return attempt(name, where, async () => {
      const region = await this.connectTo(where);
      return attempt(name, region.name, async () => {
        if (!this.own.isKnown) this.own.learn(await region.accountOfCredentials());
        this.own.refuseOther(account);
        const found = await region.descriptionOf(stack.stack);
        if (!found) return notDeployed(stack, region);
        this.own.learn(found.account);
        this.own.refuseOther(account);
        return this.readFrom(region, stack);
      });
    });
  }

  private readNested(
    region: DeployedRegion,
    parent: DeployedStack,
    deployed: unknown,
    template: LoadedTemplate,
  ): Promise<Outcome> {
    const logicalId = template.nestedIn?.logicalId ?? '';
    const name = `${parent.name}/${logicalId}`;
    return attempt(name, region.name, async () => {
      const isNew = !Object.hasOwn(objectAt(deployed, 'Resources'), logicalId);
      const stack = isNew ? undefined : await region.nestedStack(parent.stack, logicalId);
      return stack
        ? this.readFrom(region, { ...parent, template, stack, name })
        : notDeployed({ ...parent, name }, region);
    });
  }

  /** Reads a stack, and those nested in it. */
  private async readFrom(region: DeployedRegion, stack: DeployedStack): Promise<Outcome> {
    const { template, name } = stack;
    const body = await region.templateOf(stack.stack);
    this.options.onProgress?.(`Reading the baseline, stack ${++this.read} of ${this.current.length}`);
    const { deployed, errors } = deployedTemplate(name, body ?? '{}', template);
    // The template of a stack that has only been made for a change set is empty.
    if (!deployed) return errors.length > 0 ? { ...NOTHING, errors } : notDeployed(stack, region);
    const nested = this.current.filter((one) => one.nestedIn?.id === template.id);
    return together([
      { ...NOTHING, errors, templates: [deployed] },
      ...(await Promise.all(nested.map((one) => this.readNested(region, stack, deployed.template, one)))),
    ]);
  }

  private connectTo(name: string | undefined): Promise<DeployedRegion> {
    const known = this.regions.get(name);
    const region = known ?? DeployedRegion.connect(name, this.clients, this.lanes, ACTIONS);
    this.regions.set(name, region);
    return region;
  }
}

async function attempt(
  name: string,
  region: string | undefined,
  read: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { ...NOTHING, failed: [{ name, region, reason: error.message }] };
  }
}

function notDeployed({ name, account }: Omit<DeployedStack, 'template'>, region: DeployedRegion): Outcome {
  return { ...NOTHING, absent: [{ name, region: region.name, account }] };
}

function withoutBaseline({ name, region }: MissingStack): string {
  return `The stack '${name}' isn't deployed in ${region}: it has no baseline.`;
}

function notThere({ name, region }: MissingStack): string {
  return `The stack '${name}' isn't deployed in ${region}: name one that is, or its region by --region.`;
}

function together(outcomes: readonly Outcome[]): Outcome {
  return {
    templates: outcomes.flatMap(({ templates }) => templates),
    errors: outcomes.flatMap(({ errors }) => errors),
    failed: outcomes.flatMap(({ failed }) => failed),
    absent: outcomes.flatMap(({ absent }) => absent),
  };
}
