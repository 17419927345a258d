import { nameOf } from '../../cloudformation/template';
import type { Estimate } from '../../estimate/estimate';
import { type Bill, billFor, perMonth, type Price } from '../../estimate/pricing';
import { DEFAULT_RULE, LAMBDA_SAMPLING, type Sampler, type Sampling } from '../../estimate/sampling';
import { type SamplingPoint, records } from '../../estimate/trace-flow';
import type { Loaded, LoadedTemplate, LoadError } from '../../input/loaded-template';
import type { LambdaFunction } from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { SERVICES } from '../../trace-map/services';
import type { TraceNode } from '../../trace-map/trace-map';
import { sortedBy } from '../collections';
import { type Location, locationOf } from '../location';
import type { Report } from '../report';
import { formatNumber, formatPercent, formatUsd } from './figures';

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

export interface EstimatedEntry extends Location {
  /** What AWS calls the service. */
  readonly service: string;
  readonly sampledBy: Sampler['kind'];
  readonly samplingRule?: Location;
  readonly reservoir: number;
  readonly rate: number;
  readonly requestsPerSecond: number;
  readonly recordedPerSecond: number;
  readonly recordedPerMonth: number;
  /** Before what is free. */
  readonly usdPerMonth?: number;
}

export interface EstimatedFunction extends Location {
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
export function createEstimateReport({ tool, loaded, model, estimate, region }: Estimated): EstimateReport {
  const templates: Templates = new Map(loaded.templates.map((template) => [template.id, template]));
  const bill = billFor(estimate.samplingPoints, region);
  const functions = [...estimate.functions];
  const linked = functions.reduce((sum, [, { linkedPerSecond }]) => sum + linkedPerSecond, 0);
  return {
    tool,
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
    notes: notesOn({ model, estimate, bill, linkedPerMonth: perMonth(linked) }),
    errors: loaded.errors,
  };
}

function entriesOf({ items }: Bill, templates: Templates): EstimatedEntry[] {
  return items.flatMap(({ samplingPoint, recorded, usd }) => {
    const { node, sampler, requestsPerSecond, recordedShare } = samplingPoint;
    const { kind: by, rule, reservoir, rate } = sampler;
    if (!node.resource) return [];
    return {
      ...locationOf(node.resource, templates),
      service: SERVICES[node.kind].title,
      sampledBy: by,
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

/** What a report on an estimate comes from. */
export interface Sources {
  readonly model: TracingModel;
  readonly estimate: Estimate;
  readonly bill: Bill;
  readonly linkedPerMonth: number;
}

type Note = (sources: Sources) => string | false;

/** What has been assumed, as far as it matters here, what isn't known, and the price. */
function notesOn(sources: Sources): string[] {
  return NOTES.flatMap((note) => note(sources) || []);
}

const NOTES: readonly Note[] = [
  ({ estimate: { samplingPoints } }) =>
    samplingPoints.length > 0 && 'Requests are taken to come evenly, in a month of 730 hours.',

  ({ estimate: { samplingPoints } }) =>
    samplingPoints.some(isBy('lambda')) &&
    `Lambda records ${inWords(LAMBDA_SAMPLING)}. This is taken to be for each function. If it is for each of its ` +
      'execution environments, which no page says, more is recorded.',

  ({ estimate: { samplingPoints } }) => {
    const rules = new Set(samplingPoints.map(({ sampler }) => sampler).filter(({ rule }) => rule));
    const said = [
      ...(samplingPoints.some(isBy('default-rule'))
        ? [`X-Ray's default rule records ${inWords(DEFAULT_RULE)}.`]
        : []),
      ...[...rules].map((sampler) => `The rule '${nameOf(sampler.rule!)}' records ${inWords(sampler)}.`),
      'Services with the same rule share its requests per second. Rules that are not in the templates are not considered.',
    ];
    return said.length > 1 && said.join(' ');
  },

  ({ estimate: { ignoredRules: rulesLeftOut } }) =>
    rulesLeftOut.length > 0 &&
    `Not considered, since they are for some requests only, or the template does not tell what they are for: the sampling rules ${named(rulesLeftOut.map(nameOf))}.`,

  ({ linkedPerMonth, bill: { prices } }) => {
    const cost =
      prices.length === 1 ? `, at USD ${formatUsd((linkedPerMonth / 1_000_000) * prices[0].recorded)}` : '';
    return (
      linkedPerMonth > 0 &&
      `Not counted: behind a queue, a function's traces are of their own, and linked to those of the messages. There may be ${formatNumber(linkedPerMonth)} of them a month${cost}.`
    );
  },

  ({ estimate: { withoutRate } }) =>
    withoutRate.length > 0 &&
    `Without a figure, and counted as if nobody called them: ${named(withoutRate.map(nameOfFunction))}.`,

  ({ estimate: { idle } }) =>
    idle.length > 0 &&
    'Not counted, since only schedules, deployments or what has failed call them: ' +
      `${named(idle.map(nameOfFunction))}. A schedule does so at most once a minute, ${formatNumber(perMonth(1 / 60))} times a month. ` +
      'Give them figures by name if that matters.',

  ({ model }) => {
    const functions = model.traceMap.nodes.filter((node) => records(node) && node.recording === 'unknown');
    return functions.length > 0 && `Taken to be Active, since only deployment tells: ${namesOf(functions)}.`;
  },

  ({ model }) => {
    const callers = model.traceMap.nodes.filter(
      (node) => node.kind !== 'function' && node.recording === 'unknown' && calls(node),
    );
    return callers.length > 0 && `Taken not to be traced, since only deployment tells: ${namesOf(callers)}.`;
  },

  ({ model, estimate: { functions } }) => {
    const idle = model.traceMap.nodes.filter((node) => {
      const { requestsPerSecond = 0, decisionsPerSecond: decidedPerSecond = 0 } =
        (node.function && functions.get(node.function)) ?? {};
      return records(node) && requestsPerSecond > 0 && decidedPerSecond === 0;
    });
    return (
      idle.length > 0 &&
      'Active, and recording nothing, since what calls them is a PassThrough function or a source behind which X-Ray ' +
        `does not trace: ${namesOf(idle)}.`
    );
  },

  ({ bill: { prices } }) =>
    prices
      .map(
        ({ recorded, retrievedOrScanned, free, source }) =>
          `X-Ray charges USD ${formatUsd(recorded)} for a million traces recorded beyond ${formatNumber(free.recorded)} a month ` +
          `and account; and USD ${formatUsd(retrievedOrScanned)} for a million retrieved or scanned beyond ` +
          `${formatNumber(free.retrievedOrScanned)}, which is not estimated (${source.url}, read on ${source.readOn}).`,
      )
      .join(' ') || false,

  ({ bill: { unpriced } }) => unpriced.length > 0 && `No price is known for ${unpriced.join(', ')}.`,
];

function isBy(by: Sampler['kind']): (decider: SamplingPoint) => boolean {
  return ({ sampler }) => sampler.kind === by;
}

/** `1 request a second and 5 percent of the others`. */
function inWords({ reservoir, rate }: Sampling): string {
  if (rate >= 1) return 'every request';
  const share = `${formatPercent(rate)} of the`;
  if (reservoir === 0) return `${share} requests`;
  return `${formatNumber(reservoir)} ${reservoir === 1 ? 'request' : 'requests'} a second and ${share} others`;
}

/** Whether it surely calls a function. */
function calls({ outgoing }: TraceNode): boolean {
  return outgoing.some(({ isCertain, to }) => isCertain && to.function);
}

function nameOfFunction({ resource }: LambdaFunction): string {
  return nameOf(resource);
}

function namesOf(nodes: readonly TraceNode[]): string {
  return named(nodes.map(({ name }) => name));
}

const MAX_NAMED = 5;

function named(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map((name) => `'${name}'`);
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
