import { isObject, objectAt } from '../cloudformation/json';
import { GuardError } from './options';

/**
 * A request of CloudFormation to a Lambda Hook ("Create Lambda functions to evaluate resources for Lambda Hooks", AWS
 * CloudFormation Hooks User Guide).
 */
export interface HookRequest {
  /** The answer must have the same. */
  readonly token: string;
  readonly target: 'STACK' | 'CHANGE_SET' | 'OTHER';
  /** A request for a change set can lack it. */
  readonly operation?: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly stack: StackIdentity;
  /** The presigned URL of the templates. */
  readonly payloadUrl?: string;
}

/** The stack of a request. The account and the region are unknown if the stack's ID is not an ARN. */
export interface StackIdentity {
  readonly name: string;
  readonly account?: string;
  readonly region?: string;
}

/** A stack before and after an operation. */
export interface StackChange {
  readonly stack: StackIdentity;
  /** The text of the template, in JSON or YAML. Macros are not expanded. */
  readonly template: string;
  /**
   * The text of the template that the stack was last deployed with.
   *
   * @default - the stack is new, or the operation is a change set
   */
  readonly previousTemplate?: string;
  /**
   * The logical IDs of the resources that a change set adds, changes or removes.
   *
   * @default - the operation is not a change set
   */
  readonly changed?: readonly string[];
  /**
   * The changed resources before and after a change set, by logical ID.
   *
   * @default - the operation is not a change set, or the definition of a resource is unknown
   */
  readonly changes?: ReadonlyMap<string, ResourceChange>;
}

/** The definitions of a resource, with the values of its references. */
export interface ResourceChange {
  readonly type: string;
  /** Undefined for a resource that is new. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** Undefined for a resource that is removed. */
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Reads the event of a Lambda Hook. Properties that are missing or invalid stay unset. */
export function readRequest(event: unknown): HookRequest {
  const request = isObject(event) ? event : {};
  const data = objectAt(request, 'requestData');
  // The guide writes these two names in two ways.
  const token = request.clientRequestToken ?? request.clientRequesttoken;
  const stackId = request.stackId ?? request.stackID;
  const [, operation] =
    /^(CREATE|UPDATE|DELETE)_PRE_PROVISION$/.exec(text(request.actionInvocationPoint)) ?? [];
  const { targetType, targetLogicalId, payload } = data;
  return {
    token: text(token),
    target: targetType === 'STACK' || targetType === 'CHANGE_SET' ? targetType : 'OTHER',
    ...(operation !== undefined && { operation: operation as HookRequest['operation'] }),
    stack: stackOf(text(stackId), targetType === 'STACK' ? text(targetLogicalId) : ''),
    ...(text(payload) !== '' && { payloadUrl: text(payload) }),
  };
}

/** Reads the ARN of a stack: `arn:aws:cloudformation:us-east-1:123456789012:stack/Orders/<UUID>`. */
function stackOf(id: string, logicalId: string): StackIdentity {
  const [, region, account, name] = /^arn:[^:]*:cloudformation:([^:]+):([^:]+):stack\/([^/]+)/.exec(id) ?? [];
  return name === undefined ? { name: logicalId } : { name, account, region };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Reads the payload of a request for a stack or a change set.
 *
 * - A stack: `template` and `previousTemplate`.
 * - A change set: `template` and `changedResources`, without the previous template.
 *
 * Neither has the values of the parameters.
 *
 * @throws GuardError if the payload is not as the guide describes it
 */
export function readPayload({ target, operation, stack }: HookRequest, body: string): StackChange {
  const payload = parsed(body);
  if (text(payload.template) === '') throw new GuardError('The payload of the request has no template.');
  const change = { stack, template: text(payload.template) };
  if (target === 'CHANGE_SET') {
    const { changedResources: resources } = payload;
    if (!Array.isArray(resources))
      throw new GuardError('The payload of the request has no list of changed resources.');
    return {
      ...change,
      changed: resources.flatMap((one) => (isObject(one) ? text(one.logicalResourceId) || [] : [])),
      ...changesOf(resources),
    };
  }
  if (operation === 'CREATE') return change;
  // Without it, all findings of a deployed stack would count as new.
  if (text(payload.previousTemplate) === '') {
    throw new GuardError('The payload of the request has no previous template.');
  }
  return { ...change, previousTemplate: text(payload.previousTemplate) };
}

/** Returns nothing unless the definitions of all resources are known: the others could be the cause of a finding. */
function changesOf(resources: readonly unknown[]): Pick<StackChange, 'changes'> {
  const changes = new Map<string, ResourceChange>();
  for (const one of resources) {
    const { logicalResourceId, resourceType, action, ...contexts } = isObject(one) ? one : {};
    const [id, type] = [text(logicalResourceId), text(resourceType)];
    const before = definition(contexts.beforeContext);
    const after = definition(contexts.afterContext);
    const isKnown = (before ?? action === 'CREATE') && (after ?? action === 'DELETE');
    if (id === '' || type === '' || !isKnown) return {};
    changes.set(id, { type, before, after });
  }
  return { changes };
}

/** Reads a definition without its type ("ResourceChange", AWS CloudFormation API Reference). */
function definition(context: unknown): Record<string, unknown> | undefined {
  try {
    const resource: unknown = JSON.parse(text(context));
    return isObject(resource) ? resource : undefined;
  } catch {
    return undefined;
  }
}

function parsed(body: string): Record<string, unknown> {
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    // The message of the parser quotes the payload.
    throw new GuardError('The payload of the request is not JSON.');
  }
  if (!isObject(payload)) throw new GuardError('The payload of the request is not a JSON object.');
  return payload;
}

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
