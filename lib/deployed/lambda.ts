import type * as Sdk from '@aws-sdk/client-lambda';
import { type DeployedClients, DeployedRequests, type ConcurrencyLimit } from '../aws/clients';
import { LATEST, type ObservedAlias, type ObservedVersion } from '../verify/observed';

const ASKED = { service: 'Lambda', actions: 'lambda:ListVersionsByFunction and lambda:ListAliases' };

/** The functions in a region. */
export class LambdaFunctions {
  private readonly requests: DeployedRequests;

  public static async connect(
    region: string,
    clients: DeployedClients,
    lanes: ConcurrencyLimit,
  ): Promise<LambdaFunctions> {
    const sdk = await import('@aws-sdk/client-lambda');
    const client = await clients.connect(region, (config) => new sdk.LambdaClient(config));
    return new LambdaFunctions(client, sdk, lanes);
  }

  private constructor(
    private readonly client: Sdk.LambdaClient,
    private readonly sdk: typeof Sdk,
    lanes: ConcurrencyLimit,
  ) {
    this.requests = new DeployedRequests(lanes, ASKED, ({ name }) => name === 'ResourceNotFoundException');
  }

  /**
   * The versions of a function, and what isn't published of it. None if there is no such function.
   *
   * It is one request where asking for each would be several, of the few a second that Lambda answers for all of an
   * account ("Lambda quotas", AWS Lambda Developer Guide).
   *
   * @throws DeployedFailure
   */
  public async versionsOf(name: string): Promise<ObservedVersion[]> {
    const found = await this.requests.ask(async () => {
      const versions: ObservedVersion[] = [];
      const pages = this.sdk.paginateListVersionsByFunction({ client: this.client }, { FunctionName: name });
      for await (const { Versions: page = [] } of pages) {
        for (const { Version: number = '', TracingConfig: tracing, Role: role = '' } of page) {
          versions.push({ number, mode: tracing?.Mode ?? 'PassThrough', role });
        }
      }
      return versions;
    });
    return found ?? [];
  }

  /**
   * The aliases of a function that are on versions: one on what isn't published has the mode of that. None if there is
   * no such function.
   *
   * @throws DeployedFailure
   */
  public async aliasesOf(name: string): Promise<ObservedAlias[]> {
    const found = await this.requests.ask(async () => {
      const aliases: ObservedAlias[] = [];
      const pages = this.sdk.paginateListAliases({ client: this.client }, { FunctionName: name });
      for await (const { Aliases: page = [] } of pages)
        aliases.push(...page.map(observed).filter(isOnVersion));
      return aliases;
    });
    return found ?? [];
  }

  public close(): void {
    this.client.destroy();
  }
}

function isOnVersion({ versions }: ObservedAlias): boolean {
  return versions.some((number) => number !== LATEST);
}

function observed({
  Name: name = '',
  FunctionVersion: main = '',
  RoutingConfig: routing,
}: Sdk.AliasConfiguration) {
  const others = Object.entries(routing?.AdditionalVersionWeights ?? {}).filter(([, weight]) => weight > 0);
  return { name, versions: [main, ...others.map(([version]) => version)] };
}
