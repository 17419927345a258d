import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that HTTPS requests can go through. */
export interface ConnectProxy {
  readonly port: number;
  /** The hosts that it was asked to connect to, with their ports, in order. */
  readonly asked: readonly string[];
  /** What it was told of who asks. */
  readonly authorizations: ReadonlySet<string | undefined>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts one.
 *
 * @param upstream the port that it connects to, whatever the host
 * @param status what it answers; 0 if it never does
 */
export async function connectProxy(upstream: number, status: number = 200): Promise<ConnectProxy> {
  const asked: string[] = [];
  const authorizations = new Set<string | undefined>();
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    asked.push(url);
    authorizations.add(headers['proxy-authorization']);
    if (status === 0) return;
    const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n\r\n`;
    if (status !== 200) {
      socket.end(answer);
      return;
    }
    const onward = connect(upstream, '127.0.0.1', () => {
      socket.write(answer);
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward.on('error', () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    authorizations,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
