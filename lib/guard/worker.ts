import { parentPort, workerData } from 'node:worker_threads';
import { answer } from './answer';
import { type DeployedFunction, evaluateFunction, type FunctionEvaluation } from './evaluate-function';
import type { GuardOptions } from './options';
import type { HookRequest } from './request';
import type { HookResponse } from './response';

/** A request of CloudFormation to check. */
interface RequestInput {
  readonly request: HookRequest;
  /** The text of the payload. */
  readonly body: string;
  readonly options: GuardOptions;
}

/** Functions to evaluate for AWS Config. */
interface FunctionsInput {
  readonly functions: readonly DeployedFunction[];
  readonly options: GuardOptions;
}

export type WorkerInput = RequestInput | FunctionsInput;

export type WorkerOutput<Input extends WorkerInput> = Input extends FunctionsInput
  ? readonly FunctionEvaluation[]
  : HookResponse;

const input = workerData as WorkerInput;
parentPort?.postMessage(
  'functions' in input
    ? input.functions.map((fn) => evaluateFunction(fn, input.options))
    : answer(input.request, input.body, input.options),
);
