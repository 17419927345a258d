import { objectAt } from '../model/json';
import type { Baseline, BaselineOptions } from './baseline';
import { inBaseline } from './baseline-error';
import { type FailedStack, inSentences } from './deployed-failed-stacks';
import { DeployedFailure } from './deployed-failure';
import { Lanes } from './deployed-lanes';
import { DeployedRegion } from './deployed-region';
import { type DeployedStack, stacksOf } from './deployed-stacks';
import type { LoadedTemplate } from './loaded';
import { isTemplate, parseTemplate } from './template-text';

/** How many requests are under way at once: CloudFormation answers few in a second. */
const LANES = 4;

/** What came of reading a stack, and those nested in it. */
interface Outcome extends Baseline {
  readonly failed: readonly FailedStack[];
}

const NOTHING: Outcome = { templates: [], errors: [], notes: [], failed: [] };

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
  const { templates, errors, notes, failed } = await new DeployedTemplates(current, options).readAll(stacks);
  const blamed = [...misnamed, ...inSentences(failed)].map((message) => ({ file: spec, message }));
  return { templates, errors: [...blamed, ...errors.map(inBaseline)], notes };
}

class DeployedTemplates {
  private readonly regions = new Map<string | undefined, Promise<DeployedRegion>>();
  private readonly lanes = new Lanes(LANES);
  private read = 0;

  constructor(
    private readonly current: readonly LoadedTemplate[],
    private readonly options: BaselineOptions,
  ) {}

  public async readAll(stacks: readonly DeployedStack[]): Promise<Outcome> {
    const outcomes = await Promise.all(stacks.map((stack) => this.readStack(stack)));
    for (const region of await Promise.allSettled(this.regions.values())) {
      if (region.status === 'fulfilled') region.value.close();
    }
    return together(outcomes);
  }

  private async readStack(stack: DeployedStack): Promise<Outcome> {
    const { name, account } = stack;
    const where = stack.region ?? this.options.region;
    return attempt(name, where, async () => {
      const region = await this.connectTo(where);
      return attempt(name, region.name, async () => {
        const own = account === undefined ? undefined : await region.account();
        if (own !== undefined && own !== account) throw ofOtherAccount(own, account);
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
      return stack ? this.readFrom(region, { ...parent, template, stack, name }) : notDeployed(name, region);
    });
  }

  /** Reads a stack, and those nested in it. */
  private async readFrom(region: DeployedRegion, stack: DeployedStack): Promise<Outcome> {
    const { template, name } = stack;
    const body = await region.templateOf(stack.stack);
    this.options.onProgress?.(`Reading the baseline, stack ${++this.read} of ${this.current.length}`);
    const file = `deployed:${name}`;
    const { template: deployed, errors: faults, locate } = parseTemplate(file, body ?? '{}');
    const errors = faults.map((fault) => ({ file, ...fault }));
    if (!isTemplate(deployed)) {
      // The template of a stack that has only been made for a change set is empty.
      return errors.length > 0 ? { ...NOTHING, errors } : notDeployed(name, region);
    }
    const { id, stackName, account, region: ofTemplate, group, nestedIn } = template;
    const known = { id, stackName, account, region: ofTemplate, group, nestedIn };
    const nested = this.current.filter((one) => one.nestedIn?.id === id);
    return together([
      { ...NOTHING, errors, templates: [{ ...known, file, template: deployed, locate }] },
      ...(await Promise.all(nested.map((one) => this.readNested(region, stack, deployed, one)))),
    ]);
  }

  private connectTo(name: string | undefined): Promise<DeployedRegion> {
    const known = this.regions.get(name);
    const region = known ?? DeployedRegion.connect(name, this.options.profile, this.lanes);
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
    if (!(error instanceof DeployedFailure)) throw error;
    return { ...NOTHING, failed: [{ name, region, reason: error.message }] };
  }
}

function notDeployed(stack: string, { name }: DeployedRegion): Outcome {
  return { ...NOTHING, notes: [`The stack '${stack}' isn't deployed in ${name}: it has no baseline.`] };
}

function ofOtherAccount(own: string, account: string | undefined): DeployedFailure {
  const message = `since it is of the account ${account}, and the credentials are of ${own}: name a profile of ${account} by --profile.`;
  return new DeployedFailure(message, false);
}

function together(outcomes: readonly Outcome[]): Outcome {
  return {
    templates: outcomes.flatMap(({ templates }) => templates),
    errors: outcomes.flatMap(({ errors }) => errors),
    notes: outcomes.flatMap(({ notes }) => notes),
    failed: outcomes.flatMap(({ failed }) => failed),
  };
}
