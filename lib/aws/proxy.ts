import { type Agent, type ClientRequest, STATUS_CODES } from 'node:http';
import { type AgentOptions, Agent as DirectAgent } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { unescape } from 'node:querystring';
import type { AgentConnectOpts } from 'agent-base' with { 'resolution-mode': 'import' };
import { detailOf, ProxyError } from './errors';

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
export function proxyVariable(): string | undefined {
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
export async function proxiedAgent(variable: string): Promise<Agent> {
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
