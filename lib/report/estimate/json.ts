import { type Price, SPAN_PRICE } from '../../estimate/pricing';
import { contractJson, errorOf, resourceOf } from '../formats/json';
import type { EstimatedEntry, EstimatedFunction, EstimatedSpans, EstimateReport } from './report';

/** Formats a report as JSON, as defined in docs/estimate-report.schema.json. */
export function estimateJson(report: EstimateReport): string {
  const { recordedPerMonth, freePerMonth, linkedPerMonth, consumersPerMonth, usdPerMonth } = report;
  const { on, off } = report.transactionSearch;
  return contractJson(report.tool, {
    configuration: report.configuration,
    summary: {
      recordedPerMonth,
      freePerMonth,
      linkedPerMonth,
      consumersPerMonth,
      usdPerMonth: rounded(usdPerMonth),
    },
    transactionSearch: { on: on && spansOf(on), off: off && spansOf(off), price: SPAN_PRICE_JSON },
    prices: report.prices.map(priceOf),
    entries: report.entries.map(entryOf),
    functions: report.functions.map(functionOf),
    notes: report.notes,
    errors: report.errors.map(errorOf),
  });
}

const SPAN_PRICE_JSON = {
  region: SPAN_PRICE.region,
  usdPerGigabyte: SPAN_PRICE.ingested.map(({ upTo, perGigabyte }) => ({
    ...(upTo < Infinity && { upTo }),
    usd: perGigabyte,
  })),
  usdPerMillionIndexed: SPAN_PRICE.indexed,
  source: SPAN_PRICE.source,
};

function spansOf({ spans, gigabytes, usd }: EstimatedSpans): object {
  return { spansPerMonth: spans, gigabytesPerMonth: rounded(gigabytes), usdPerMonth: rounded(usd) };
}

function priceOf({ recorded, retrievedOrScanned, insights, free, source }: Price): object {
  return { usdPerMillion: { recorded, retrievedOrScanned, insights }, free, source };
}

function entryOf(entry: EstimatedEntry): object {
  const { service, sampledBy, samplingRule: rule, reservoir, rate, recordedPerMonth, usdPerMonth } = entry;
  return {
    ...resourceOf(entry),
    service,
    sampledBy,
    samplingRule: rule && resourceOf(rule),
    reservoir,
    rate,
    requestsPerSecond: rounded(entry.requestsPerSecond),
    recordedPerSecond: rounded(entry.recordedPerSecond),
    recordedPerMonth,
    usdPerMonth: rounded(usdPerMonth),
    guesses: entry.guesses,
  };
}

function functionOf(fn: EstimatedFunction): object {
  return {
    ...resourceOf(fn),
    requestsPerSecond: rounded(fn.requestsPerSecond),
    recordedPerSecond: rounded(fn.recordedPerSecond),
    recordedPerMonth: fn.recordedPerMonth,
  };
}

/** Rounds to six decimal places, which removes floating-point errors. */
function rounded(number: number | undefined): number | undefined {
  return number === undefined ? undefined : Number(number.toFixed(6));
}
