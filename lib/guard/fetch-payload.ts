import { GuardError } from './options';

/**
 * In bytes. A template has up to 1 MB ("CloudFormation quotas", AWS CloudFormation User Guide), and a payload has two, or one
 * with the properties of the changed resources before and after the change. Each is escaped as a JSON string.
 */
const MAX_SIZE = 16_000_000;

/** Amazon S3 can answer with a temporary error ("Error responses", Amazon S3 API Reference). */
const MAX_ATTEMPTS = 3;

/** The delay before the second attempt, in milliseconds. */
const RETRY_DELAY = 100;

export interface FetchOptions {
  /** For all attempts, in milliseconds. */
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
  const signal = AbortSignal.timeout(timeout);
  for (let attempt = 1; ; attempt++) {
    const result = await attemptOf(url, signal, maxSize);
    if (typeof result === 'string') return result;
    if (!result.isTemporary || attempt === MAX_ATTEMPTS || signal.aborted) {
      throw new GuardError(`The payload of the request can't be fetched (${result.reason}).`);
    }
    const delay = RETRY_DELAY * attempt;
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}

/** A failed attempt. Its reason has neither the message nor the cause of an error: both can contain the URL. */
interface Failure {
  readonly reason: string;
  readonly isTemporary: boolean;
}

async function attemptOf(url: string, signal: AbortSignal, maxSize: number): Promise<string | Failure> {
  try {
    // A presigned URL of Amazon S3 needs no redirection.
    const response = await fetch(url, { redirect: 'error', signal });
    if (response.ok && response.body) return await limitedText(response.body, maxSize);
    return { reason: `HTTP status ${response.status}`, isTemporary: response.status >= 500 };
  } catch (error) {
    if (error instanceof GuardError) throw error;
    return { reason: codeOf(error), isTemporary: true };
  }
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
