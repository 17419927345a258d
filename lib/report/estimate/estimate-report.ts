import { type Bill, billFor, inAMonth } from '../../estimate/bill';
import type { Estimate } from '../../estimate/estimate';
import type { Price } from '../../estimate/price';
import type { Sampler } from '../../estimate/sampler';
import type { LoadedTemplate, LoadError, Loaded } from '../../load/loaded';
import { SERVICES } from '../../model/paths/services';
import type { TracingModel } from '../../model/tracing-model';
import { type Place, placeOf } from '../place';
import type { Report } from '../report';
import { sortedBy } from '../sorted-by';
import { notesOn } from './notes';

/** What every format of an estimate is made from, in the order in which it is told. */
export interface EstimateReport {
  readonly tool: Report['tool'];
  readonly templates: number;
  /** Where it is decided what is recorded: those that record most come first. */
  readonly entries: readonly EstimatedEntry[];
  readonly functions: readonly EstimatedFunction[];
  readonly recordedPerMonth: number;
  readonly freePerMonth: number;
  /** Traces that are linked to others, of which there may be so many more. */
  readonly linkedPerMonth: number;
  /** Nothing where the price isn't known for some. */
  readonly usdPerMonth?: number;
  readonly prices: readonly Price[];
  /** What has been assumed, a sentence or two each. */
  readonly notes: readonly string[];
  readonly errors: readonly LoadError[];
}

export interface EstimatedEntry extends Place {
  /** What AWS calls the service. */
  readonly service: string;
  readonly decidedBy: Sampler['by'];
  readonly samplingRule?: Place;
  readonly reservoir: number;
  readonly rate: number;
  readonly requestsPerSecond: number;
  readonly recordedPerSecond: number;
  readonly recordedPerMonth: number;
  /** Before what is free. */
  readonly usdPerMonth?: number;
}

export interface EstimatedFunction extends Place {
  readonly requestsPerSecond: number;
  readonly recordedPerSecond: number;
  readonly recordedPerMonth: number;
}

/** What came of a run. */
export interface Estimated {
  readonly tool: Report['tool'];
  readonly loaded: Loaded;
  readonly model: TracingModel;
  readonly estimate: Estimate;
  /** Where what doesn't say it is deployed. */
  readonly region?: string;
}

type Templates = ReadonlyMap<string, LoadedTemplate>;

/** Puts together what there is to tell of an estimate. */
export function estimateReportOn({ tool, loaded, model, estimate, region }: Estimated): EstimateReport {
  const templates: Templates = new Map(loaded.templates.map((template) => [template.id, template]));
  const bill = billFor(estimate.deciders, region);
  const functions = [...estimate.functions];
  const linked = functions.reduce((sum, [, { linkedPerSecond }]) => sum + linkedPerSecond, 0);
  return {
    tool,
    templates: loaded.templates.length,
    entries: sortedBy(entriesOf(bill, templates), (entry) => [-entry.recordedPerMonth]),
    functions: functions.map(([{ resource }, { requestsPerSecond, recordedPerSecond }]) => ({
      ...placeOf(resource, templates),
      requestsPerSecond,
      recordedPerSecond,
      recordedPerMonth: inAMonth(recordedPerSecond),
    })),
    recordedPerMonth: bill.recorded,
    freePerMonth: bill.free,
    linkedPerMonth: inAMonth(linked),
    ...(bill.usd !== undefined && { usdPerMonth: bill.usd }),
    prices: bill.prices,
    notes: notesOn({ model, estimate, bill, linkedPerMonth: inAMonth(linked) }),
    errors: loaded.errors,
  };
}

function entriesOf({ items }: Bill, templates: Templates): EstimatedEntry[] {
  return items.flatMap(({ decider, recorded, usd }) => {
    const { node, sampler, requestsPerSecond, recordedShare } = decider;
    const { by, rule, reservoir, rate } = sampler;
    if (!node.resource) return [];
    return {
      ...placeOf(node.resource, templates),
      service: SERVICES[node.kind].title,
      decidedBy: by,
      ...(rule && { samplingRule: placeOf(rule, templates) }),
      reservoir,
      rate,
      requestsPerSecond,
      recordedPerSecond: requestsPerSecond * recordedShare,
      recordedPerMonth: recorded,
      ...(usd !== undefined && { usdPerMonth: usd }),
    };
  });
}
