/** A number, with as much of it behind the point as there is to tell: `1,234.5`. */
export function formatNumber(number: number, digits = 3): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** An amount of US dollars, to the cent: `1,234.50`. */
export function formatUsd(amount: number): string {
  return amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** `5 percent`. */
export function formatPercent(share: number): string {
  return `${formatNumber(share * 100)} percent`;
}
