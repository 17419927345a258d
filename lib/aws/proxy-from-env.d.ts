declare module 'proxy-from-env' {
  /** The proxy that a URL is to be asked for through, as the environment has it. Empty if none. */
  export function getProxyForUrl(url: string): string;
}
