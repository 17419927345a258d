import { captureHandler } from './capture-handler';
import { scanProgress } from './orders-table';

/** Logs the number of orders by progress. */
export const handler = captureHandler(async () => {
  const report = { received: 0, accepted: 0, shipped: 0 };
  for await (const { acceptedAt, shippedAt } of scanProgress()) {
    report.received += 1;
    if (acceptedAt) report.accepted += 1;
    if (shippedAt) report.shipped += 1;
  }
  console.log(report);
  return report;
});
