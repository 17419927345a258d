import type { TraceNode } from '../trace-map/trace-map';
import type { SamplingPoint } from './trace-flow';

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
export function priceIn(region = DEFAULT_REGION): Price | undefined {
  return PRICES.find(({ regions }) => regions.test(region));
}

/** Returns the account and region that a node is in. Templates without an account are in the same one. */
export function placeOf(
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
