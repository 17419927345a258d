import type { SamplingPoint } from './trace-flow';

/** What X-Ray charges in some regions, in US dollars, and what is free each month. */
export interface Price {
  /** The names of the regions. */
  readonly regions: RegExp;
  /** For a million traces. */
  readonly recorded: number;
  /** For a million traces. */
  readonly retrievedOrScanned: number;
  /** Traces, of an account. */
  readonly free: { readonly recorded: number; readonly retrievedOrScanned: number };
  readonly source: { readonly title: string; readonly url: string; readonly readOn: string };
}

/**
 * The prices that AWS publishes, the first for a region being the one. The page has one list and names no regions; that
 * it holds for the partitions with bills of their own, `aws-cn` and `aws-us-gov`, it doesn't say.
 *
 * Regions are named by where they are ("AWS Regions", AWS Regions and Availability Zones): so slips of the pen are met,
 * and new regions known.
 */
const PRICES: readonly Price[] = [
  {
    regions: /^(af|ap|ca|eu|il|me|mx|sa|us)-(central|(north|south)?(east|west)|north|south)-\d+$/,
    recorded: 5,
    retrievedOrScanned: 0.5,
    free: { recorded: 100_000, retrievedOrScanned: 1_000_000 },
    source: {
      title: 'AWS X-Ray pricing',
      url: 'https://aws.amazon.com/xray/pricing/',
      readOn: '2026-11-20',
    },
  },
];

/** Where it isn't known where something is deployed. */
const ANY_REGION = 'us-east-1';

/** What X-Ray charges in a region, where that is known. */
function priceIn(region = ANY_REGION): Price | undefined {
  return PRICES.find(({ regions }) => regions.test(region));
}

/** What the traces of a month cost. */
export interface Bill {
  readonly items: readonly BillItem[];
  readonly recorded: number;
  /** How many of the recorded traces are free. */
  readonly free: number;
  /** In US dollars; nothing where the price isn't known for some. */
  readonly usd?: number;
  readonly prices: readonly Price[];
  /** The regions for which no price is known. */
  readonly unpriced: readonly string[];
}

/** The traces of a samplingPoint. */
export interface BillItem {
  readonly samplingPoint: SamplingPoint;
  readonly recorded: number;
  /** Before what is free. */
  readonly usd?: number;
}

/** A month has 730 hours, as AWS counts: a twelfth of 365 days. */
const SECONDS_OF_A_MONTH = (365 / 12) * 24 * 60 * 60;

const MILLION = 1_000_000;

/** How many there are in a month of what there is so much of in a second. */
export function perMonth(perSecond: number): number {
  return Math.round(perSecond * SECONDS_OF_A_MONTH);
}

/**
 * What X-Ray charges for the traces that are recorded in a month.
 *
 * @param region where what doesn't say it is deployed
 */
export function billFor(samplingPoints: readonly SamplingPoint[], region?: string): Bill {
  const accounts = new Map<string, { recorded: number; readonly price?: Price }>();
  const unpriced = new Set<string>();
  const items = samplingPoints.map((samplingPoint) => {
    const { account = '', region: own = region } = samplingPoint.node.resource?.template.source ?? {};
    const price = priceIn(own);
    if (!price && own !== undefined) unpriced.add(own);
    const recorded = perMonth(samplingPoint.requestsPerSecond * samplingPoint.recordedShare);
    const key = `${account}/${price?.source.url}`;
    const all = accounts.get(key) ?? { recorded: 0, price };
    all.recorded += recorded;
    accounts.set(key, all);
    return { samplingPoint, recorded, ...(price && { usd: (recorded / MILLION) * price.recorded }) };
  });
  const shares = [...accounts.values()].map(({ recorded, price }) => {
    const free = Math.min(recorded, price?.free.recorded ?? 0);
    return { free, recorded, price, usd: ((recorded - free) / MILLION) * (price?.recorded ?? 0) };
  });
  const total = (of: (share: (typeof shares)[number]) => number) =>
    shares.reduce((sum, share) => sum + of(share), 0);
  return {
    items,
    recorded: total(({ recorded }) => recorded),
    free: total(({ free }) => free),
    ...(unpriced.size === 0 && { usd: total(({ usd }) => usd) }),
    prices: [...new Set(shares.flatMap(({ price }) => price ?? []))],
    unpriced: [...unpriced],
  };
}
