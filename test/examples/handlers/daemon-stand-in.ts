import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What the X-Ray SDK sends when a subsegment ends. */
export type Subsegment = Record<string, unknown>;

/** Takes subsegments on 127.0.0.1, as the X-Ray daemon does. */
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

  /** All that was sent so far: datagrams arrive in order, and one of its own comes last. */
  public async received(): Promise<Subsegment[]> {
    this.socket.send('', this.socket.address().port, '127.0.0.1');
    while (!this.datagrams.includes('')) await once(this.socket, 'message');
    return this.datagrams.filter(Boolean).map(subsegmentIn);
  }

  public close(): void {
    this.socket.close();
  }
}

/** "Sending trace data to AWS X-Ray" (AWS X-Ray Developer Guide): a header, a line break, JSON. */
function subsegmentIn(datagram: string): Subsegment {
  return JSON.parse(datagram.slice(datagram.indexOf('\n'))) as Subsegment;
}
