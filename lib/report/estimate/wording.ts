import type { Sampling } from '../../estimate/sampling';

/** Formats a number with up to three decimal places: `1,234.5`. */
export function formatNumber(number: number, digits = 3): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** Formats an amount of US dollars: `1,234.50`. */
export function formatUsd(amount: number): string {
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Describes the requests that are recorded: `1 request per second and 5 percent of additional requests`. */
export function describeSampling({ reservoir, rate }: Sampling): string {
  if (rate >= 1) return 'all requests';
  const share = `${formatNumber(rate * 100)} percent of`;
  if (reservoir === 0) return `${share} requests`;
  const requests = reservoir === 1 ? 'request' : 'requests';
  return `${formatNumber(reservoir)} ${requests} per second and ${share} additional requests`;
}
