import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { diffMarkdown } from '../../lib/report/diff/markdown';
import { markdown } from '../../lib/report/formats/markdown';
import { changeOf, smallChange } from '../report/diff/small-change';
import { reportOf, smallSystem } from '../report/small-system';
import { browserOf, describeWithChromium } from './chromium';

const PROJECT = join(__dirname, '..', '..');
const STYLE = readFileSync(require.resolve('github-markdown-css/github-markdown-light.css'), 'utf-8');
const AXE = require.resolve('axe-core/axe.min.js');
/** The package is an ES module, which Jest's sandbox does not load. */
const MARKED = join(PROJECT, 'node_modules', 'marked', 'lib', 'marked.umd.js');

/** A comment on a pull request is about this wide, in pixels. */
const COMMENT_WIDTH = 720;

/** A page of a repository has text of this width. */
const PAGE_WIDTH = 948;

/**
 * Opens Markdown as a page that looks as on GitHub.
 *
 * @param heading the text of the page around it
 */
async function show(
  text: string,
  title: string,
  open: ReturnType<typeof browserOf>,
  width: number,
  heading = '',
): Promise<Page> {
  const { page } = await open(`<!doctype html><html lang="en" data-ready>
    <head><meta charset="utf-8"><title>${title}</title>
    <style>${STYLE} body { margin: 0 auto; max-width: ${width}px; }</style></head>
    <body><main>${heading}<div class="markdown-body">${title}</div></main></body></html>`);
  await page.addScriptTag({ path: MARKED });
  await page.evaluate(
    `document.querySelector('.markdown-body').innerHTML = marked.parse(${JSON.stringify(text)})`,
  );
  return page;
}

/** Returns the problems that axe finds, each with its elements. */
async function problemsOn(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Returns the texts of the elements that are wider than the page or have a scroll bar. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    [...document.querySelectorAll('main, main *')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
      .map((element) => element.textContent.slice(0, 80))
  `);
}

describeWithChromium('on GitHub', () => {
  const open = browserOf();
  const LONG = 'Production/Ordering/OrderIntakeService/ApiHandlers/CreateOrderFunction/WithRetriesAndMetrics';
  const fn = (Mode?: string) => ({
    Type: 'AWS::Lambda::Function',
    Metadata: { 'aws:cdk:path': `${LONG}/Resource` },
    Properties: { TracingConfig: Mode && { Mode } },
  });
  const url = 'https://github.com/acme/orders/blob/0123456789abcdef0123456789abcdef01234567';
  const sourceRoot = { root: '/work', workingDirectory: '/work', url };
  const withLinks = (diff: ReturnType<typeof smallChange>) => ({
    ...diff,
    after: { ...diff.after, sourceRoot },
  });
  const longReport = () => {
    const file = 'services/ordering/infrastructure/cloudformation/order-intake-service.template.yaml';
    const report = reportOf({ [file]: JSON.stringify({ Resources: { Fn: fn() } }) }, (on) =>
      (['error', 'warning', 'info'] as const).map((severity) =>
        on('Fn', {
          severity,
          message: `Function '${LONG}' has no tracing mode.`,
          fix: `Set the mode of '${LONG}'.`,
        }),
      ),
    );
    return { ...report, sourceRoot };
  };

  const longChange = () => changeOf({ Fn: fn('Active'), Traced: fn() }, { Fn: fn(), Traced: fn('Active') });

  test.each<[string, () => string]>([
    ['a report', () => markdown({ ...smallSystem(), sourceRoot })],
    ['a report with long names', () => markdown(longReport())],
    ['a diff', () => diffMarkdown(withLinks(smallChange()))],
    ['a diff with long names', () => diffMarkdown(withLinks(longChange()))],
  ])('%s fits into a comment', async (name, text) => {
    const page = await show(text(), name, open, COMMENT_WIDTH, '<h1>A pull request</h1><h2>A comment</h2>');
    expect(await page.locator('details').count()).toBeGreaterThan(0);
    await page.evaluate('for (const folded of document.querySelectorAll("details")) folded.open = true');
    expect(await page.locator('table').count()).toBeGreaterThan(1);
    expect(await page.locator(`a[href^="${url}/"]`).count()).toBeGreaterThan(0);
    expect(await tooWide(page)).toEqual([]);
    // The text has no Markdown left, and the marker does not show.
    expect(await page.locator('main').innerText()).not.toMatch(/\*\*|<!--|&nbsp;|\]\(|<\w+>/);
    expect(await problemsOn(page)).toEqual([]);
  });

  const pages = readdirSync(join(PROJECT, 'docs', 'rules'));
  test.each(pages)('axe finds no problem on docs/rules/%s', async (file) => {
    const text = readFileSync(join(PROJECT, 'docs', 'rules', file), 'utf-8');
    const page = await show(text, file, open, PAGE_WIDTH);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await problemsOn(page)).toEqual([]);
  });
});
