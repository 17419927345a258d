import type * as Sdk from '@aws-sdk/client-cloudformation';
import { DeployedFailure, deployedFailure } from './deployed-failure';
import type { Lanes } from './deployed-lanes';

/** In milliseconds. Without limits, the SDK waits as long as the system lets it. */
const CONNECTION_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 30_000;

/** More than the SDK's three: of many stacks, some are throttled for a while. */
const MAX_ATTEMPTS = 6;

/** What is deployed in a region. */
export class DeployedRegion {
  /** Why nothing can be read here. */
  private broken?: DeployedFailure;

  /**
   * @param given by default, as the AWS SDK finds it
   * @param profile with the credentials; by default, as the AWS SDK finds it
   * @param lanes by which all requests go
   * @throws DeployedFailure if it isn't known which region this is
   */
  public static async connect(
    given: string | undefined,
    profile: string | undefined,
    lanes: Lanes,
  ): Promise<DeployedRegion> {
    // The warning is about versions of the SDK to come, and this one is a part of the command.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    const sdk = await import('@aws-sdk/client-cloudformation');
    const client = new sdk.CloudFormationClient({
      ...(given !== undefined && { region: given }),
      ...(profile !== undefined && { profile, credentials: await credentialsOf(profile) }),
      retryMode: 'adaptive',
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: {
        connectionTimeout: CONNECTION_TIMEOUT,
        requestTimeout: REQUEST_TIMEOUT,
        throwOnRequestTimeout: true,
      },
    });
    return new DeployedRegion(await regionOf(client), client, sdk, lanes);
  }

  private constructor(
    public readonly name: string,
    private readonly client: Sdk.CloudFormationClient,
    private readonly sdk: typeof Sdk,
    private readonly lanes: Lanes,
  ) {}

  /** The account that the credentials are of, if they tell. */
  public account(): Promise<string | undefined> {
    return this.ask(async () => (await this.client.config.credentials()).accountId);
  }

  /**
   * The template of a stack, as it was handed over, before transforms. Nothing if it isn't deployed.
   *
   * @param stack its name or ARN
   * @throws DeployedFailure
   */
  public templateOf(stack: string): Promise<string | undefined> {
    return this.ask(async () => {
      const command = new this.sdk.GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' });
      return (await this.client.send(command)).TemplateBody;
    });
  }

  /**
   * The ARN of a nested stack. Nothing if it isn't deployed.
   *
   * @param stack the name or ARN of the stack that it is nested in
   * @throws DeployedFailure
   */
  public nestedStack(stack: string, logicalId: string): Promise<string | undefined> {
    return this.ask(async () => {
      const command = new this.sdk.DescribeStackResourceCommand({
        StackName: stack,
        LogicalResourceId: logicalId,
      });
      return (await this.client.send(command)).StackResourceDetail?.PhysicalResourceId;
    });
  }

  public close(): void {
    this.client.destroy();
  }

  private ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    return this.lanes.run(async () => {
      if (this.broken) throw this.broken;
      try {
        return await request();
      } catch (error) {
        if (isNotThere(error)) return undefined;
        const failure = deployedFailure(error);
        if (failure.isGeneral) this.broken = failure;
        throw failure;
      }
    });
  }
}

async function regionOf(client: Sdk.CloudFormationClient): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    if ((error as Error).message !== 'Region is missing') throw deployedFailure(error);
    throw new DeployedFailure("since the region isn't known: name it by --region, or set AWS_REGION.", true);
  }
}

/** Those of a profile, and no others: by itself, the SDK goes on to those of the machine where a profile has none. */
async function credentialsOf(profile: string) {
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  return fromIni({ profile });
}

/** `Stack with id Orders does not exist`, `Resource Nested does not exist for stack Orders`. */
function isNotThere(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === 'ValidationError' && message.includes('does not exist');
}
