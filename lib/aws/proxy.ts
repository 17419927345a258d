import { type Agent, type ClientRequest, STATUS_CODES } from 'node:http';
import { type AgentOptions, Agent as DirectAgent } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { unescape } from 'node:querystring';
import type { AgentConnectOpts } from 'agent-base' with { 'resolution-mode': 'import' };
import { ProxyError, saidBy } from './errors';

/** A proxy that requests for HTTPS are to go through. */
interface Proxy {
  /** The environment variable that names it. */
  readonly variable: string;
  /** Without the credentials: it is what is told, and logged. */
  readonly url: URL;
  /** What it is told of who asks. */
  readonly headers: { readonly 'Proxy-Authorization'?: string };
}

/** In lower case, it counts before the other ("Using an HTTP proxy for the AWS CLI", AWS CLI User Guide). */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY'];

/** Which environment variable names a proxy. Nothing if none does. */
export function proxyVariable(): string | undefined {
  return VARIABLES.find((variable) => process.env[variable]);
}

/**
 * The proxy that an environment variable names. Without a scheme, it is asked by HTTP, as the AWS CLI does.
 *
 * @throws ProxyFailure
 */
function proxyOf(variable: string): Proxy {
  const value = process.env[variable] ?? '';
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  // A password with a slash ends the host's name, and would be told as part of it.
  if (!url || `${url.pathname}${url.search}${url.hash}`.includes('@')) {
    throw new ProxyError(
      `since ${variable} isn't the URL of a proxy: write it as http://proxy.example.com:8080, and / ? # @ in a password as %2F %3F %23 %40.`,
    );
  }
  const { username, password } = url;
  url.username = url.password = '';
  if (!/^https?:$/.test(url.protocol)) {
    throw new ProxyError(
      `since the proxy ${nameOf({ variable, url })} is none that HTTPS requests can go through: name one by http:// or https://.`,
    );
  }
  return { variable, url, headers: authorization(username, password) };
}

/** What readers call a proxy. */
function nameOf({ variable, url }: Pick<Proxy, 'variable' | 'url'>): string {
  return `${url.protocol}//${url.host} (${variable})`;
}

function authorization(username: string, password: string): Proxy['headers'] {
  if (!username && !password) return {};
  const credentials = `${unescape(username)}:${unescape(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** In milliseconds: less than the SDK waits for a connection, since it doesn't say that it is the proxy's. */
const TUNNEL_TIMEOUT = 4_000;
const NO_ANSWER = Object.assign(new Error(`no answer within ${TUNNEL_TIMEOUT / 1000} seconds`), {
  code: 'ETIMEDOUT',
});

/** As the SDK has its own. */
const DIRECT: AgentOptions = { keepAlive: true, maxSockets: 50 };

/**
 * Connects through the proxy of an environment variable, but for the hosts in `NO_PROXY`. Connections are kept. How many
 * there are is left to who asks.
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
        ? tunnel(proxyOf(variable), request, options)
        : this.direct;
    }

    /** Else it is guessed from the call stack, and no connection that was kept is found again. */
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

/** @throws ProxyFailure */
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
    : refused(proxy, status, authorityOf(options));
}

function unreachable(proxy: Proxy, error: NodeJS.ErrnoException): ProxyError {
  const { code } = error;
  // What isn't an error of the system may quote what has answered, which may be anything.
  const said = code === undefined ? "what is there doesn't answer as a proxy does" : saidBy(error);
  const wayOut = /CERT|ISSUER/.test(code ?? '')
    ? 'name its certificate by NODE_EXTRA_CA_CERTS'
    : `check ${proxy.variable}, or name the hosts that need no proxy in NO_PROXY`;
  return new ProxyError(`since the proxy ${nameOf(proxy)} can't be reached (${said}): ${wayOut}.`, error);
}

/** The words of the status are HTTP's: the proxy's may be anything. */
function refused(proxy: Proxy, status: number, host: string): ProxyError {
  const name = nameOf(proxy);
  const said = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  const message =
    status === 407
      ? `since the proxy ${name} doesn't accept who asks (${said}): write the name and the password that it expects in ${proxy.variable}, as http://NAME:PASSWORD@${proxy.url.host}.`
      : `since the proxy ${name} doesn't connect to ${host} (${said}): have it allowed there, or name the hosts that need no proxy in NO_PROXY.`;
  return new ProxyError(message, { $metadata: { httpStatusCode: status } });
}

function authorityOf({ host = 'localhost', port }: AgentConnectOpts): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
