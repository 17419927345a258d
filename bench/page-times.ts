import type { Page } from 'playwright-core';

/** Times of a page, in milliseconds. */
export interface PageTimes {
  /** Time until the page was ready. */
  readonly ready: number;
  /** Duration of the longest task, during which the page did not respond. */
  readonly longest: number;
}

/** Records the times of a page. Call it before opening the page. */
export async function measure(page: Page): Promise<void> {
  await page.addInitScript(`
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask', buffered: true });
    new MutationObserver(() => { window.readyAt ??= document.documentElement?.dataset.ready && performance.now(); })
      .observe(document, { attributes: true, subtree: true });
  `);
}

/** Returns the times recorded so far. */
export function timesOf(page: Page): Promise<PageTimes> {
  return page.evaluate('({ ready: Math.round(readyAt), longest: Math.round(Math.max(0, ...tasks)) })');
}
