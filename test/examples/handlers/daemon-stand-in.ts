import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A subsegment as sent by the X-Ray SDK. */
export type Subsegment = Record<string, unknown>;

/** Receives subsegments on 127.0.0.1, like the X-Ray daemon. */
export class DaemonStandIn {
  public static async listen(): Promise<DaemonStandIn> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new DaemonStandIn(socket);
  }

  private readonly datagrams: string[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('message', (datagram) => this.datagrams.push(datagram.toString()));
  }

  public get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** Returns all subsegments so far. It sends itself a last datagram, because datagrams arrive in order. */
  public async received(): Promise<Subsegment[]> {
    this.socket.send('', this.socket.address().port, '127.0.0.1');
    while (!this.datagrams.includes('')) await once(this.socket, 'message');
    return this.datagrams.filter(Boolean).map(subsegmentIn);
  }

  public close(): void {
    this.socket.close();
  }
}

/** Parses a datagram: a header, a line break and JSON ("Sending trace data to AWS X-Ray", AWS X-Ray Developer Guide). */
function subsegmentIn(datagram: string): Subsegment {
  return JSON.parse(datagram.slice(datagram.indexOf('\n'))) as Subsegment;
}
