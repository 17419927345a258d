import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { inflateSync } from 'node:zlib';
import { evaluateFunctions } from './config-rule';
import { GuardError, type GuardOptions, OPTIONS_FILE } from './options';
import { fetchPayload, readRequest } from './request';
import { answerWithoutPayload, errorAnswer, type HookResponse, reasonOf } from './response';
import type { WorkerInput, WorkerOutput } from './worker';

/** The part of the context of an invocation that is used here. */
interface Context {
  readonly getRemainingTimeInMillis: () => number;
}

/**
 * In milliseconds. CloudFormation waits 30 seconds for an answer ("Developing a Lambda Hook", AWS CloudFormation Hooks User
 * Guide), which include the start of the function.
 */
const BUDGET = 25_000;

/** The time to send an answer after a check that takes too long, in milliseconds. */
const RESERVE = 1_000;

/** In milliseconds. */
const MAX_FETCH_TIME = 10_000;

/** The memory that the worker leaves to the handler and to Node.js itself, in megabytes. */
const OTHER_MEMORY = 160;

/**
 * The code of the worker, compressed, in Base64. The build sets it. In plain text, it would contain the names of tracing
 * libraries, which rules search the code of functions for.
 */
declare const GUARD_WORKER: string;

/** The options of a function that is deployed as one file. */
const { cdkLambdaXRayGuard: ownOptions } = globalThis as { readonly cdkLambdaXRayGuard?: GuardOptions };

/**
 * Handles the requests of a Lambda Hook. It always answers: a check that runs out of time or memory ends in a worker.
 *
 * @param event the request
 */
export async function handler(event: unknown, context?: Context): Promise<HookResponse> {
  const start = Date.now();
  const budget = Math.min(BUDGET, (context?.getRemainingTimeInMillis() ?? BUDGET) - RESERVE);
  const request = readRequest(event);
  const options = readOptions();
  try {
    const early = answerWithoutPayload(request, options);
    if (early) return early;
    const body = await fetchPayload(request.payloadUrl, { timeout: Math.min(MAX_FETCH_TIME, budget) });
    return await inWorker({ request, body, options }, budget - (Date.now() - start));
  } catch (error) {
    const reason = reasonOf(error);
    // CloudWatch Logs has the stack of an unexpected error. It has no payload and no URL.
    if (!(error instanceof GuardError)) console.error(error);
    return errorAnswer(request, options, reason);
  }
}

/**
 * Handles the events of an AWS Config rule.
 *
 * @throws if a function can't be read or evaluated, or AWS Config does not accept the results
 */
export async function configHandler(event: unknown, context?: Context): Promise<void> {
  const options = readOptions();
  await evaluateFunctions(event, {
    evaluate: (functions, timeout) => inWorker({ functions, options }, timeout),
    remainingTime: () => context?.getRemainingTimeInMillis() ?? Infinity,
  });
}

function readOptions(): GuardOptions {
  return ownOptions ?? (JSON.parse(readFileSync(join(__dirname, OPTIONS_FILE), 'utf-8')) as GuardOptions);
}

/** @throws GuardError if the check takes too long or needs too much memory */
async function inWorker<Input extends WorkerInput>(
  workerData: Input,
  timeout: number,
): Promise<WorkerOutput<Input>> {
  const { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory = '512' } = process.env;
  const worker = new Worker(inflateSync(Buffer.from(GUARD_WORKER, 'base64')).toString(), {
    eval: true,
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: Number(memory) - OTHER_MEMORY },
  });
  const result = new Promise<WorkerOutput<Input>>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new GuardError('The check took too long, such as for a very large template.'));
    }, timeout);
    worker.on('message', resolve);
    worker.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new GuardError(
              'The check needs more memory than the function has, such as for a very large template.',
            )
          : error,
      );
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      reject(new GuardError('The check ended without an answer.'));
    });
  });
  try {
    return await result;
  } finally {
    await worker.terminate();
  }
}
