import { unescape } from 'node:querystring';
import { ProxyFailure } from './proxy-failure';

/** A proxy that requests for HTTPS are to go through. */
export interface Proxy {
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
export function proxyOf(variable: string): Proxy {
  const value = process.env[variable] ?? '';
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  // A password with a slash ends the host's name, and would be told as part of it.
  if (!url || `${url.pathname}${url.search}${url.hash}`.includes('@')) {
    throw new ProxyFailure(
      `since ${variable} isn't the URL of a proxy: write it as http://proxy.example.com:8080, and / ? # @ in a password as %2F %3F %23 %40.`,
    );
  }
  const { username, password } = url;
  url.username = url.password = '';
  if (!/^https?:$/.test(url.protocol)) {
    throw new ProxyFailure(
      `since the proxy ${nameOf({ variable, url })} is none that HTTPS requests can go through: name one by http:// or https://.`,
    );
  }
  return { variable, url, headers: authorization(username, password) };
}

/** What readers call a proxy. */
export function nameOf({ variable, url }: Pick<Proxy, 'variable' | 'url'>): string {
  return `${url.protocol}//${url.host} (${variable})`;
}

function authorization(username: string, password: string): Proxy['headers'] {
  if (!username && !password) return {};
  const credentials = `${unescape(username)}:${unescape(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
