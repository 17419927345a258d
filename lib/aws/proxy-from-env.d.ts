declare module 'proxy-from-env' {
  /** Returns the URL of the proxy for a URL, according to the environment variables. Empty if there is none. */
  export function getProxyForUrl(url: string): string;
}
