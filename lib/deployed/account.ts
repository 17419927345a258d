import { DeployedClients, ConcurrencyLimit } from '../aws/clients';
import { DeployedRegion } from '../aws/cloudformation';
import type { TemplateSource } from '../cloudformation/template';
import { IamRoles } from './iam';
import { LambdaFunctions } from './lambda';

export interface AccountOptions {
  /** By default, as the AWS SDK finds it. */
  readonly region?: string;
  /** The profile with the credentials; by default, as the AWS SDK finds it. */
  readonly profile?: string;
  /** How many requests are under way at once. */
  readonly concurrency: number;
}

const STACK_ACTIONS =
  'cloudformation:DescribeStacks, cloudformation:ListStackResources and cloudformation:GetTemplate';

/** The account that is read, in all of its regions. */
export class DeployedAccount {
  private readonly limit: ConcurrencyLimit;
  private readonly clients: DeployedClients;
  private readonly open = new Map<string, Promise<{ close(): void }>>();

  constructor(private readonly options: AccountOptions) {
    this.limit = new ConcurrencyLimit(options.concurrency);
    this.clients = new DeployedClients(options.profile);
  }

  /**
   * @param region by default, that of the options
   * @throws DeployedFailure if it isn't known which region this is
   */
  public stacksIn(region = this.options.region): Promise<DeployedRegion> {
    return this.opened(`stacks ${region}`, () =>
      DeployedRegion.connect(region, this.clients, this.limit, STACK_ACTIONS),
    );
  }

  public functionsIn(region: string): Promise<LambdaFunctions> {
    return this.opened(`functions ${region}`, () =>
      LambdaFunctions.connect(region, this.clients, this.limit),
    );
  }

  public rolesIn(region: string): Promise<IamRoles> {
    return this.opened(`roles ${region}`, () => IamRoles.connect(region, this.clients, this.limit));
  }

  public async close(): Promise<void> {
    for (const client of await Promise.allSettled(this.open.values())) {
      if (client.status === 'fulfilled') client.value.close();
    }
  }

  private opened<T extends { close(): void }>(key: string, connect: () => Promise<T>): Promise<T> {
    const known = this.open.get(key) as Promise<T> | undefined;
    const client = known ?? connect();
    this.open.set(key, client);
    return client;
  }
}

/** What is known of a template where it is deployed, and of no other deployment of it. */
export type DeployedLocation = Pick<TemplateSource, 'stackName' | 'region' | 'account' | 'parameterValues'>;

/**
 * Templates with what is known of the stacks that they are, or are to be, deployed to: what depends on a parameter, on
 * the region or on the account, is known there.
 *
 * @param places by the templates' IDs
 */
export function byLocation<T extends TemplateSource>(
  templates: readonly T[],
  places: ReadonlyMap<string, DeployedLocation>,
): T[] {
  return templates.map((template) => ({ ...template, ...places.get(template.id) }));
}
