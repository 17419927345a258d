import type { Price } from '../../estimate/pricing';
import { contractJson, errorOf, resourceOf } from '../formats/json';
import type { EstimatedEntry, EstimatedFunction, EstimateReport } from './report';

/** Formats a report as JSON, as defined in docs/estimate-report.schema.json. */
export function estimateJson(report: EstimateReport): string {
  const { recordedPerMonth, freePerMonth, linkedPerMonth, usdPerMonth } = report;
  return contractJson(report.tool, {
    configuration: report.configuration,
    summary: { recordedPerMonth, freePerMonth, linkedPerMonth, usdPerMonth: rounded(usdPerMonth) },
    prices: report.prices.map(priceOf),
    entries: report.entries.map(entryOf),
    functions: report.functions.map(functionOf),
    notes: report.notes,
    errors: report.errors.map(errorOf),
  });
}

function priceOf({ recorded, retrievedOrScanned, free, source }: Price): object {
  return { usdPerMillion: { recorded, retrievedOrScanned }, free, source };
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
