import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { type ApiCalls, type AwsError, toAwsError } from './errors';
import { proxiedAgent, proxyVariable } from './proxy';

/** In milliseconds. By default, the SDK waits as long as the operating system lets it. */
const CONNECTION_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 30_000;

/** More than the SDK's default of 3: with many requests, some are throttled for a while. */
const MAX_ATTEMPTS = 6;

/** The configuration that the clients of all services have in common. */
export type ClientConfig = Pick<
  CloudFormationClientConfig,
  'region' | 'profile' | 'credentials' | 'retryMode' | 'maxAttempts' | 'requestHandler'
>;

/** A client of the AWS SDK, with the credentials that it resolved. */
interface Client {
  readonly config: { readonly credentials: NonNullable<ClientConfig['credentials']> };
}

/** Creates the clients of a run. They share the credentials of the first, which may take a process or a prompt. */
export class ClientFactory {
  private last: Promise<unknown> = Promise.resolve();
  private credentials: ClientConfig['credentials'];

  /** @param profile the profile with the credentials; by default, the one that the AWS SDK finds */
  constructor(public readonly profile: string | undefined) {}

  /** @param region the region of the client; by default, the one that the AWS SDK finds */
  public connect<T extends Client>(
    region: string | undefined,
    create: (config: ClientConfig) => T,
  ): Promise<T> {
    const created = this.last.then(async () => {
      const client = create(await this.config(region));
      this.credentials ??= client.config.credentials;
      return client;
    });
    this.last = created.catch(() => undefined);
    return created;
  }

  private async config(region: string | undefined): Promise<ClientConfig> {
    const { profile } = this;
    // The warning is about future versions of the SDK, and the command bundles this one.
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

/** Plain HTTP never goes through a proxy: it is for local endpoints that stand in for AWS. */
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
 * Returns the provider of a profile's credentials only: by default, the SDK falls back to the machine's credentials if
 * a profile has none. Returns undefined for the SDK's own provider.
 */
async function credentialsOf(profile: string | undefined) {
  const isProxied = proxyVariable() !== undefined;
  // The SDK's client for IAM Identity Center does not inherit the request handler.
  const init = isProxied && { clientConfig: { requestHandler: await requestHandler() } };
  if (profile !== undefined) {
    const { fromIni } = await import('@aws-sdk/credential-provider-ini');
    return fromIni({ profile, ...init });
  }
  if (!init) return undefined;
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider(init);
}

/** Limits the number of tasks that run at the same time; the others wait. */
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

/** Open connections to AWS services. They are reused, and closed together. */
export class Connections {
  private readonly open = new Map<string, Promise<{ close(): void }>>();

  /** Returns the connection with a key, which stands for a service and a region. */
  public get<T extends { close(): void }>(key: string, connect: () => Promise<T>): Promise<T> {
    const known = this.open.get(key) as Promise<T> | undefined;
    const connection = known ?? connect();
    this.open.set(key, connection);
    return connection;
  }

  public async close(): Promise<void> {
    for (const connection of await Promise.allSettled(this.open.values())) {
      if (connection.status === 'fulfilled') connection.value.close();
    }
  }
}

/** Sends the requests of a client. */
export class RequestSender {
  /** The error that all requests of the client fail with. */
  private failure?: AwsError;

  /**
   * @param limit the limit that the clients of all services share
   * @param isNotFound returns true for an error that says that the resource does not exist
   */
  constructor(
    private readonly limit: ConcurrencyLimit,
    private readonly calls: ApiCalls,
    private readonly isNotFound: (error: Error) => boolean,
  ) {}

  /**
   * Sends a request. Returns undefined if the resource does not exist.
   *
   * @throws AwsError
   */
  public send<T>(request: () => Promise<T>): Promise<T | undefined> {
    return this.limit.run(async () => {
      if (this.failure) throw this.failure;
      try {
        return await request();
      } catch (error) {
        if (this.isNotFound(error as Error)) return undefined;
        const failure = toAwsError(error, this.calls);
        if (failure.affectsAllRequests) this.failure = failure;
        throw failure;
      }
    });
  }
}
