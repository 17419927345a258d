import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A received call to AWS. */
export interface AwsRequest {
  /** The operation, for example `DynamoDB_20120810.PutItem`. */
  readonly target: string;
  readonly traceHeader: string;
  readonly input: Record<string, unknown>;
}

/** The response of AWS to a call: an output, or an error with its name in `__type`. */
export type Answer = (request: AwsRequest) => Record<string, unknown>;

/** A server on 127.0.0.1 that responds like DynamoDB and SQS, and records the calls. */
export class AwsStandIn {
  public static async listen(answer: Answer): Promise<AwsStandIn> {
    const standIn = new AwsStandIn(answer);
    await once(standIn.server.listen(0, '127.0.0.1'), 'listening');
    return standIn;
  }

  public readonly requests: AwsRequest[] = [];
  private readonly server: Server;

  private constructor(private readonly answer: Answer) {
    this.server = createServer((incoming, response) => void this.respond(incoming, response));
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.close();
  }

  private async respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request: AwsRequest = {
      target: String(incoming.headers['x-amz-target']),
      traceHeader: String(incoming.headers['x-amzn-trace-id']),
      input: JSON.parse(await text(incoming)) as Record<string, unknown>,
    };
    this.requests.push(request);
    // The SDK compares this hash with its message.
    const MD5OfMessageBody = createHash('md5').update(String(request.input.MessageBody)).digest('hex');
    const output = { MD5OfMessageBody, ...this.answer(request) };
    response.writeHead('__type' in output ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(output));
  }
}
