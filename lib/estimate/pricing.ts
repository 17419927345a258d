import type { Resource } from '../cloudformation/template';
import type { TraceNode } from '../trace-map/trace-map';
import type { Guess, SamplingPoint } from './trace-flow';

/** The prices of X-Ray in US dollars, and the free tier per month. */
export interface Price {
  /** The pattern of the region names. */
  readonly regions: RegExp;
  /** Price per million recorded traces. */
  readonly recorded: number;
  /** Price per million traces. */
  readonly retrievedOrScanned: number;
  /** Price per million traces that X-Ray Insights processes, in the groups that turn it on. */
  readonly insights: number;
  /** Free traces per month and account. */
  readonly free: { readonly recorded: number; readonly retrievedOrScanned: number };
  readonly source: { readonly title: string; readonly url: string; readonly readOn: string };
}

/**
 * The prices that AWS publishes. The first entry that matches a region applies. The page has one list without regions,
 * and does not say that it applies to the partitions with separate billing, `aws-cn` and `aws-us-gov`.
 *
 * The pattern follows the naming scheme of regions ("AWS Regions", AWS Regions and Availability Zones). It rejects
 * typing errors and accepts new regions.
 */
const PRICES: readonly Price[] = [
  {
    regions: /^(af|ap|ca|eu|il|me|mx|sa|us)-(central|(north|south)?(east|west)|north|south)-\d+$/,
    recorded: 5,
    retrievedOrScanned: 0.5,
    insights: 1,
    free: { recorded: 100_000, retrievedOrScanned: 1_000_000 },
    source: {
      title: 'AWS X-Ray pricing',
      url: 'https://aws.amazon.com/xray/pricing/',
      readOn: '2026-11-20',
    },
  },
];

/** The region to take prices from if the region of a resource is not known. */
const DEFAULT_REGION = 'us-east-1';

/** Returns the price in a region. Undefined if it is not known. */
function priceIn(region = DEFAULT_REGION): Price | undefined {
  return PRICES.find(({ regions }) => regions.test(region));
}

/** Returns the account and region that a node is in. Templates without an account are in the same one. */
function placeOf(
  { resource }: TraceNode,
  defaultRegion?: string,
): { readonly account: string; readonly region?: string } {
  const { account = '', region = defaultRegion } = resource?.template.source ?? {};
  return { account, ...(region !== undefined && { region }) };
}

/** The cost of the traces of a month. */
export interface Bill {
  readonly items: readonly BillItem[];
  readonly recorded: number;
  /** The number of recorded traces in the free tier. */
  readonly free: number;
  /** In US dollars. Undefined if the price in any of the regions is not known. */
  readonly usd?: number;
  readonly prices: readonly Price[];
  /** The regions without a known price. */
  readonly unpriced: readonly string[];
}

/** The cost of the traces of a sampling point. */
export interface BillItem {
  readonly samplingPoint: SamplingPoint;
  readonly recorded: number;
  /** In US dollars, without the free tier. */
  readonly usd?: number;
}

/** The seconds of 730 hours, a twelfth of 365 days. AWS calculates with this month. */
const SECONDS_PER_MONTH = (365 / 12) * 24 * 60 * 60;

const MILLION = 1_000_000;

/** Converts a rate per second to a rounded number per month. */
export function perMonth(perSecond: number): number {
  return Math.round(perSecond * SECONDS_PER_MONTH);
}

/**
 * Calculates the cost of the traces that are recorded in a month.
 *
 * @param defaultRegion the region of resources whose template does not specify one
 */
export function billFor(samplingPoints: readonly SamplingPoint[], defaultRegion?: string): Bill {
  const accounts = new Map<string, { recorded: number; readonly price?: Price }>();
  const unpriced = new Set<string>();
  const items = samplingPoints.map((samplingPoint) => {
    const { account, region } = placeOf(samplingPoint.node, defaultRegion);
    const price = priceIn(region);
    if (!price && region !== undefined) unpriced.add(region);
    const recorded = perMonth(samplingPoint.requestsPerSecond * samplingPoint.recordedShare);
    const key = `${account}/${price?.source.url}`;
    const total = accounts.get(key) ?? { recorded: 0, price };
    total.recorded += recorded;
    accounts.set(key, total);
    return { samplingPoint, recorded, ...(price && { usd: (recorded / MILLION) * price.recorded }) };
  });
  const accountBills = [...accounts.values()].map(({ recorded, price }) => {
    const free = Math.min(recorded, price?.free.recorded ?? 0);
    return { free, recorded, price, usd: ((recorded - free) / MILLION) * (price?.recorded ?? 0) };
  });
  const sum = (amountOf: (bill: (typeof accountBills)[number]) => number) =>
    accountBills.reduce((total, bill) => total + amountOf(bill), 0);
  return {
    items,
    recorded: sum(({ recorded }) => recorded),
    free: sum(({ free }) => free),
    ...(unpriced.size === 0 && { usd: sum(({ usd }) => usd) }),
    prices: [...new Set(accountBills.flatMap(({ price }) => price ?? []))],
    unpriced: [...unpriced],
  };
}

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
