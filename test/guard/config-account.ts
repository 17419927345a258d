import {
  ConfigServiceClient,
  type Evaluation,
  PutEvaluationsCommand,
  type PutEvaluationsCommandInput,
} from '@aws-sdk/client-config-service';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  type FunctionConfiguration,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { NO_CONFIG } from '../../lib/config/config';
import { evaluateFunctions } from '../../lib/guard/config-rule';
import { evaluateFunction } from '../../lib/guard/evaluate-function';
import type { GuardOptions } from '../../lib/guard/options';
import { withNobody } from '../deployed/account';
import { ARN } from './config-events';

/** An account with functions, which AWS Config asks the guard about. */

export const config = mockClient(ConfigServiceClient);
export const lambda = mockClient(LambdaClient);
export const iam = mockClient(IAMClient);
export const log = jest.spyOn(console, 'log');

export const ROLE = 'arn:aws:iam::123456789012:role/orders-role';
export const MSK = 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0123';

/** Lets all tests of a file run in the account. Roles may write traces. */
export function withAccount(): void {
  withNobody();
  beforeEach(() => {
    for (const client of [config, lambda, iam]) client.reset();
    log.mockReset();
    config.on(PutEvaluationsCommand).resolves({ FailedEvaluations: [] });
    lambda.on(ListAliasesCommand).resolves({ Aliases: [] });
    lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [] });
    givenDecision('allowed');
  });
  afterAll(() => {
    for (const client of [config, lambda, iam]) client.restore();
    log.mockRestore();
  });
}

/** Returns a version of a function, as Lambda describes it. */
export function fn(
  version: string,
  mode: string,
  more: Partial<FunctionConfiguration> = {},
): FunctionConfiguration {
  return {
    FunctionName: 'orders',
    FunctionArn: version === '$LATEST' ? ARN : `${ARN}:${version}`,
    Version: version,
    TracingConfig: { Mode: mode as 'Active' },
    Role: ROLE,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    MemorySize: 512,
    ...more,
  };
}

/** Lets the account have functions. */
export function given(versions: readonly FunctionConfiguration[], tags: Record<string, string> = {}): void {
  lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [...versions] });
  lambda.on(ListFunctionsCommand).resolves({ Functions: [...versions] });
  lambda.on(ListTagsCommand).resolves({ Tags: tags });
}

/** Lets the policy simulator decide on all actions. */
export function givenDecision(decision: 'allowed' | 'implicitDeny'): void {
  iam.on(SimulatePrincipalPolicyCommand).resolves({
    EvaluationResults: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((EvalActionName) => ({
      EvalActionName,
      EvalDecision: decision,
    })),
  });
}

/** Handles an event, and returns the requests to AWS Config. */
export async function handled(
  event: unknown,
  options: Partial<GuardOptions> = {},
  remaining = 900_000,
): Promise<PutEvaluationsCommandInput[]> {
  const all: GuardOptions = {
    ...{ config: NO_CONFIG, failOn: 'error', onError: 'ALLOW', exemptStacks: [] },
    ...options,
  };
  await evaluateFunctions(event, {
    // Cloned, as for the worker.
    evaluate: (functions) =>
      Promise.resolve(structuredClone(functions).map((one) => evaluateFunction(one, all))),
    remainingTime: () => remaining,
  });
  return sent();
}

/** Returns the requests to AWS Config. */
export function sent(): PutEvaluationsCommandInput[] {
  return config.commandCalls(PutEvaluationsCommand).map(({ args: [{ input }] }) => input);
}

/** Handles an event, and returns the only evaluation. */
export async function evaluation(event: unknown, options?: Partial<GuardOptions>): Promise<Evaluation> {
  const [{ Evaluations: [only, ...others] = [] }] = await handled(event, options);
  expect(others).toEqual([]);
  return only;
}
