import type * as Sdk from '@aws-sdk/client-xray';
import { type ClientFactory, type ConcurrencyLimit, RequestSender } from '../aws/clients';
import type { ObservedTransactionSearch } from '../verify/observed';

const CALLS = { service: 'X-Ray', actions: 'xray:GetTraceSegmentDestination and xray:GetIndexingRules' };

/** The settings of X-Ray in a region. */
export class XRaySettings {
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
