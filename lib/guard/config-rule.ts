import type * as Sdk from '@aws-sdk/client-config-service';
import { ClientFactory, ConcurrencyLimit, RequestSender } from '../aws/clients';
import { isObject, objectAt } from '../cloudformation/json';
import { printable } from '../text/printable';
import type { DeployedFunction, FunctionEvaluation } from './evaluate-function';
import { FunctionReader, type ListedFunction } from './read-functions';

/** The most evaluations of a request ("PutEvaluations", AWS Config API Reference). */
const BATCH = 100;

/** Lambda limits the requests of an account for all of its users ("Lambda quotas", AWS Lambda Developer Guide). */
const CONCURRENCY = 5;

/** The time to read and evaluate a batch, in milliseconds. */
const TIME_OF_BATCH = 60_000;

/** The time to send the results of a batch, in milliseconds. */
const RESERVE = 5_000;

const FUNCTION = 'AWS::Lambda::Function';

/** The parts of the evaluation that depend on the process. */
export interface Evaluator {
  readonly evaluate: (
    functions: readonly DeployedFunction[],
    timeout: number,
  ) => Promise<readonly FunctionEvaluation[]>;
  /** Returns the time that is left for the event, in milliseconds. */
  readonly remainingTime: () => number;
}

/** An event of AWS Config ("Example Events for AWS Config Rules", AWS Config Developer Guide). */
interface ConfigEvent {
  /** The resource that changed. Undefined for a scheduled evaluation of all functions. */
  readonly changed?: {
    readonly id: string;
    readonly type: string;
    /** The name, if it is a function. */
    readonly name: string;
    /** True if it was deleted, or left the scope of the rule. */
    readonly isGone: boolean;
  };
  readonly time: Date;
  readonly resultToken: string;
}

/**
 * Evaluates the functions that an event of AWS Config is about, and sends the results. It reads the current state of the
 * functions: an event has neither versions nor event source mappings, and the event of an oversized function not even its
 * configuration.
 *
 * @throws if a function can't be read or evaluated. It keeps its previous evaluation
 */
export async function evaluateFunctions(
  event: unknown,
  { evaluate, remainingTime }: Evaluator,
): Promise<void> {
  const { changed, time, resultToken } = readEvent(event);
  const region = process.env.AWS_REGION ?? '';
  const clients = new ClientFactory(undefined);
  const limit = new ConcurrencyLimit(CONCURRENCY);
  const results = await ConfigResults.connect(region, clients, limit, { time, resultToken });
  if (changed && (changed.isGone || changed.type !== FUNCTION)) return results.putAbsent(changed);

  const reader = await FunctionReader.connect(region, clients, limit);
  const listed = changed ? await reader.find(changed.name) : await reader.list();
  if (changed && listed.length === 0) return results.putAbsent(changed);
  const problems: string[] = [];
  for (const batch of batches(listed)) {
    const left = Math.min(remainingTime(), TIME_OF_BATCH);
    if (left < TIME_OF_BATCH && listed.length > BATCH) {
      problems.push(`There was no time to evaluate all of the ${listed.length} functions.`);
      break;
    }
    const functions = await Promise.all(batch.map((fn) => reader.describe(fn)));
    const evaluations = await evaluate(functions, left - RESERVE);
    for (const { name, details } of evaluations) {
      for (const text of details) console.log(printable(`${name}: ${text}`));
    }
    await results.put(evaluations, changed?.id);
  }
  problems.push(...reader.failures());
  if (problems.length > 0) {
    throw new Error(['Some functions keep their previous evaluation.', ...problems].join(' '));
  }
}

function batches(functions: readonly ListedFunction[]): (readonly ListedFunction[])[] {
  const count = Math.ceil(functions.length / BATCH);
  return Array.from({ length: count }, (_, i) => functions.slice(i * BATCH, (i + 1) * BATCH));
}

/** @throws Error if an event is not one of a rule that changes or a schedule trigger */
function readEvent(event: unknown): ConfigEvent {
  const { invokingEvent: json, resultToken, eventLeftScope: hasLeft } = isObject(event) ? event : {};
  const invoking = typeof json === 'string' ? parsed(json) : {};
  const { messageType, notificationCreationTime } = invoking;
  if (typeof resultToken !== 'string') throw new Error('The event is not one of an AWS Config rule.');
  if (messageType === 'ScheduledNotification') return { time: timeOf(notificationCreationTime), resultToken };
  const item = {
    ...objectAt(invoking, 'configurationItemSummary'),
    ...objectAt(invoking, 'configurationItem'),
  };
  const { resourceId: id, resourceType: type, ARN: arn, configurationItemStatus: status } = item;
  if (typeof id !== 'string' || typeof type !== 'string') {
    throw new Error('The event of AWS Config has no resource. Trigger the rule by changes, or periodically.');
  }
  const [, name = id] = /:function:([^:]+)/.exec(typeof arn === 'string' ? arn : '') ?? [];
  const isDeleted = typeof status === 'string' && status.startsWith('ResourceDeleted');
  return {
    changed: { id, type, name, isGone: hasLeft === true || isDeleted },
    time: timeOf(item.configurationItemCaptureTime),
    resultToken,
  };
}

function parsed(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function timeOf(value: unknown): Date {
  const time = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(time.getTime()) ? new Date() : time;
}

/** The results of an event. */
class ConfigResults {
  private readonly requests: RequestSender;

  public static async connect(
    region: string,
    clients: ClientFactory,
    limit: ConcurrencyLimit,
    event: Pick<ConfigEvent, 'time' | 'resultToken'>,
  ): Promise<ConfigResults> {
    const sdk = await import('@aws-sdk/client-config-service');
    const client = await clients.connect(region, (config) => new sdk.ConfigServiceClient(config));
    return new ConfigResults(client, sdk, limit, event);
  }

  private constructor(
    private readonly client: Sdk.ConfigServiceClient,
    private readonly sdk: typeof Sdk,
    limit: ConcurrencyLimit,
    private readonly event: Pick<ConfigEvent, 'time' | 'resultToken'>,
  ) {
    const calls = { service: 'AWS Config', actions: 'config:PutEvaluations' };
    this.requests = new RequestSender(limit, calls, () => false);
  }

  /** Sends the evaluations of a batch, except those of functions that could not be read completely. */
  public put(evaluations: readonly FunctionEvaluation[], id?: string): Promise<void> {
    return this.send(
      evaluations.flatMap(({ name, compliance, annotation }) =>
        compliance === undefined ? [] : this.evaluation(id ?? name, FUNCTION, compliance, annotation),
      ),
    );
  }

  /** Sends that a resource does not exist, or is none that the rule is for. */
  public putAbsent({ id, type }: { readonly id: string; readonly type: string }): Promise<void> {
    return this.send([this.evaluation(id, type, 'NOT_APPLICABLE')]);
  }

  private evaluation(
    id: string,
    type: string,
    compliance: Sdk.ComplianceType,
    annotation?: string,
  ): Sdk.Evaluation {
    return {
      ComplianceResourceType: type,
      ComplianceResourceId: id,
      ComplianceType: compliance,
      ...(annotation !== undefined && { Annotation: annotation }),
      OrderingTimestamp: this.event.time,
    };
  }

  /** @throws AwsError, or Error if AWS Config does not accept an evaluation */
  private async send(evaluations: Sdk.Evaluation[]): Promise<void> {
    if (evaluations.length === 0) return;
    const { resultToken } = this.event;
    const command = new this.sdk.PutEvaluationsCommand({
      Evaluations: evaluations,
      ResultToken: resultToken,
      // The token of a test, which AWS Config accepts only in this mode.
      TestMode: resultToken === 'TESTMODE',
    });
    const { FailedEvaluations: failed = [] } =
      (await this.requests.send(() => this.client.send(command))) ?? {};
    if (failed.length > 0) {
      throw new Error(`AWS Config did not accept ${failed.length} of ${evaluations.length} evaluations.`);
    }
  }
}
