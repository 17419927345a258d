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

  /** Returns all subsegments and spans so far. It sends itself a last datagram, because datagrams arrive in order. */
  public async received(): Promise<{ subsegments: Subsegment[]; spans: Buffer[] }> {
    this.socket.send('', this.socket.address().port, '127.0.0.1');
    while (!this.datagrams.includes('')) await once(this.socket, 'message');
    const contents = this.datagrams.filter(Boolean).map(contentOf);
    return {
      subsegments: contents.filter((text) => !isSpans(text)).map((text) => JSON.parse(text) as Subsegment),
      spans: contents.filter(isSpans).map((text) => Buffer.from(text.slice(SPANS.length), 'base64')),
    };
  }

  public close(): void {
    this.socket.close();
  }
}

/** Returns the content of a datagram, after a header and a line break ("Sending trace data to AWS X-Ray", AWS X-Ray Developer Guide). */
function contentOf(datagram: string): string {
  return datagram.slice(datagram.indexOf('\n') + 1);
}

/** The start of sampled spans of AWS's OpenTelemetry layer. A request of OTLP follows, in Base64. */
const SPANS = 'T1S';

function isSpans(content: string): boolean {
  return content.startsWith(SPANS);
}
