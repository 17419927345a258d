import { compileGlob } from '../text/globs';
import { printable } from '../text/printable';
import { GuardError, type GuardOptions } from './options';
import type { HookRequest } from './request';

/**
 * The answer of a Lambda Hook ("Create Lambda functions to evaluate resources for Lambda Hooks", AWS CloudFormation Hooks
 * User Guide).
 */
export interface HookResponse {
  readonly hookStatus: 'SUCCESS' | 'FAILED';
  /** Required if the Hook fails. */
  readonly errorCode?: 'NonCompliant' | 'InternalFailure';
  readonly message: string;
  readonly clientRequestToken: string;
  readonly annotations?: readonly Annotation[];
}

/** A part of an answer. `GetHookResult` returns it ("Annotation", AWS CloudFormation API Reference). */
export interface Annotation {
  readonly annotationName: string;
  readonly status: 'PASSED' | 'FAILED' | 'SKIPPED';
  readonly statusMessage: string;
  readonly remediationMessage?: string;
  readonly remediationLink?: string;
  readonly severityLevel?: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
}

/** In characters. CloudFormation truncates a longer message ("Response input" of the same guide). */
const MAX_MESSAGE = 4096;

/** In characters ("Annotation", AWS CloudFormation API Reference). */
export const MAX_TEXT = 16_384;

/**
 * Returns the answer to a request that needs no payload: a deletion, an operation that is not checked, an exempt stack.
 * Undefined if the payload is needed.
 */
export function answerWithoutPayload(request: HookRequest, options: GuardOptions): HookResponse | undefined {
  const { target, operation, stack } = request;
  if (target === 'OTHER') {
    return skipped(request, 'Only stacks and change sets are checked, so this operation was not checked.');
  }
  if (operation === 'DELETE') return success(request, 'A deletion has no template to check.');
  const exemption = exemptionOf(stack.name, options);
  return exemption === undefined ? undefined : skipped(request, exemption);
}

/** Returns a sentence with the reason why a stack is exempt. Undefined if it is not. */
export function exemptionOf(name: string, { exemptStacks }: GuardOptions): string | undefined {
  const exemption = exemptStacks.find(({ stackName }) => compileGlob(stackName)(name));
  return exemption && `The stack '${name}' is exempt from the checks of X-Ray tracing: ${exemption.reason}`;
}

/** Returns the reason for a failed check. The message of an unexpected error could quote a template. */
export function reasonOf(error: unknown): string {
  if (error instanceof GuardError) return error.message;
  return `The check ended with an unexpected ${error instanceof Error ? error.name : 'error'}.`;
}

/** Returns the answer to an operation that can't be checked. */
export function errorAnswer(request: HookRequest, { onError }: GuardOptions, reason: string): HookResponse {
  if (onError === 'ALLOW') {
    return skipped(request, `${reason} X-Ray tracing was not checked, and the operation is allowed.`);
  }
  const message = `${reason} X-Ray tracing was not checked. Try again, or ask the owner of this Hook to exempt the stack.`;
  return { ...skipped(request, message), hookStatus: 'FAILED', errorCode: 'InternalFailure' };
}

/** Returns an answer that allows the operation. */
export function success({ token }: HookRequest, message: string): HookResponse {
  return { hookStatus: 'SUCCESS', message: shortened(message, MAX_MESSAGE), clientRequestToken: token };
}

function skipped(request: HookRequest, message: string): HookResponse {
  return { ...success(request, message), annotations: [note(message)] };
}

/** Returns an annotation that is not about one finding. */
export function note(message: string, status: Annotation['status'] = 'SKIPPED'): Annotation {
  return {
    annotationName: 'LambdaXRay',
    status,
    statusMessage: shortened(message, MAX_TEXT),
    severityLevel: 'INFORMATIONAL',
  };
}

/** Escapes control characters, and limits the length. */
export function shortened(text: string, max: number): string {
  const safe = printable(text);
  if (safe.length <= max) return safe;
  // Half a character would not be valid text.
  return `${safe.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
