import { type Bill, inAMonth } from '../../estimate/bill';
import type { Estimate } from '../../estimate/estimate';
import type { LambdaFunction } from '../../model/lambda-function';
import type { MapCost } from './map-function';

/** What is known of how often functions are invoked, and what comes of it. */
export interface Costs {
  readonly estimate: Estimate;
  readonly bill: Bill;
}

/** What a function's traces cost; nothing where it isn't known how often it is invoked. */
export function costOf(fn: LambdaFunction, { estimate, bill }: Costs): MapCost | undefined {
  const found = estimate.functions.get(fn);
  if (!found || estimate.withoutFigure.includes(fn)) return undefined;
  const own = bill.items.find(({ decider }) => decider.node.function === fn);
  return {
    requestsPerSecond: found.requestsPerSecond,
    recordedPerMonth: inAMonth(found.recordedPerSecond),
    ...(own?.usd !== undefined && { usdPerMonth: own.usd }),
  };
}
