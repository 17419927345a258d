import { parentPort, workerData } from 'node:worker_threads';
import { answer } from './answer';
import type { GuardOptions } from './options';
import type { HookRequest } from './request';

/** The input of the worker. */
export interface WorkerInput {
  readonly request: HookRequest;
  /** The text of the payload. */
  readonly body: string;
  readonly options: GuardOptions;
}

const { request, body, options } = workerData as WorkerInput;
parentPort?.postMessage(answer(request, body, options));
