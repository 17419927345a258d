import type { Page } from 'playwright-core';

/** In milliseconds. */
export interface PageTimes {
  /** When all of the page worked. */
  readonly ready: number;
  /** The longest time for which it answered nothing. */
  readonly longest: number;
}

/** Has a page that is yet to be opened keep how long its browser is busy, and when it is ready. */
export async function measure(page: Page): Promise<void> {
  await page.addInitScript(`
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask', buffered: true });
    new MutationObserver(() => { window.readyAt ??= document.documentElement?.dataset.ready && performance.now(); })
      .observe(document, { attributes: true, subtree: true });
  `);
}

/** What has been kept up to now. */
export function timesOf(page: Page): Promise<PageTimes> {
  return page.evaluate('({ ready: Math.round(readyAt), longest: Math.round(Math.max(0, ...tasks)) })');
}
