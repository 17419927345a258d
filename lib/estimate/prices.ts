import type { Price } from './price';

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
export function priceIn(region = ANY_REGION): Price | undefined {
  return PRICES.find(({ regions }) => regions.test(region));
}
