import type { Decider } from './decider';
import type { Price } from './price';
import { priceIn } from './prices';

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

/** The traces of a decider. */
export interface BillItem {
  readonly decider: Decider;
  readonly recorded: number;
  /** Before what is free. */
  readonly usd?: number;
}

/** A month has 730 hours, as AWS counts: a twelfth of 365 days. */
const SECONDS_OF_A_MONTH = (365 / 12) * 24 * 60 * 60;

const MILLION = 1_000_000;

/** How many there are in a month of what there is so much of in a second. */
export function inAMonth(perSecond: number): number {
  return Math.round(perSecond * SECONDS_OF_A_MONTH);
}

/**
 * What X-Ray charges for the traces that are recorded in a month.
 *
 * @param region where what doesn't say it is deployed
 */
export function billFor(deciders: readonly Decider[], region?: string): Bill {
  const accounts = new Map<string, { recorded: number; readonly price?: Price }>();
  const unpriced = new Set<string>();
  const items = deciders.map((decider) => {
    const { account = '', region: own = region } = decider.node.resource?.template.source ?? {};
    const price = priceIn(own);
    if (!price && own !== undefined) unpriced.add(own);
    const recorded = inAMonth(decider.requestsPerSecond * decider.recordedShare);
    const key = `${account}/${price?.source.url}`;
    const all = accounts.get(key) ?? { recorded: 0, price };
    all.recorded += recorded;
    accounts.set(key, all);
    return { decider, recorded, ...(price && { usd: (recorded / MILLION) * price.recorded }) };
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
