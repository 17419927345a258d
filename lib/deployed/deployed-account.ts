import { DeployedClients } from '../load/deployed-clients';
import { Lanes } from '../load/deployed-lanes';
import { DeployedRegion } from '../load/deployed-region';
import { IamRoles } from './iam-roles';
import { LambdaFunctions } from './lambda-functions';

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
  private readonly lanes: Lanes;
  private readonly clients: DeployedClients;
  private readonly open = new Map<string, Promise<{ close(): void }>>();

  constructor(private readonly options: AccountOptions) {
    this.lanes = new Lanes(options.concurrency);
    this.clients = new DeployedClients(options.profile);
  }

  /**
   * @param region by default, that of the options
   * @throws DeployedFailure if it isn't known which region this is
   */
  public stacksIn(region = this.options.region): Promise<DeployedRegion> {
    return this.opened(`stacks ${region}`, () =>
      DeployedRegion.connect(region, this.clients, this.lanes, STACK_ACTIONS),
    );
  }

  public functionsIn(region: string): Promise<LambdaFunctions> {
    return this.opened(`functions ${region}`, () =>
      LambdaFunctions.connect(region, this.clients, this.lanes),
    );
  }

  public rolesIn(region: string): Promise<IamRoles> {
    return this.opened(`roles ${region}`, () => IamRoles.connect(region, this.clients, this.lanes));
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
