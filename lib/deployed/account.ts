import type * as Sdk from '@aws-sdk/client-xray';
import { ClientFactory, ConcurrencyLimit, Connections, RequestSender } from '../aws/clients';
import { CloudFormationStacks } from '../aws/cloudformation';
import type { TemplateSource } from '../cloudformation/template';
import type { ObservedTransactionSearch } from '../verify/deployed-functions';
import { IamRoles } from './iam';
import { LambdaFunctions } from './lambda';

export interface AccountOptions {
  /**
   * The region of templates that do not contain theirs.
   *
   * @default - the region that the AWS SDK finds
   */
  readonly region?: string;
  /**
   * The profile with the credentials.
   *
   * @default - the profile that the AWS SDK finds
   */
  readonly profile?: string;
  /** The maximum number of concurrent requests. */
  readonly concurrency: number;
}

const STACK_ACTIONS =
  'cloudformation:DescribeStacks, cloudformation:ListStackResources and cloudformation:GetTemplate';

/** The connections to the regions of an account. */
export class DeployedAccount {
  private readonly limit: ConcurrencyLimit;
  private readonly clients: ClientFactory;
  private readonly connections = new Connections();

  constructor(private readonly options: AccountOptions) {
    this.limit = new ConcurrencyLimit(options.concurrency);
    this.clients = new ClientFactory(options.profile);
  }

  /**
   * @param region the name of the region; by default, the region of the options
   * @throws AwsError if the region is unknown
   */
  public stacksIn(region = this.options.region): Promise<CloudFormationStacks> {
    return this.connections.get(`stacks ${region}`, () =>
      CloudFormationStacks.connect(region, this.clients, this.limit, STACK_ACTIONS),
    );
  }

  public functionsIn(region: string): Promise<LambdaFunctions> {
    return this.connections.get(`functions ${region}`, () =>
      LambdaFunctions.connect(region, this.clients, this.limit),
    );
  }

  public rolesIn(region: string): Promise<IamRoles> {
    return this.connections.get(`roles ${region}`, () => IamRoles.connect(region, this.clients, this.limit));
  }

  public xrayIn(region: string): Promise<XRaySettings> {
    return this.connections.get(`xray ${region}`, () =>
      XRaySettings.connect(region, this.clients, this.limit),
    );
  }

  public close(): Promise<void> {
    return this.connections.close();
  }
}

/** The properties of a template that are known only for one deployment of it. */
export type DeployedLocation = Pick<TemplateSource, 'stackName' | 'region' | 'account' | 'parameterValues'>;

/**
 * Adds the locations of stacks to their templates. Values that depend on a parameter, the region or the account are then
 * known.
 *
 * @param locations the locations by the IDs of the templates
 */
export function withLocations<T extends TemplateSource>(
  templates: readonly T[],
  locations: ReadonlyMap<string, DeployedLocation>,
): T[] {
  return templates.map((template) => ({ ...template, ...locations.get(template.id) }));
}

const CALLS = { service: 'X-Ray', actions: 'xray:GetTraceSegmentDestination and xray:GetIndexingRules' };

/** The settings of X-Ray in a region. */
class XRaySettings {
  private readonly requests: RequestSender;

  public static async connect(
    region: string,
    clients: ClientFactory,
    limit: ConcurrencyLimit,
  ): Promise<XRaySettings> {
    const sdk = await import('@aws-sdk/client-xray');
    const client = await clients.connect(region, (config) => new sdk.XRayClient(config));
    return new XRaySettings(region, client, sdk, limit);
  }

  private constructor(
    private readonly region: string,
    private readonly client: Sdk.XRayClient,
    private readonly sdk: typeof Sdk,
    limit: ConcurrencyLimit,
  ) {
    this.requests = new RequestSender(limit, CALLS, () => false);
  }

  /**
   * Returns the state of Transaction Search.
   *
   * @throws AwsError
   */
  public async transactionSearch(): Promise<ObservedTransactionSearch> {
    const { client, region, sdk } = this;
    const found = await this.requests.send(async (): Promise<ObservedTransactionSearch> => {
      const { Destination: destination, Status: status } = await client.send(
        new sdk.GetTraceSegmentDestinationCommand({}),
      );
      const isOn = destination === 'CloudWatchLogs';
      if (!isOn) return { region, isOn };
      const { IndexingRules: rules = [] } = await client.send(new sdk.GetIndexingRulesCommand({}));
      // There is one rule ("UpdateIndexingRule", AWS X-Ray API Reference).
      const indexingPercentage = rules.find(({ Name: name }) => name === 'Default')?.Rule?.Probabilistic
        ?.DesiredSamplingPercentage;
      return { region, isOn, isPending: status === 'PENDING', indexingPercentage };
    });
    return found!;
  }

  public close(): void {
    this.client.destroy();
  }
}
