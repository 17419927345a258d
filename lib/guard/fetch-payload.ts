import { GuardError } from './options';

/**
 * In bytes. A template has up to 1 MB ("CloudFormation quotas", AWS CloudFormation User Guide), and a payload has two, or one
 * with the properties of the changed resources before and after the change. Each is escaped as a JSON string.
 */
const MAX_SIZE = 16_000_000;

export interface FetchOptions {
  /** In milliseconds. */
  readonly timeout: number;
  /** @default - HTTPS */
  readonly protocol?: string;
  /** In bytes. */
  readonly maxSize?: number;
}

/**
 * Fetches the payload of a request. No message contains the URL, because its signature allows anybody to read the templates.
 *
 * @throws GuardError if the payload can't be fetched
 */
export async function fetchPayload(
  url: string | undefined,
  { timeout, protocol = 'https:', maxSize = MAX_SIZE }: FetchOptions,
): Promise<string> {
  if (url === undefined) throw new GuardError('The request has no payload.');
  if (!URL.canParse(url) || new URL(url).protocol !== protocol) {
    throw new GuardError('The payload of the request has an invalid URL.');
  }
  let response: Response;
  try {
    // A presigned URL of Amazon S3 needs no redirection.
    response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeout) });
    if (response.ok && response.body) return await limitedText(response.body, maxSize);
  } catch (error) {
    if (error instanceof GuardError) throw error;
    // Neither the message nor the cause: both can contain the URL.
    throw new GuardError(`The payload of the request can't be fetched (${codeOf(error)}).`);
  }
  throw new GuardError(`The payload of the request can't be fetched (HTTP status ${response.status}).`);
}

async function limitedText(body: AsyncIterable<Uint8Array>, maxSize: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxSize) {
      throw new GuardError(`The payload of the request is larger than ${maxSize / 1e6} MB.`);
    }
    chunks.push(chunk);
  }
  // Without a byte order mark, which JSON must not have.
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Returns the code of a network error, such as `ECONNREFUSED`, or the name of the error, such as `TimeoutError`. */
function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
  const code = cause?.code;
  return typeof code === 'string' && /^\w+$/.test(code) ? code : (name ?? 'unknown error');
}
