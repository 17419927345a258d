import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import type { AgentConnectOpts } from 'agent-base' with { 'resolution-mode': 'import' };
import { type Agent, type ClientRequest, STATUS_CODES } from 'node:http';
import { Agent as DirectAgent, type AgentOptions } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { unescape } from 'node:querystring';
import { type ApiCalls, type AwsError, detailOf, ProxyError, toAwsError } from './errors';

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

/** A proxy for HTTPS requests. */
interface Proxy {
  /** The environment variable that contains its URL. */
  readonly variable: string;
  /** The URL without credentials, since messages and logs show it. */
  readonly url: URL;
  readonly headers: { readonly 'Proxy-Authorization'?: string };
}

/** The lower-case variable has precedence ("Using an HTTP proxy for the AWS CLI", AWS CLI User Guide). */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY'];

/** Returns the environment variable that contains the URL of a proxy, if one is set. */
function proxyVariable(): string | undefined {
  return VARIABLES.find((variable) => process.env[variable]);
}

/**
 * Reads the proxy from an environment variable. The default scheme is HTTP, as in the AWS CLI.
 *
 * @throws ProxyError
 */
function proxyFrom(variable: string): Proxy {
  const value = process.env[variable] ?? '';
  const absolute = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(absolute) ? new URL(absolute) : undefined;
  // An unescaped slash in a password ends the host, and messages would show the rest of the password.
  if (!url || `${url.pathname}${url.search}${url.hash}`.includes('@')) {
    throw new ProxyError(
      `${variable} is not the URL of a proxy. Use a URL like http://proxy.example.com:8080, and write / ? # @ in a password as %2F %3F %23 %40.`,
    );
  }
  const { username, password } = url;
  url.username = url.password = '';
  if (!/^https?:$/.test(url.protocol)) {
    throw new ProxyError(
      `The proxy ${displayName({ variable, url })} has an unsupported scheme. Use http:// or https://.`,
    );
  }
  return { variable, url, headers: authorization(username, password) };
}

function displayName({ variable, url }: Pick<Proxy, 'variable' | 'url'>): string {
  return `${url.protocol}//${url.host} (${variable})`;
}

function authorization(username: string, password: string): Proxy['headers'] {
  if (!username && !password) return {};
  const credentials = `${unescape(username)}:${unescape(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** In milliseconds. Shorter than the SDK's connection timeout, whose error does not mention the proxy. */
const TUNNEL_TIMEOUT = 4_000;
const NO_ANSWER = Object.assign(new Error(`no answer within ${TUNNEL_TIMEOUT / 1000} seconds`), {
  code: 'ETIMEDOUT',
});

/** The options of the SDK's own agent. */
const DIRECT: AgentOptions = { keepAlive: true, maxSockets: 50 };

/**
 * Creates an agent that connects through the proxy of an environment variable, except to the hosts in `NO_PROXY`.
 * Connections are kept alive. Their number is not limited here.
 */
async function proxiedAgent(variable: string): Promise<Agent> {
  const [{ Agent: AgentBase }, { getProxyForUrl }] = await Promise.all([
    import('agent-base'),
    import('proxy-from-env'),
  ]);

  class ProxiedAgent extends AgentBase {
    private readonly direct = new DirectAgent(DIRECT);

    public override connect(request: ClientRequest, options: AgentConnectOpts) {
      return getProxyForUrl(`https://${authorityOf(options)}`)
        ? tunnel(proxyFrom(variable), request, options)
        : this.direct;
    }

    /** By default, this is guessed from the call stack, and kept connections are not reused. */
    public override isSecureEndpoint(): boolean {
      return true;
    }

    public override destroy(): void {
      super.destroy();
      this.direct.destroy();
    }
  }

  return new ProxiedAgent({ keepAlive: true });
}

/** @throws ProxyError */
async function tunnel(proxy: Proxy, request: ClientRequest, options: AgentConnectOpts): Promise<Socket> {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(NO_ANSWER), TUNNEL_TIMEOUT);
  const agent = new HttpsProxyAgent(proxy.url, {
    headers: proxy.headers,
    keepAlive: true,
    signal: abort.signal,
  });
  let status = NaN;
  agent.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => (status = statusCode));
  try {
    const socket = await agent.connect(request, options);
    if (status === 200) return socket;
  } catch (error) {
    throw unreachable(proxy, abort.signal.aborted ? NO_ANSWER : (error as Error));
  } finally {
    clearTimeout(timer);
  }
  throw Number.isNaN(status)
    ? unreachable(proxy, new Error('no status'))
    : refusal(proxy, status, authorityOf(options));
}

function unreachable(proxy: Proxy, error: NodeJS.ErrnoException): ProxyError {
  const { code } = error;
  // An error without a system code may quote the response, which may contain anything.
  const detail = code === undefined ? 'the response is not from a proxy' : detailOf(error);
  const advice = /CERT|ISSUER/.test(code ?? '')
    ? 'Set NODE_EXTRA_CA_CERTS to its certificate file.'
    : `Check ${proxy.variable}, or list the hosts that need no proxy in NO_PROXY.`;
  return new ProxyError(`The proxy ${displayName(proxy)} is unreachable (${detail}). ${advice}`, error);
}

/** Uses the standard text of the status, since the text that the proxy sends may contain anything. */
function refusal(proxy: Proxy, status: number, host: string): ProxyError {
  const name = displayName(proxy);
  const detail = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  const message =
    status === 407
      ? `The proxy ${name} rejects the credentials (${detail}). Write the user name and password in ${proxy.variable}, as http://NAME:PASSWORD@${proxy.url.host}.`
      : `The proxy ${name} does not connect to ${host} (${detail}). Allow the host in the proxy, or list the hosts that need no proxy in NO_PROXY.`;
  return new ProxyError(message, { $metadata: { httpStatusCode: status } });
}

function authorityOf({ host = 'localhost', port }: AgentConnectOpts): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
