import type { Resource } from '../../cloudformation/template';
import type { Estimate } from '../../estimate/estimate';
import {
  type Bill,
  billFor,
  perMonth,
  type Price,
  type SpanBill,
  spanBillFor,
  type SpanSource,
} from '../../estimate/pricing';
import type { Sampler } from '../../estimate/sampling';
import type { Guess } from '../../estimate/trace-flow';
import type { LoadError } from '../../input/loaded-template';
import { indexingPercentage, isSearched } from '../../model/tracing-model';
import { neverSampled } from '../../trace-map/reachability';
import { SERVICES } from '../../trace-map/services';
import { sortedBy } from '../collections';
import type { Configuration } from '../configuration';
import { type Location, locationOf, type Templates, templatesById } from '../location';
import type { Run, Tool } from '../report';
import { notesOn } from './notes';

/** The content of an estimate in any format. */
export interface EstimateReport {
  readonly tool: Tool;
  /** The configuration with the request rates. */
  readonly configuration: Pick<Configuration, 'file'>;
  readonly templates: number;
  /** The sampling points, or with Transaction Search the sources of spans. The ones with the highest cost come first. */
  readonly entries: readonly EstimatedEntry[];
  readonly functions: readonly EstimatedFunction[];
  /** The traces that X-Ray charges for. */
  readonly recordedPerMonth: number;
  readonly freePerMonth: number;
  /** Possible additional traces, linked to the traces of messages. */
  readonly linkedPerMonth: number;
  /** Possible additional traces of functions that only streams and event buses invoke. */
  readonly consumersPerMonth: number;
  /** The cost of traces and spans. Undefined if the price in any of the regions is not known. */
  readonly usdPerMonth?: number;
  readonly prices: readonly Price[];
  readonly transactionSearch: TransactionSearchEstimate;
  /** The assumptions, one or more sentences each. */
  readonly notes: readonly string[];
  readonly errors: readonly LoadError[];
}

/** The spans of accounts and regions with Transaction Search, and those that the others would have with it. */
export interface TransactionSearchEstimate {
  readonly on?: EstimatedSpans;
  readonly off?: EstimatedSpans;
}

export type EstimatedSpans = Pick<SpanBill, 'spans' | 'gigabytes' | 'usd'>;

export interface EstimatedEntry extends Location {
  /** The name of the stack, or its construct path. Undefined if there is one stack, or the construct path begins with it. */
  readonly stack?: string;
  /** The name of the AWS service. */
  readonly service: string;
  readonly sampledBy: Sampler['kind'] | 'transaction-search';
  readonly samplingRule?: Location;
  readonly reservoir: number;
  readonly rate: number;
  readonly requestsPerSecond: number;
  readonly recordedPerSecond: number;
  readonly recordedPerMonth: number;
  /** Without the free tier. */
  readonly usdPerMonth?: number;
  readonly guesses: readonly Guess[];
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
}

/** Creates the report on an estimate. */
export function createEstimateReport(run: EstimateRun): EstimateReport {
  const { tool, loaded, model, estimate, configuration, region } = run;
  const templates = templatesById(loaded);
  const isInSearch = (resource: Resource | undefined) => isSearched(resource, model);
  const bill = billFor(
    estimate.samplingPoints.filter(({ node }) => !isInSearch(node.resource)),
    region,
  );
  const spanBillOf = (sources: readonly SpanSource[]) =>
    spanBillFor(sources, (resource) => indexingPercentage(resource, model), region);
  const on = spanBillOf(estimate.spanSources.filter(({ node }) => isInSearch(node.resource)));
  const off = spanBillOf(estimate.spanSources.filter(({ node }) => !isInSearch(node.resource)));
  const functions = [...estimate.functions];
  const linked = functions
    .filter(([{ resource }]) => !isInSearch(resource))
    .reduce((sum, [, { linkedPerSecond }]) => sum + linkedPerSecond, 0);
  const consumers = estimate.consumers.filter(({ resource }) => !isInSearch(resource)).length;
  const entries = [...entriesOf(bill, templates), ...entriesOfSpans(on, templates)];
  const totals = { linkedPerMonth: perMonth(linked), consumersPerMonth: perMonth(consumers) };
  return {
    tool,
    configuration,
    templates: loaded.templates.length,
    entries: sortedBy(entries, (entry) => [-(entry.usdPerMonth ?? 0), -entry.recordedPerMonth]),
    functions: functions.map(([{ resource }, { requestsPerSecond, recordedPerSecond }]) => ({
      ...locationOf(resource, templates),
      requestsPerSecond,
      recordedPerSecond,
      recordedPerMonth: perMonth(recordedPerSecond),
    })),
    recordedPerMonth: bill.recorded,
    freePerMonth: bill.free,
    ...totals,
    ...(bill.usd !== undefined && on.usd !== undefined && { usdPerMonth: bill.usd + on.usd }),
    prices: bill.prices,
    transactionSearch: {
      ...(on.items.length > 0 && { on: spansOf(on) }),
      ...(off.items.length > 0 && { off: spansOf(off) }),
    },
    notes: notesOn({
      model,
      estimate,
      configuration,
      bill,
      spans: { on, off },
      ...totals,
      unsampled: neverSampled(model.traceMap),
      isSearched: isInSearch,
    }),
    errors: loaded.errors,
  };
}

function spansOf({ spans, gigabytes, usd }: SpanBill): EstimatedSpans {
  return { spans, gigabytes, ...(usd !== undefined && { usd }) };
}

function entriesOf({ items }: Bill, templates: Templates): EstimatedEntry[] {
  return items.flatMap(({ samplingPoint, recorded, usd }) => {
    const { node, sampler, requestsPerSecond, recordedShare, guesses } = samplingPoint;
    const { kind, rule, reservoir, rate } = sampler;
    if (!node.resource) return [];
    return {
      ...locationOf(node.resource, templates),
      ...stackOf(node.resource, templates),
      service: SERVICES[node.kind].title,
      sampledBy: kind,
      ...(rule && { samplingRule: locationOf(rule, templates) }),
      reservoir,
      rate,
      requestsPerSecond,
      recordedPerSecond: requestsPerSecond * recordedShare,
      recordedPerMonth: recorded,
      ...(usd !== undefined && { usdPerMonth: usd }),
      guesses,
    };
  });
}

function entriesOfSpans({ items }: SpanBill, templates: Templates): EstimatedEntry[] {
  return items.flatMap(({ source, usd }) => {
    const { node, requestsPerSecond, guesses } = source;
    if (!node.resource) return [];
    return {
      ...locationOf(node.resource, templates),
      ...stackOf(node.resource, templates),
      service: SERVICES[node.kind].title,
      sampledBy: 'transaction-search' as const,
      reservoir: 0,
      rate: 1,
      requestsPerSecond,
      recordedPerSecond: requestsPerSecond,
      recordedPerMonth: perMonth(requestsPerSecond),
      ...(usd !== undefined && { usdPerMonth: usd }),
      guesses,
    };
  });
}

/** Returns the stack of a resource that its construct path does not begin with. */
function stackOf({ constructPath, template: { id } }: Resource, templates: Templates): { stack?: string } {
  const { constructPath: path, stackName } = templates.get(id) ?? {};
  const stack = path ?? stackName ?? id;
  return templates.size === 1 || constructPath?.startsWith(`${stack}/`) ? {} : { stack };
}
