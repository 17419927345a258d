import type { Resource } from '../cloudformation/template';
import type { TraceNode } from '../trace-map/trace-map';
import { perMonth, placeOf, priceIn } from './pricing';
import type { Guess } from './trace-flow';

/** The prices of spans with Transaction Search, in US dollars. */
export interface SpanPrice {
  /** Price per gigabyte of spans. Each step applies to the gigabytes up to its end, per month and account. */
  readonly ingested: readonly { readonly upTo: number; readonly perGigabyte: number }[];
  /** Price per million spans that are indexed as trace summaries. */
  readonly indexed: number;
  /** The percentage of spans that is indexed free of charge ("Enable transaction search", Amazon CloudWatch User Guide). */
  readonly freeIndexedPercentage: number;
  readonly region: string;
  readonly source: { readonly title: string; readonly url: string; readonly readOn: string };
}

/**
 * The prices in us-east-1. Those of other regions differ. The pricing page does not list them in a form that a script can
 * read. They are from a public copy of the AWS Price List (`AmazonCloudWatch`, effective since 2025-09-01: "Application
 * Signals Data Ingestion" and "Spans Indexed").
 */
export const SPAN_PRICE: SpanPrice = {
  ingested: [
    { upTo: 10 * 1024, perGigabyte: 0.35 },
    { upTo: 30 * 1024, perGigabyte: 0.2 },
    { upTo: Infinity, perGigabyte: 0.15 },
  ],
  indexed: 0.75,
  freeIndexedPercentage: 1,
  region: 'us-east-1',
  source: {
    title: 'AWS Price List, AmazonCloudWatch',
    url: 'https://aws.amazon.com/cloudwatch/pricing/',
    readOn: '2025-10-28',
  },
};

/** A guess: AWS does not document the size of spans. */
export const KILOBYTES_PER_SPAN = 1.5;

/** A guess: the two segments of an invocation, and the subsegments Invocation and Overhead. */
export const SPANS_PER_INVOCATION = 4;

/** A guess: AWS's OpenTelemetry layer adds a span of the handler and spans of its calls. */
export const SPANS_PER_INSTRUMENTED_INVOCATION = SPANS_PER_INVOCATION + 2;

const KILOBYTES_PER_GIGABYTE = 1024 ** 2;
const MILLION = 1_000_000;

/** A function or service that sends spans. */
export interface SpanSource {
  readonly node: TraceNode;
  /** The requests whose spans are captured. */
  readonly requestsPerSecond: number;
  readonly spansPerRequest: number;
  readonly guesses: readonly Guess[];
}

/** The cost of the spans of a month. */
export interface SpanBill {
  readonly items: readonly SpanBillItem[];
  readonly spans: number;
  readonly gigabytes: number;
  /** In US dollars. Undefined if the price in any of the regions is not known. */
  readonly usd?: number;
  /** The regions without a known price. */
  readonly unpriced: readonly string[];
}

/** The cost of the spans of a function or service. */
export interface SpanBillItem {
  readonly source: SpanSource;
  /** In US dollars, at the price of the first gigabytes. */
  readonly usd?: number;
}

/**
 * Calculates the cost of the spans that are captured in a month.
 *
 * @param percentageOf returns the percentage of spans that is indexed in the account and region of a resource
 * @param defaultRegion the region of resources whose template does not specify one
 */
export function spanBillFor(
  sources: readonly SpanSource[],
  percentageOf: (resource: Resource | undefined) => number,
  defaultRegion?: string,
): SpanBill {
  const accounts = new Map<string, { gigabytes: number; charged: number }>();
  const unpriced = new Set<string>();
  let spans = 0;
  const items = sources.map((source): SpanBillItem => {
    const { account, region } = placeOf(source.node, defaultRegion);
    const isPriced = priceIn(region) !== undefined;
    if (!isPriced) unpriced.add(region!);
    const count = perMonth(source.requestsPerSecond * source.spansPerRequest);
    const gigabytes = (count * KILOBYTES_PER_SPAN) / KILOBYTES_PER_GIGABYTE;
    const extraPercentage = percentageOf(source.node.resource) - SPAN_PRICE.freeIndexedPercentage;
    const charged = (count * Math.max(0, extraPercentage)) / 100;
    const total = accounts.get(account) ?? { gigabytes: 0, charged: 0 };
    total.gigabytes += gigabytes;
    total.charged += charged;
    accounts.set(account, total);
    spans += count;
    const usd = gigabytes * SPAN_PRICE.ingested[0].perGigabyte + usdOfIndexing(charged);
    return { source, ...(isPriced && { usd }) };
  });
  const usd = [...accounts.values()].reduce(
    (sum, { gigabytes, charged }) => sum + usdOfIngestion(gigabytes) + usdOfIndexing(charged),
    0,
  );
  return {
    items,
    spans,
    gigabytes: (spans * KILOBYTES_PER_SPAN) / KILOBYTES_PER_GIGABYTE,
    ...(unpriced.size === 0 && { usd }),
    unpriced: [...unpriced],
  };
}

function usdOfIndexing(spans: number): number {
  return (spans / MILLION) * SPAN_PRICE.indexed;
}

function usdOfIngestion(gigabytes: number): number {
  let from = 0;
  let usd = 0;
  for (const { upTo, perGigabyte } of SPAN_PRICE.ingested) {
    usd += Math.max(0, Math.min(gigabytes, upTo) - from) * perGigabyte;
    from = upTo;
  }
  return usd;
}
