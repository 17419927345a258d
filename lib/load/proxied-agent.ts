import type { AgentConnectOpts } from 'agent-base' with { 'resolution-mode': 'import' };
import { type Agent, type ClientRequest, STATUS_CODES } from 'node:http';
import { Agent as DirectAgent, type AgentOptions } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { saidBy } from './deployed-failure';
import { nameOf, type Proxy, proxyOf } from './proxy';
import { ProxyFailure } from './proxy-failure';

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

function unreachable(proxy: Proxy, error: NodeJS.ErrnoException): ProxyFailure {
  const { code } = error;
  // What isn't an error of the system may quote what has answered, which may be anything.
  const said = code === undefined ? "what is there doesn't answer as a proxy does" : saidBy(error);
  const wayOut = /CERT|ISSUER/.test(code ?? '')
    ? 'name its certificate by NODE_EXTRA_CA_CERTS'
    : `check ${proxy.variable}, or name the hosts that need no proxy in NO_PROXY`;
  return new ProxyFailure(`since the proxy ${nameOf(proxy)} can't be reached (${said}): ${wayOut}.`, error);
}

/** The words of the status are HTTP's: the proxy's may be anything. */
function refused(proxy: Proxy, status: number, host: string): ProxyFailure {
  const name = nameOf(proxy);
  const said = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  const message =
    status === 407
      ? `since the proxy ${name} doesn't accept who asks (${said}): write the name and the password that it expects in ${proxy.variable}, as http://NAME:PASSWORD@${proxy.url.host}.`
      : `since the proxy ${name} doesn't connect to ${host} (${said}): have it allowed there, or name the hosts that need no proxy in NO_PROXY.`;
  return new ProxyFailure(message, { $metadata: { httpStatusCode: status } });
}

function authorityOf({ host = 'localhost', port }: AgentConnectOpts): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
