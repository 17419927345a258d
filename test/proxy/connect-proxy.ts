import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy for HTTPS requests. */
export interface ConnectProxy {
  readonly port: number;
  /** The hosts that clients connected to, with their ports, in order. */
  readonly requestedHosts: readonly string[];
  /** The `Proxy-Authorization` headers of the clients. */
  readonly authorizations: ReadonlySet<string | undefined>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a proxy.
 *
 * @param upstream the port that it connects to for all hosts
 * @param status the status that it responds with; 0 for no response
 */
export async function connectProxy(upstream: number, status: number = 200): Promise<ConnectProxy> {
  const requestedHosts: string[] = [];
  const authorizations = new Set<string | undefined>();
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    requestedHosts.push(url);
    authorizations.add(headers['proxy-authorization']);
    if (status === 0) return;
    const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n\r\n`;
    if (status !== 200) {
      socket.end(answer);
      return;
    }
    const upstreamSocket = connect(upstream, '127.0.0.1', () => {
      socket.write(answer);
      socket.pipe(upstreamSocket).pipe(socket);
    });
    sockets.add(upstreamSocket.on('error', () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requestedHosts,
    authorizations,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
