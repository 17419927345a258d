import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { measure } from '../../bench/page-times';

/** Path of the browser. The default is Debian's. */
const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** `describe` if the browser is installed. Otherwise the tests are skipped, with the reason in their name. */
export const describeWithChromium: (name: string, tests: () => void) => void = existsSync(EXECUTABLE)
  ? describe
  : (name, tests) => describe.skip(`${name} (skipped: ${EXECUTABLE} is not installed)`, tests);

/** A page opened from disk, with its messages and requests. */
export interface Opened {
  readonly page: Page;
  /** Messages on the console, uncaught errors, and dialogs. */
  readonly messages: readonly string[];
  /** URLs that the page requested, without its own. */
  readonly requests: readonly string[];
}

/** Starts the browser for the tests of a file, and returns a function that opens pages. */
export function browserOf(): (html: string, options?: BrowserContextOptions) => Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  let browser: Browser;
  const tabs = new Map<string, Promise<Tab>>();
  let pages = 0;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return async (html, options = {}) => {
    const file = join(folder, `${pages++}.html`);
    writeFileSync(file, html);
    // A new tab takes longer than most tests, so the pages with the same options follow each other in one.
    const key = JSON.stringify(options);
    const opening = tabs.get(key) ?? tabIn(browser, options);
    tabs.set(key, opening);
    const tab = await opening;
    const url = pathToFileURL(file).href;
    const opened = { page: tab.page, messages: [], requests: [] };
    tab.opened = { ...opened, url };
    // The test before can have changed them.
    const { colorScheme = 'light', forcedColors = 'none' } = options;
    await tab.page.emulateMedia({ media: null, colorScheme, forcedColors });
    await tab.page.goto(url);
    if (options.javaScriptEnabled !== false) await tab.page.locator('html[data-ready]').waitFor();
    return opened;
  };
}

interface Tab {
  readonly page: Page;
  /** The page that is open in it, with the lists of its messages and requests. */
  opened?: { readonly url: string; readonly messages: string[]; readonly requests: string[] };
}

async function tabIn(browser: Browser, options: BrowserContextOptions): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1300, height: 850 }, ...options });
  const tab: Tab = { page: await context.newPage() };
  const { page } = tab;
  page.on('console', (message) => tab.opened?.messages.push(message.text()));
  page.on('pageerror', ({ message }) => tab.opened?.messages.push(message));
  page.on('dialog', (dialog) => {
    tab.opened?.messages.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (tab.opened && !request.url().startsWith(tab.opened.url)) tab.opened.requests.push(request.url());
  });
  await measure(page);
  return tab;
}

/** Returns the number of colors that fill at least a thousandth of an image. */
export async function colorsIn(png: Buffer, page: Page): Promise<number> {
  const blank = await page.context().newPage();
  const count = await blank.evaluate<number>(`(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    canvas.drawImage(bitmap, 0, 0);
    const pixels = new Uint32Array(canvas.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return [...counts.values()].filter((count) => count > pixels.length / 1000).length;
  })()`);
  await blank.close();
  return count;
}
