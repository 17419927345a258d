import { nameOf, type Resource } from '../../cloudformation/template';
import type { Estimate } from '../../estimate/estimate';
import {
  type Bill,
  KILOBYTES_PER_SPAN,
  perMonth,
  SPAN_PRICE,
  type SpanBill,
  SPANS_PER_INSTRUMENTED_INVOCATION,
  SPANS_PER_INVOCATION,
} from '../../estimate/pricing';
import { DEFAULT_RULE, LAMBDA_SAMPLING, type Sampler, type Sampling } from '../../estimate/sampling';
import { records, type SamplingPoint } from '../../estimate/trace-flow';
import { hasOpenTelemetryLayer } from '../../lambda/instrumentation';
import type { LambdaFunction } from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { listNames } from '../../text/printable';
import type { TraceNode } from '../../trace-map/trace-map';
import type { Configuration } from '../configuration';
import { formatNumber, formatUsd, roundedNumber } from '../wording';

/** The input of the notes. */
export interface NoteContext {
  readonly model: TracingModel;
  readonly estimate: Estimate;
  readonly configuration: Pick<Configuration, 'file'>;
  readonly bill: Bill;
  /** The spans of accounts and regions with Transaction Search, and those that the others would have with it. */
  readonly spans: { readonly on: SpanBill; readonly off: SpanBill };
  readonly linkedPerMonth: number;
  readonly consumersPerMonth: number;
  /** The Active functions whose callers decide not to sample. */
  readonly unsampled: ReadonlyMap<TraceNode, unknown>;
  /** Returns true if Transaction Search is on in the account and region of a resource. */
  readonly isSearched: (resource: Resource) => boolean;
}

type Note = (context: NoteContext) => string | false;

/** Returns the notes that apply to an estimate: assumptions, unknown values and prices. */
export function notesOn(context: NoteContext): string[] {
  return NOTES.flatMap((note) => note(context) || []);
}

const NOTES: readonly Note[] = [
  ({ configuration: { file } }) => file !== undefined && `Request rates are configured in ${file}.`,

  ({ bill, spans: { on } }) =>
    [...bill.items.map(({ samplingPoint }) => samplingPoint), ...on.items.map(({ source }) => source)].some(
      ({ guesses }) => guesses.length > 0,
    ) && '~ marks a guess: the request rate is the default, or the tracing is known only at deployment.',

  ({ estimate: { samplingPoints } }) =>
    samplingPoints.length > 0 && 'Assumes evenly distributed requests and a month of 730 hours.',

  ({ bill: { items } }) =>
    items.some(({ samplingPoint }) => isSampledBy('lambda')(samplingPoint)) &&
    `Lambda records ${describeSampling(LAMBDA_SAMPLING)}. AWS does not document whether this applies per function or ` +
      'per execution environment. The estimate assumes per function, so the actual number can be higher.',

  ({ estimate: { samplingPoints } }) => {
    const rules = new Set(samplingPoints.map(({ sampler }) => sampler).filter(({ rule }) => rule));
    const sentences = [
      ...(samplingPoints.some(isSampledBy('default-rule'))
        ? [`X-Ray's default rule records ${describeSampling(DEFAULT_RULE)}.`]
        : []),
      ...[...rules].map(
        (sampler) => `The sampling rule '${nameOf(sampler.rule!)}' records ${describeSampling(sampler)}.`,
      ),
      'Services with the same rule share its reservoir. Rules outside of the templates are not considered.',
    ];
    return sentences.length > 1 && sentences.join(' ');
  },

  ({ estimate: { ignoredRules } }) =>
    ignoredRules.length > 0 &&
    `Sampling rules that apply to some requests only, or to services known only at deployment, are ignored: ${quoted(ignoredRules.map(nameOf))}.`,

  ({ linkedPerMonth, bill }) =>
    linkedPerMonth > 0 &&
    `Not included: a function that processes messages from a queue has separate traces, linked to the traces of the messages. There may be ${formatNumber(linkedPerMonth)} of them per month${costOf(linkedPerMonth, bill)}.`,

  ({ estimate: { consumers }, consumersPerMonth, bill }) => {
    const atOne =
      consumersPerMonth > 0
        ? ` At an assumed 1 invocation per second each, there would be ${formatNumber(consumersPerMonth)} traces more per month${costOf(consumersPerMonth, bill)}.`
        : '';
    return (
      consumers.length > 0 &&
      `Not included: functions that only streams and event buses invoke: ${namesOfFunctions(consumers)}. The number of their ` +
        `invocations depends on batches and event patterns, not on the rate of requests.${atOne} To include a function, set its request rate.`
    );
  },

  ({ estimate: { withoutRate } }) =>
    withoutRate.length > 0 &&
    `Functions without a request rate are assumed not to be invoked: ${namesOfFunctions(withoutRate)}.`,

  ({ estimate: { idle } }) =>
    idle.length > 0 &&
    `Not included: functions that only schedules, deployments or failed requests invoke: ${namesOfFunctions(idle)}. ` +
      `A schedule invokes a function at most once a minute (${formatNumber(perMonth(1 / 60))} times per month). ` +
      'To include a function, set its request rate.',

  ({ spans: { on } }) =>
    on.spans > 0 &&
    `With Transaction Search, Lambda captures the spans of all invocations of Active functions, without sampling, and ` +
      `CloudWatch charges for them instead of X-Ray for traces. ${describeSpanPrice(on)}`,

  ({ spans: { off } }) =>
    off.spans > 0 &&
    off.usd !== undefined &&
    `With Transaction Search, which captures all invocations, CloudWatch would charge about USD ${formatUsd(off.usd)} per month instead. ${describeSpanPrice(off)}`,

  ({ model }) => {
    const functions = model.functions.filter(usesApplicationSignals);
    return (
      functions.length > 0 &&
      `Not included: CloudWatch Application Signals, which CloudWatch charges for separately: ${namesOfFunctions(functions)}.`
    );
  },

  ({ model }) => {
    const functions = model.traceMap.nodes.filter((node) => records(node) && node.recording === 'unknown');
    return functions.length > 0 && `Assumed Active (known only at deployment): ${namesOfNodes(functions)}.`;
  },

  ({ model }) => {
    const invalid = model.functions.filter(({ modes }) =>
      modes.every(({ value }) => typeof value === 'object'),
    );
    return (
      invalid.length > 0 &&
      `Assumed to record no traces, because their tracing mode is invalid: ${namesOfFunctions(invalid)}.`
    );
  },

  ({ model }) => {
    const callers = model.traceMap.nodes.filter(
      (node) => node.kind !== 'function' && node.recording === 'unknown' && callsFunction(node),
    );
    return callers.length > 0 && `Assumed not traced (known only at deployment): ${namesOfNodes(callers)}.`;
  },

  ({ unsampled, isSearched }) => {
    const functions = [...unsampled.keys()].filter(({ resource }) => !resource || !isSearched(resource));
    return (
      functions.length > 0 &&
      `Active, but assumed to record nothing, because only functions without active tracing invoke them and decide not to sample: ${namesOfNodes(functions)}.`
    );
  },

  ({ model, unsampled, estimate: { functions } }) => {
    const withoutTraces = model.traceMap.nodes.filter((node) => {
      const { requestsPerSecond = 0, decisionsPerSecond = 0 } =
        (node.function && functions.get(node.function)) ?? {};
      return records(node) && !unsampled.has(node) && requestsPerSecond > 0 && decisionsPerSecond === 0;
    });
    return (
      withoutTraces.length > 0 &&
      'Active, but assumed to record nothing, because X-Ray does not support what invokes them, or because clients ' +
        `are assumed to send no tracing header to their callers: ${namesOfNodes(withoutTraces)}.`
    );
  },

  ({ bill: { prices } }) =>
    prices
      .map(
        ({ recorded, retrievedOrScanned, insights, free, source }) =>
          `X-Ray charges USD ${formatUsd(recorded)} per million traces recorded beyond ${formatNumber(free.recorded)} ` +
          `per month and account. Not estimated: USD ${formatUsd(retrievedOrScanned)} per million traces retrieved or ` +
          `scanned beyond ${formatNumber(free.retrievedOrScanned)}, and USD ${formatUsd(insights)} per million traces in ` +
          'groups with X-Ray Insights ' +
          `(${source.url}, read on ${source.readOn}).`,
      )
      .join(' ') || false,

  ({ bill, spans: { on } }) => {
    const unpriced = [...new Set([...bill.unpriced, ...on.unpriced])];
    return unpriced.length > 0 && `No price is known for ${unpriced.join(', ')}.`;
  },
];

/** Returns the cost of traces in parentheses, after a space. Empty if several prices apply. */
function costOf(traces: number, { prices }: Bill): string {
  return prices.length === 1 ? ` (USD ${formatUsd((traces / 1_000_000) * prices[0].recorded)})` : '';
}

/** Describes the guesses and prices that the cost of spans is based on. */
function describeSpanPrice({ spans, gigabytes }: SpanBill): string {
  const { ingested, indexed, freeIndexedPercentage, region, source } = SPAN_PRICE;
  const [first] = ingested;
  return (
    `This is a guess for ${roundedNumber(spans)} spans (${roundedNumber(gigabytes)} GB): ${SPANS_PER_INVOCATION} spans per ` +
    `invocation, ${SPANS_PER_INSTRUMENTED_INVOCATION} with AWS's OpenTelemetry layer, of ${KILOBYTES_PER_SPAN} KB each. ` +
    `In ${region}, CloudWatch charges USD ${formatUsd(first.perGigabyte)} per GB up to ${formatNumber(first.upTo)} GB, less ` +
    `beyond, and USD ${formatUsd(indexed)} per million spans that are indexed beyond ${freeIndexedPercentage} percent. ` +
    `Storage and queries in CloudWatch Logs are not estimated (${source.title}, read on ${source.readOn}; current prices: ${source.url}).`
  );
}

/** Returns true if AWS's layer sends metrics of a function to Application Signals, as it does unless it is turned off. */
function usesApplicationSignals(fn: LambdaFunction): boolean {
  const setting = fn.environment.find(({ name }) => name === 'OTEL_AWS_APPLICATION_SIGNALS_ENABLED');
  return (
    hasOpenTelemetryLayer(fn.configuration.layers) &&
    setting?.values.some(({ value }) => value === 'false') !== true
  );
}

/** Describes the requests that are recorded: `1 request per second and 5 percent of additional requests`. */
function describeSampling({ reservoir, rate }: Sampling): string {
  if (rate >= 1) return 'all requests';
  const share = `${formatNumber(rate * 100)} percent of`;
  if (reservoir === 0) return `${share} requests`;
  const requests = reservoir === 1 ? 'request' : 'requests';
  return `${formatNumber(reservoir)} ${requests} per second and ${share} additional requests`;
}

function isSampledBy(kind: Sampler['kind']): (point: SamplingPoint) => boolean {
  return ({ sampler }) => sampler.kind === kind;
}

/** True if a node certainly calls a function. */
function callsFunction({ outgoing }: TraceNode): boolean {
  return outgoing.some(({ isCertain, to }) => isCertain && to.function);
}

function namesOfFunctions(functions: readonly LambdaFunction[]): string {
  return quoted(functions.map(({ resource }) => nameOf(resource)));
}

function namesOfNodes(nodes: readonly TraceNode[]): string {
  return quoted(nodes.map(({ name }) => name));
}

function quoted(names: readonly string[]): string {
  return listNames(names.map((name) => `'${name}'`));
}
