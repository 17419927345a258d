import { nameOf, type Resource } from '../../cloudformation/template';
import type { Estimate } from '../../estimate/estimate';
import { type Bill, billFor, perMonth, type Price } from '../../estimate/pricing';
import { DEFAULT_RULE, LAMBDA_SAMPLING, type Sampler, type Sampling } from '../../estimate/sampling';
import { records, type SamplingPoint } from '../../estimate/trace-flow';
import type { LoadError } from '../../input/loaded-template';
import { hasOpenTelemetryLayer } from '../../lambda/instrumentation';
import type { LambdaFunction } from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { isSearched } from '../../model/transaction-search';
import { listNames } from '../../text/printable';
import { neverSampled } from '../../trace-map/never-sampled';
import { SERVICES } from '../../trace-map/services';
import type { TraceNode } from '../../trace-map/trace-map';
import { sortedBy } from '../collections';
import type { Configuration } from '../configuration';
import { type Location, locationOf, type Templates, templatesById } from '../location';
import type { Run, Tool } from '../report';
import { formatNumber, formatUsd } from '../wording';

/** The content of an estimate in any format. */
export interface EstimateReport {
  readonly tool: Tool;
  /** The configuration with the request rates. */
  readonly configuration: Pick<Configuration, 'file'>;
  readonly templates: number;
  /** The sampling points, the ones with the most traces first. */
  readonly entries: readonly EstimatedEntry[];
  readonly functions: readonly EstimatedFunction[];
  readonly recordedPerMonth: number;
  readonly freePerMonth: number;
  /** Possible additional traces, linked to the traces of messages. */
  readonly linkedPerMonth: number;
  /** Undefined if the price in any of the regions is not known. */
  readonly usdPerMonth?: number;
  readonly prices: readonly Price[];
  /** The assumptions, one or more sentences each. */
  readonly notes: readonly string[];
  readonly errors: readonly LoadError[];
}

export interface EstimatedEntry extends Location {
  /** The name of the AWS service. */
  readonly service: string;
  readonly sampledBy: Sampler['kind'];
  readonly samplingRule?: Location;
  readonly reservoir: number;
  readonly rate: number;
  readonly requestsPerSecond: number;
  readonly recordedPerSecond: number;
  readonly recordedPerMonth: number;
  /** Without the free tier. */
  readonly usdPerMonth?: number;
}

export interface EstimatedFunction extends Location {
  readonly requestsPerSecond: number;
  readonly recordedPerSecond: number;
  readonly recordedPerMonth: number;
}

/** The input of a report. */
export interface EstimateRun extends Run {
  readonly estimate: Estimate;
  readonly configuration: EstimateReport['configuration'];
  /** The region of resources whose template does not specify one. */
  readonly region?: string;
  /** True if Transaction Search is on in the account, outside of the templates. */
  readonly hasTransactionSearch?: boolean;
}

/** Creates the report on an estimate. */
export function createEstimateReport(run: EstimateRun): EstimateReport {
  const { tool, loaded, model, estimate, configuration, region } = run;
  const templates = templatesById(loaded);
  const isInSearch = (resource: Resource | undefined) =>
    run.hasTransactionSearch === true ||
    (resource !== undefined && isSearched(resource, model.transactionSearch));
  const bill = billFor(estimate.samplingPoints, region, ({ node }) => isInSearch(node.resource));
  const functions = [...estimate.functions];
  const linked = functions.reduce((sum, [, { linkedPerSecond }]) => sum + linkedPerSecond, 0);
  return {
    tool,
    configuration,
    templates: loaded.templates.length,
    entries: sortedBy(entriesOf(bill, templates), (entry) => [-entry.recordedPerMonth]),
    functions: functions.map(([{ resource }, { requestsPerSecond, recordedPerSecond }]) => ({
      ...locationOf(resource, templates),
      requestsPerSecond,
      recordedPerSecond,
      recordedPerMonth: perMonth(recordedPerSecond),
    })),
    recordedPerMonth: bill.recorded,
    freePerMonth: bill.free,
    linkedPerMonth: perMonth(linked),
    ...(bill.usd !== undefined && { usdPerMonth: bill.usd }),
    prices: bill.prices,
    notes: notesOn({
      model,
      estimate,
      configuration,
      bill,
      linkedPerMonth: perMonth(linked),
      unsampled: neverSampled(model.traceMap),
      isSearched: isInSearch,
    }),
    errors: loaded.errors,
  };
}

function entriesOf({ items }: Bill, templates: Templates): EstimatedEntry[] {
  return items.flatMap(({ samplingPoint, recorded, usd }) => {
    const { node, sampler, requestsPerSecond, recordedShare } = samplingPoint;
    const { kind, rule, reservoir, rate } = sampler;
    if (!node.resource) return [];
    return {
      ...locationOf(node.resource, templates),
      service: SERVICES[node.kind].title,
      sampledBy: kind,
      ...(rule && { samplingRule: locationOf(rule, templates) }),
      reservoir,
      rate,
      requestsPerSecond,
      recordedPerSecond: requestsPerSecond * recordedShare,
      recordedPerMonth: recorded,
      ...(usd !== undefined && { usdPerMonth: usd }),
    };
  });
}

/** The input of the notes. */
export interface NoteContext {
  readonly model: TracingModel;
  readonly estimate: Estimate;
  readonly configuration: EstimateReport['configuration'];
  readonly bill: Bill;
  readonly linkedPerMonth: number;
  /** The Active functions whose callers decide not to sample. */
  readonly unsampled: ReadonlyMap<TraceNode, unknown>;
  /** Returns true if Transaction Search is on in the account and region of a resource. */
  readonly isSearched: (resource: Resource) => boolean;
}

type Note = (context: NoteContext) => string | false;

/** Returns the notes that apply to an estimate: assumptions, unknown values and prices. */
function notesOn(context: NoteContext): string[] {
  return NOTES.flatMap((note) => note(context) || []);
}

const NOTES: readonly Note[] = [
  ({ configuration: { file } }) => file !== undefined && `Request rates are configured in ${file}.`,

  ({ estimate: { samplingPoints } }) =>
    samplingPoints.length > 0 && 'Assumes evenly distributed requests and a month of 730 hours.',

  ({ estimate: { samplingPoints } }) =>
    samplingPoints.some(isSampledBy('lambda')) &&
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

  ({ linkedPerMonth, bill: { prices } }) => {
    const cost =
      prices.length === 1 ? ` (USD ${formatUsd((linkedPerMonth / 1_000_000) * prices[0].recorded)})` : '';
    return (
      linkedPerMonth > 0 &&
      `Not included: a function that processes messages from a queue has separate traces, linked to the traces of the messages. There may be ${formatNumber(linkedPerMonth)} of them per month${cost}.`
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

  ({ model, estimate: { functions }, isSearched }) => {
    const captured = model.traceMap.nodes.flatMap((node) =>
      node.function && records(node) && isSearched(node.function.resource)
        ? (functions.get(node.function)?.requestsPerSecond ?? 0)
        : [],
    );
    const total = perMonth(captured.reduce((sum, requests) => sum + requests, 0));
    return (
      captured.length > 0 &&
      `With Transaction Search, Lambda captures the spans of all ${formatNumber(total)} invocations per month of Active ` +
        'functions, without sampling. CloudWatch charges for spans by volume, and for indexing more than 1 percent of ' +
        'them, instead of the price of X-Ray. This is not estimated (https://aws.amazon.com/cloudwatch/pricing/).'
    );
  },

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
        ({ recorded, retrievedOrScanned, free, source }) =>
          `X-Ray charges USD ${formatUsd(recorded)} per million traces recorded beyond ${formatNumber(free.recorded)} ` +
          `per month and account. It also charges USD ${formatUsd(retrievedOrScanned)} per million traces retrieved or ` +
          `scanned beyond ${formatNumber(free.retrievedOrScanned)}, which is not estimated ` +
          `(${source.url}, read on ${source.readOn}).`,
      )
      .join(' ') || false,

  ({ bill: { unpriced } }) => unpriced.length > 0 && `No price is known for ${unpriced.join(', ')}.`,
];

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
