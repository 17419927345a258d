import { count } from '../in-words';
import type { EstimateReport } from './estimate-report';
import { figure, usd } from './figures-in-words';

/** Such as `9,066,600 traces recorded a month, 100,000 of them free, the others at USD 5.00 a million: USD 44.83.` */
export function summaryLine(report: EstimateReport): string {
  const { recordedPerMonth, freePerMonth, usdPerMonth, prices, errors } = report;
  const [price, ...otherPrices] = prices;
  const rate =
    price && otherPrices.length === 0 ? `, the others at USD ${usd(price.recorded)} a million` : '';
  const free = freePerMonth > 0 ? `, ${figure(freePerMonth)} of them free` : '';
  const amount = usdPerMonth === undefined ? '' : `: USD ${usd(usdPerMonth)}`;
  const traces = `${figure(recordedPerMonth)} ${recordedPerMonth === 1 ? 'trace' : 'traces'} recorded a month`;
  const unread = errors.length > 0 ? ` ${count(errors.length, 'part')} of the input could not be read.` : '';
  return `${traces}${free}${recordedPerMonth > freePerMonth ? rate : ''}${amount}.${unread}`;
}
