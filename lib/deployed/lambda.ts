import type * as Sdk from '@aws-sdk/client-lambda';
import { type ClientFactory, type ConcurrencyLimit, RequestSender } from '../aws/clients';
import { LATEST, type ObservedAlias, type ObservedVersion } from '../verify/deployed-functions';

const CALLS = { service: 'Lambda', actions: 'lambda:ListVersionsByFunction and lambda:ListAliases' };

/** Called with each version of a function, as Lambda returns it. */
type Visit = (configuration: Sdk.FunctionConfiguration) => void;

/** The functions in a region. */
export class LambdaFunctions {
  private readonly requests: RequestSender;

  public static async connect(
    region: string,
    clients: ClientFactory,
    limit: ConcurrencyLimit,
  ): Promise<LambdaFunctions> {
    const sdk = await import('@aws-sdk/client-lambda');
    const client = await clients.connect(region, (config) => new sdk.LambdaClient(config));
    return new LambdaFunctions(client, sdk, limit);
  }

  private constructor(
    private readonly client: Sdk.LambdaClient,
    private readonly sdk: typeof Sdk,
    limit: ConcurrencyLimit,
  ) {
    this.requests = new RequestSender(limit, CALLS, ({ name }) => name === 'ResourceNotFoundException');
  }

  /**
   * Returns the published versions of a function and `$LATEST`. Returns none if the function does not exist.
   *
   * Uses one request instead of one per version, since Lambda limits the requests of an account ("Lambda quotas", AWS
   * Lambda Developer Guide).
   *
   * @throws AwsError
   */
  public async versionsOf(name: string, visit: Visit = () => undefined): Promise<ObservedVersion[]> {
    const found = await this.requests.send(async () => {
      const versions: ObservedVersion[] = [];
      const pages = this.sdk.paginateListVersionsByFunction({ client: this.client }, { FunctionName: name });
      for await (const { Versions: page = [] } of pages) {
        page.forEach(visit);
        versions.push(...page.map(observedVersion));
      }
      return versions;
    });
    return found ?? [];
  }

  /**
   * Returns the versions of all functions in the region, by the name of the function. Returns undefined if there are more
   * pages than a maximum. A page has 50 versions, `$LATEST` included ("ListFunctions", AWS Lambda API Reference).
   *
   * @throws AwsError
   */
  public async allVersions(
    maxPages: number,
    visit: Visit = () => undefined,
  ): Promise<Map<string, ObservedVersion[]> | undefined> {
    return this.requests.send(async () => {
      const byFunction = new Map<string, ObservedVersion[]>();
      const pages = this.sdk.paginateListFunctions({ client: this.client }, { FunctionVersion: 'ALL' });
      let count = 0;
      for await (const { Functions: page = [], NextMarker: next } of pages) {
        for (const found of page) {
          const { FunctionName: name = '' } = found;
          const versions = byFunction.get(name) ?? [];
          visit(found);
          versions.push(observedVersion(found));
          byFunction.set(name, versions);
        }
        if (++count === maxPages && next) return undefined;
      }
      return byFunction;
    });
  }

  /**
   * Returns the aliases of a function that point to published versions. An alias of `$LATEST` has the mode of the
   * function. Returns none if the function does not exist.
   *
   * @throws AwsError
   */
  public async aliasesOf(name: string): Promise<ObservedAlias[]> {
    const found = await this.requests.send(async () => {
      const aliases: ObservedAlias[] = [];
      const pages = this.sdk.paginateListAliases({ client: this.client }, { FunctionName: name });
      for await (const { Aliases: page = [] } of pages)
        aliases.push(...page.map(observed).filter(isOnVersion));
      return aliases;
    });
    return found ?? [];
  }

  /**
   * Returns the event source mappings of a function, or those of all functions in the region.
   *
   * @param name the name of the function, or the ARN of a version or an alias
   * @throws AwsError
   */
  public async eventSourceMappings(name?: string): Promise<Sdk.EventSourceMappingConfiguration[]> {
    const found = await this.requests.send(async () => {
      const mappings: Sdk.EventSourceMappingConfiguration[] = [];
      const pages = this.sdk.paginateListEventSourceMappings({ client: this.client }, { FunctionName: name });
      for await (const { EventSourceMappings: page = [] } of pages) mappings.push(...page);
      return mappings;
    });
    return found ?? [];
  }

  /**
   * Returns the tags of a function. Returns none if the function does not exist.
   *
   * @throws AwsError
   */
  public async tagsOf(arn: string): Promise<Record<string, string>> {
    const found = await this.requests.send(
      async () => (await this.client.send(new this.sdk.ListTagsCommand({ Resource: arn }))).Tags,
    );
    return found ?? {};
  }

  public close(): void {
    this.client.destroy();
  }
}

function observedVersion({
  Version: number = '',
  TracingConfig: tracing,
  Role: role = '',
}: Sdk.FunctionConfiguration): ObservedVersion {
  return { number, mode: tracing?.Mode ?? 'PassThrough', role };
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
