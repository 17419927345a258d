import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { type ApiCalls, type AwsError, toAwsError } from './errors';
import { proxiedAgent, proxyVariable } from './proxy';

/** In milliseconds. Without limits, the SDK waits as long as the system lets it. */
const CONNECTION_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 30_000;

/** More than the SDK's three: of many requests, some are throttled for a while. */
const MAX_ATTEMPTS = 6;

/** What the clients of all services are made with. */
export type ClientConfig = Pick<
  CloudFormationClientConfig,
  'region' | 'profile' | 'credentials' | 'retryMode' | 'maxAttempts' | 'requestHandler'
>;

/** A client of the AWS SDK, with the credentials that it has found. */
interface Client {
  readonly config: { readonly credentials: NonNullable<ClientConfig['credentials']> };
}

/** Makes the clients of a run. They share the credentials of the first: finding these may take a process, or a prompt. */
export class DeployedClients {
  private last: Promise<unknown> = Promise.resolve();
  private credentials: ClientConfig['credentials'];

  /** @param profile with the credentials; by default, as the AWS SDK finds them */
  constructor(public readonly profile: string | undefined) {}

  /** @param region by default, as the AWS SDK finds it */
  public connect<T extends Client>(
    region: string | undefined,
    make: (config: ClientConfig) => T,
  ): Promise<T> {
    const made = this.last.then(async () => {
      const client = make(await this.config(region));
      this.credentials ??= client.config.credentials;
      return client;
    });
    this.last = made.catch(() => undefined);
    return made;
  }

  /** How clients are to ask. */
  private async config(region: string | undefined): Promise<ClientConfig> {
    const { profile } = this;
    // The warning is about versions of the SDK to come, and this one is a part of the command.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    const credentials = this.credentials ?? (await credentialsOf(profile));
    return {
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
      ...(credentials && { credentials }),
      retryMode: 'adaptive',
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: await requestHandler(),
    };
  }
}

/** How requests are sent. Plain HTTP is for what stands in for AWS nearby, and never goes through a proxy. */
async function requestHandler() {
  const proxy = proxyVariable();
  return {
    connectionTimeout: CONNECTION_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    throwOnRequestTimeout: true,
    ...(proxy !== undefined && { httpsAgent: await proxiedAgent(proxy) }),
  };
}

/**
 * Those of a profile, and no others: by itself, the SDK goes on to those of the machine where a profile has none. By
 * default, as the SDK finds them.
 */
async function credentialsOf(profile: string | undefined) {
  const isProxied = proxyVariable() !== undefined;
  // What asks for those of a session of IAM Identity Center doesn't take over how the client asks.
  const init = isProxied && { clientConfig: { requestHandler: await requestHandler() } };
  if (profile !== undefined) {
    const { fromIni } = await import('@aws-sdk/credential-provider-ini');
    return fromIni({ profile, ...init });
  }
  if (!init) return undefined;
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider(init);
}

/** Lets so many tasks run at once; the others wait for their turn. */
export class ConcurrencyLimit {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  public async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/** Asks a service for what is deployed. */
export class DeployedRequests {
  /** Why nothing can be read here. */
  private broken?: AwsError;

  /**
   * @param lanes by which all requests go
   * @param isNotThere whether an error says that there is no such thing
   */
  constructor(
    private readonly lanes: ConcurrencyLimit,
    private readonly asked: ApiCalls,
    private readonly isNotThere: (error: Error) => boolean,
  ) {}

  /**
   * The answer, or nothing if what is asked for isn't there.
   *
   * @throws DeployedFailure
   */
  public ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    return this.lanes.run(async () => {
      if (this.broken) throw this.broken;
      try {
        return await request();
      } catch (error) {
        if (this.isNotThere(error as Error)) return undefined;
        const failure = toAwsError(error, this.asked);
        if (failure.isGeneral) this.broken = failure;
        throw failure;
      }
    });
  }
}
