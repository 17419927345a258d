import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { timesOf } from '../../bench/page-times';
import { tracedSystem } from '../../bench/traced-system';
import { load } from '../../lib/input/load';
import { html } from '../../lib/report/map/html';
import { directoryWith } from '../input/temporary';
import { mapOf, mapOfTemplates, SMALL_FILES, smallMap } from '../report/map/map-documents';
import { browserOf, colorsIn, describeWithChromium } from './chromium';

// The browser is slow while other tests run.
jest.setTimeout(60_000);

const systems = new Map<number, string>();

/** Returns the page of a system with a number of functions. */
function systemOf(functions: number): string {
  let page = systems.get(functions);
  if (page === undefined) {
    const directory = directoryWith(Object.fromEntries(tracedSystem(functions)));
    page = html(mapOfTemplates(load([directory]).templates));
    systems.set(functions, page);
  }
  return page;
}

/** Returns a card of the diagram, by the beginning of its label. */
function card(page: Page, name: string) {
  return page.locator('#canvas').getByRole('button', { name: new RegExp(`^${name}[;,]`) });
}

function panel(page: Page) {
  return page.getByRole('complementary');
}

/** Returns the sign of an edge, by its ends. */
function edge(page: Page, ends: string) {
  return page.locator('#canvas').getByRole('button', { name: new RegExp(`^${ends}:`) });
}

/** Returns an item of the list of problems, by the beginning of its text. */
function problem(page: Page, path: string) {
  return panel(page).getByRole('button', { name: new RegExp(`^${path}`) });
}

/** Returns the line on all problems of a kind, by the beginning of its text. */
function kind(page: Page, text: string) {
  return panel(page).locator('details.kind > summary', { hasText: text }).first();
}

/** Returns the texts of the cards that are within the canvas. */
function visibleCards(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('#canvas').getBoundingClientRect();
    return [...document.querySelectorAll('#canvas .card')].flatMap((card) => {
      const { left, right, top, bottom } = card.getBoundingClientRect();
      const isIn = left >= canvas.left && right <= canvas.right && top >= canvas.top && bottom <= canvas.bottom;
      return isIn ? [card.querySelector('title').textContent.split(/[;,]/)[0]] : [];
    });
  })()`);
}

/** Returns the problems that axe finds with all or some of its rules, each with its elements. */
async function axeProblems(page: Page, runOnly?: readonly string[]): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify({ runOnly })})`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html: found }) => `${id}: ${found}`));
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf-8');

/** Returns the label or text of the focused element. */
function focused(page: Page): Promise<string | null> {
  return page.evaluate(
    `(({ activeElement: focus }) =>
      focus.getAttribute('aria-label') ?? focus.querySelector(':scope > title')?.textContent ?? focus.textContent)(document)`,
  );
}

describeWithChromium('the page of the map', () => {
  const open = browserOf();
  const small = html(smallMap());

  test('opens from disk without messages or requests', async () => {
    const { page, messages, requests } = await open(small);
    await card(page, 'Worker').click();
    await page.getByRole('button', { name: 'List' }).click();
    expect({ messages, requests }).toEqual({ messages: [], requests: [] });
  });

  test('says that there are no functions, in the diagram and in the list', async () => {
    const text = 'These templates contain no Lambda functions.';
    const { page } = await open(html(mapOf({})));
    expect(await page.locator('#hidden').textContent()).toBe(text);
    await page.getByRole('button', { name: 'List' }).click();
    expect(await page.locator('#list').textContent()).toContain(text);
    const { page: plain } = await open(html(mapOf({})), { javaScriptEnabled: false });
    expect(await plain.locator('#hidden').textContent()).toBe(text);
  });

  test('cannot use the network or run other scripts', async () => {
    const { page, messages, requests } = await open(small);
    const script =
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'x = 1' }))";
    await expect(page.evaluate(script)).rejects.toThrow(/TrustedScript/);
    await expect(page.evaluate("fetch('https://example.com')")).rejects.toThrow(/Failed to fetch/);
    await expect(page.evaluate("document.body.innerHTML = '<p>'")).rejects.toThrow(/TrustedHTML/);
    expect(messages.join()).toContain('Content Security Policy');
    expect(requests).toEqual([]);
  });

  test('shows the initial diagram and the problems without JavaScript', async () => {
    const { page } = await open(small, { javaScriptEnabled: false });
    expect(await page.locator('#canvas .function').count()).toBe(4);
    expect(await page.locator('#canvas').textContent()).toContain('trace ends');
    expect(await panel(page).textContent()).toContain('parcels → Consumer');
    await page.getByText('this page needs JavaScript').waitFor();
  });

  test('has the app, the revision and the day in its title', async () => {
    const app = { name: 'orders', revision: '1a2b3c4', date: '2027-01-31' };
    const { page } = await open(html(smallMap(), { app }));
    expect(await page.title()).toBe('Trace map of orders');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Trace map of orders');
    expect(await page.getByRole('banner').textContent()).toContain('1a2b3c4 · 2027-01-31');
  });

  describe('the list of problems', () => {
    test('is open, by severity, each with its path, stack and fix', async () => {
      const { page } = await open(small);
      const items = await panel(page).locator('li.problem:visible').allInnerTexts();
      expect(items.map((text) => text.split('\n').filter(Boolean).slice(0, 2))).toEqual([
        [
          'parcels → Consumer: Active function with an event source that X-Ray does not support',
          'error · shipping.yaml',
        ],
        ['Jobs → Worker: Function without active tracing on the path of a trace', 'warning · orders.yaml'],
        ['Intake: Version that keeps its mode when the tracing mode changes', 'warning · orders.yaml'],
      ]);
      expect(items[0]).toContain("Fix: Set TracingConfig.Mode of 'Consumer' to PassThrough");
      expect(await panel(page).getByText('1 error, 2 warnings to fix.').count()).toBe(1);
    });

    test('has apart from them what X-Ray cannot do', async () => {
      const { page } = await open(small);
      await panel(page).getByText('By design (1)').click();
      const [item] = await panel(page).locator('details li.problem').allInnerTexts();
      expect(item).toContain('Table → Changes: DynamoDB Streams does not propagate the trace');
      expect(item).not.toContain('Fix:');
    });

    test('says why traces end if there is nothing to fix', async () => {
      const { page } = await open(html(mapOf(SMALL_FILES, [], () => [])));
      expect(await page.getByRole('banner').textContent()).toContain(
        'No findings. 1 gap, traces end at 1 call by design: DynamoDB Streams does not propagate the trace.',
      );
      expect(await panel(page).innerText()).toContain('Nothing to fix. Traces end at 1 call by design:');
      expect(await panel(page).getByText('Table → Changes').isVisible()).toBe(true);
    });

    test('zooms to a problem, and shows its message, position and rule', async () => {
      const { page } = await open(systemOf(60));
      const item = problem(page, 'Audit/Queue → Audit/Worker');
      expect(await visibleCards(page)).not.toContain('Audit/Worker');
      await kind(page, 'Function without active tracing on the path of a trace').click();
      await item.click();
      expect(await visibleCards(page)).toEqual(expect.arrayContaining(['Audit/Queue', 'Audit/Worker']));
      expect(await item.getAttribute('aria-expanded')).toBe('true');
      const text = await panel(page).locator('.problem.selected').innerText();
      expect(text).toContain("on the traced path 'Orders/Audit/");
      expect(text).toMatch(/Orders\.template\.json:\d+/);
      expect(text).toContain('BrokenTrace');
    });

    test('expands the stack of a problem', async () => {
      const { page } = await open(systemOf(300));
      expect(await page.locator('#canvas .function').count()).toBe(0);
      await kind(page, 'Active function with an event source').click();
      await problem(page, 'payments → Pricing/Kafka').click();
      expect(await visibleCards(page)).toContain('Pricing/Kafka');
    });

    describe('of a system of 300 functions', () => {
      const large = systemOf(300);
      const BREAKS = 'Function without active tracing on the path of a trace';
      const viewport = { width: 1440, height: 900 };

      test.each([viewport, { width: 1024, height: 768 }])(
        'shows every kind of problem on the first view of %j, the worst first, with their numbers',
        async (size) => {
          const { page } = await open(large, { viewport: size });
          const kinds = panel(page).locator('details.kind > summary');
          const texts = await kinds.allInnerTexts();
          expect(texts.map((text) => text.replace(/\s*\n\s*/g, ': '))).toEqual([
            'Active function with an event source that X-Ray does not support: error · 7 in 6 stacks',
            'Active function without permission to write to X-Ray: error · 3 in 3 stacks',
            `${BREAKS}: warning · 11 in 6 stacks`,
            'Function without active tracing: warning · 30 in 6 stacks',
            'Version that keeps its mode when the tracing mode changes: warning · 25 in 6 stacks',
            'Traced topic without permission to write to X-Ray: warning · 15 in 6 stacks',
            'Untraced caller of an Active function: info · 33 in 6 stacks',
          ]);
          for (const box of await Promise.all(texts.map((_, i) => kinds.nth(i).boundingBox())))
            expect(box!.y + box!.height).toBeLessThanOrEqual(size.height);
        },
      );

      test('opens a kind by key, and keeps it open beside the details of a node', async () => {
        const { page } = await open(large, { viewport });
        await kind(page, BREAKS).press('Enter');
        const item = problem(page, 'Pricing/Topic → Pricing/Mail').first();
        expect(await panel(page).locator('li.problem:visible').count()).toBe(11);
        await item.press('Enter');
        expect(await visibleCards(page)).toContain('Pricing/Mail');
        await page.evaluate("location.hash = 'Orders/Audit/Worker'");
        await panel(page).getByRole('heading', { level: 2, name: 'Audit/Worker' }).waitFor();
        expect(await item.isVisible()).toBe(false);
        await page.keyboard.press('Escape');
        expect(await item.isVisible()).toBe(true);
      });

      test('has the problems that match the filters and the search, open if they are few', async () => {
        const { page } = await open(large, { viewport });
        const items = panel(page).locator('li.problem:visible');
        await page.getByRole('button', { name: 'Breaks 11' }).click();
        expect(await items.count()).toBe(0);
        await page.getByRole('combobox', { name: 'Stack' }).selectOption('Orders');
        expect((await items.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
          'Pricing/Topic → Pricing/Mail',
          'Audit/Queue → Audit/Worker',
        ]);
        await page.getByRole('button', { name: 'Breaks 11' }).click();
        await page.getByRole('combobox', { name: 'Find a node' }).fill('stock/kafka orders');
        expect((await items.allInnerTexts()).map((text) => text.split(':')[0])).toEqual([
          'orders → Stock/Kafka',
        ]);
        await page.keyboard.press('Escape');
        expect(await items.count()).toBe(2);
        expect(await panel(page).locator('details.kind').count()).toBe(5);
      });

      test('has no problem that axe finds', async () => {
        const { page } = await open(large, { viewport, bypassCSP: true });
        await kind(page, BREAKS).click();
        expect(await axeProblems(page)).toEqual([]);
      });

      test('is complete in print', async () => {
        const { page } = await open(large, { viewport });
        await card(page, 'Orders').click();
        await card(page, 'Pricing/Mail').click();
        await page.emulateMedia({ media: 'print' });
        await page.evaluate("dispatchEvent(new Event('beforeprint'))");
        expect(await page.locator('#problems li.problem:visible').count()).toBe(124);
      });
    });
  });

  describe('the first view', () => {
    test('has the whole system if it fits, and all breaks', async () => {
      const { page } = await open(small, { viewport: { width: 1440, height: 1100 } });
      expect(await visibleCards(page)).toHaveLength(8);
      expect(await page.locator('#canvas').getByText('trace ends', { exact: true }).isVisible()).toBe(true);
      expect(await problem(page, 'Jobs → Worker').isVisible()).toBe(true);
    });

    test('has the worst problem if the system does not fit', async () => {
      const { page } = await open(systemOf(60));
      expect(await visibleCards(page)).toContain('Stock/Kafka');
      expect(await problem(page, 'orders → Stock/Kafka').isVisible()).toBe(true);
    });

    test.each([
      ['a small system', () => small, 0],
      ['60 functions', () => systemOf(60), 0],
      ['300 functions', () => systemOf(300), 1],
    ])('of %s has no text that is smaller than 12 pixels or overflows its card', async (_, page, groups) => {
      const { page: shown } = await open(page());
      const tooSmall = await shown.evaluate<string[]>(`
        [...document.querySelectorAll('#page *')].flatMap((element) => {
          const isText = [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '');
          if (!isText || !element.checkVisibility() || element.closest('.unseen,.skip,title')) return [];
          const scale = element.getScreenCTM?.().a ?? 1;
          const size = parseFloat(getComputedStyle(element).fontSize) * scale;
          return size < 11.99 ? [element.textContent + ' ' + size] : [];
        })`);
      expect(tooSmall).toEqual([]);
      const overflowing = await shown.evaluate<string[]>(`
        [...document.querySelectorAll('#canvas .card > text, #canvas .card > g:not(.finding) text')].flatMap((text) => {
          const [inner, card] = [text, text.closest('.card').querySelector('.body')].map((one) => one.getBoundingClientRect());
          return inner.right > card.right || inner.left < card.left || inner.bottom > card.bottom ? [text.textContent] : [];
        })`);
      expect(overflowing).toEqual([]);
      expect((await shown.locator('#canvas .group').count()) > 0).toBe(groups === 1);
    });
  });

  describe('an edge', () => {
    test('explains on hover what happens to the trace and why, with the position', async () => {
      const { page } = await open(small, { viewport: { width: 1440, height: 1100 } });
      await page.locator('#canvas .sign.broken').hover();
      expect(await page.locator('#tip').innerText()).toBe(
        'Table → Changes: breaks the trace, from a stream. DynamoDB Streams does not propagate the trace to Changes. The trace ends here. Changes starts a trace of its own. orders.yaml:38',
      );
      await card(page, 'Api').hover();
      expect(await page.locator('#tip').isVisible()).toBe(false);
    });

    test('opens its details by a click on its line', async () => {
      const { page } = await open(small);
      await page.locator('#canvas .edge.links .hit').dispatchEvent('click');
      expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('Jobs → Worker');
      const text = await panel(page).innerText();
      for (const expected of [
        'links the traces, from a queue',
        'SQS keeps the tracing header in each message.',
        'AWS::Lambda::EventSourceMapping WorkerFeed',
        'orders.yaml:29',
        'Function without active tracing on the path of a trace',
        'Set TracingConfig.Mode',
      ]) {
        expect(text).toContain(expected);
      }
    });

    test('is reached by keyboard after its caller, and opens by Enter', async () => {
      const { page } = await open(small);
      await card(page, 'Table').focus();
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Table to Changes: breaks the trace, from a stream');
      expect(await page.locator('#tip').innerText()).toContain('The trace ends here.');
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe('Table → Changes');
      await page.keyboard.press('Escape');
      expect(await focused(page)).toBe('Table to Changes: breaks the trace, from a stream');
    });
  });

  test('positions can be copied', async () => {
    const { page } = await open(small, { permissions: ['clipboard-read', 'clipboard-write'] });
    await card(page, 'Worker').click();
    await panel(page).getByRole('button', { name: 'Copy orders.yaml:16' }).first().click();
    await page.getByRole('status').filter({ hasText: 'Copied orders.yaml:16.' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('orders.yaml:16');
    expect(
      await panel(page)
        .getByRole('link', { name: /in the editor/ })
        .count(),
    ).toBe(0);
  });

  test('positions link to an editor', async () => {
    const editor = { link: 'vscode://file{path}:{line}:{column}', folder: '/home/ada/my orders' };
    const { page } = await open(html(smallMap(), { editor }));
    await card(page, 'Worker').click();
    const link = panel(page).getByRole('link', { name: 'Open orders.yaml:16 in the editor' }).first();
    expect(await link.getAttribute('href')).toBe('vscode://file/home/ada/my%20orders/orders.yaml:16:1');
  });

  describe('search', () => {
    test('lists, announces and marks results while typing', async () => {
      const { page } = await open(small);
      const field = page.getByRole('combobox', { name: 'Find a node' });
      await field.pressSequentially('work');
      expect(await page.locator('#found [role=option]').allTextContents()).toEqual([
        'WorkerLambda, orders.yaml',
      ]);
      await page.getByRole('status').filter({ hasText: '1 node found.' }).waitFor();
      expect(await field.getAttribute('aria-expanded')).toBe('true');
      expect(await page.locator('#canvas .found').count()).toBe(1);
      expect(await page.locator('#canvas .dim').count()).toBe(7);
    });

    test('selects with arrow keys and opens with Enter', async () => {
      const { page } = await open(small);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.type('orders.yaml lambda');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      expect(await page.locator('[aria-selected=true]').textContent()).toContain('Worker');
      await page.keyboard.press('Enter');
      expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('Worker');
      expect(await focused(page)).toBe('Worker');
    });

    test('says that nothing was found', async () => {
      const { page } = await open(small);
      await page.getByRole('combobox', { name: 'Find a node' }).fill('nobody');
      expect(await page.locator('#found').textContent()).toBe('No nodes found.');
      await page.getByRole('status').filter({ hasText: '0 nodes found.' }).waitFor();
      await page.keyboard.press('Escape');
      expect(await page.locator('#canvas .dim').count()).toBe(0);
    });
  });

  describe('the details of a function', () => {
    test('have all sections', async () => {
      const { page } = await open(small);
      await card(page, 'Worker').click();
      const text = await panel(page).innerText();
      for (const expected of [
        'PassThrough, gap',
        'AWS::Lambda for the service, and AWS::Lambda::Function for the code',
        'TracingConfig.Mode: Active on Worker at orders.yaml:21',
        'PassThrough set at orders.yaml:21',
        'does not allow writing to X-Ray',
        'xray:PutTraceSegments',
        'None: callers invoke $LATEST.',
        '112 MB of 128 MB are left',
        'BrokenTrace',
        'Fix: ',
        'Jobs: links the traces, from a queue',
        'Table: propagates the trace',
        'Invoked from a queue',
        'AWS::Lambda::Function',
        'aws.responseLatency',
      ]) {
        expect(text.replace(/\s+/g, ' ')).toContain(expected);
      }
    });

    test('open by key, link to other nodes, and return the focus on Escape', async () => {
      const { page } = await open(small);
      await card(page, 'Intake').focus();
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe('Intake');
      await panel(page).getByRole('button', { name: 'Jobs' }).first().press('Enter');
      expect(await focused(page)).toBe('Jobs');
      await page.keyboard.press('Escape');
      expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('Problems');
      expect(await focused(page)).toMatch(/^Jobs;/);
    });

    test('lead back to the problems by a button', async () => {
      const { page } = await open(small);
      await card(page, 'Intake').click();
      await panel(page).getByRole('button', { name: '← Problems' }).click();
      expect(await problem(page, 'Jobs → Worker').isVisible()).toBe(true);
    });
  });

  describe('the address', () => {
    test('follows the selection and the Back button', async () => {
      const { page } = await open(small);
      await card(page, 'Intake').click();
      await card(page, 'Changes').click();
      await page.goBack();
      expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('Intake');
      await page.reload();
      expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('Intake');
    });

    test.each([
      ['a logical ID', () => small, 'Worker', 'Worker'],
      ['a call', () => small, 'Table,Changes', 'Table → Changes'],
      [
        'a construct path, in a collapsed stack',
        () => systemOf(300),
        'Shipping/Audit/Worker',
        'Audit/Worker',
      ],
    ])('selects by %s', async (_, document, address, title) => {
      const { page } = await open(document());
      await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
      await panel(page).getByRole('heading', { level: 2, name: title }).waitFor();
      expect(await page.evaluate('location.hash')).toBe(`#${address}`);
      expect(await visibleCards(page)).toContain(title.split(' → ').at(-1));
    });
  });

  describe('keyboard navigation', () => {
    test('moves from callers to called nodes with Tab', async () => {
      const { page } = await open(small);
      await card(page, 'Api').focus();
      const order = [];
      for (let i = 0; i < 10; i++) {
        await page.keyboard.press('Tab');
        order.push(/^[\w ]+/.exec((await focused(page)) ?? '')?.[0]);
      }
      expect(order).toEqual([
        'Api to Intake',
        'Intake',
        'Intake to Jobs',
        'Jobs',
        'Jobs to Worker',
        'Worker',
        'Worker to Table',
        'Table',
        'Table to Changes',
        'Changes',
      ]);
    });

    test('shows the focus', async () => {
      const { page } = await open(small);
      await card(page, 'Api').focus();
      await page.keyboard.press('Tab');
      const style = 'getComputedStyle(document.activeElement.querySelector(".body")).strokeWidth';
      expect(await page.evaluate(style.replace('.body', '.disc'))).toBe('4px');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(style)).toBe('4px');
    });

    test('expands and collapses a stack by Enter, and moves the focus', async () => {
      const { page } = await open(systemOf(100));
      await card(page, 'Payments').focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'Payments expanded: 81 nodes.' }).waitFor();
      expect(await page.locator('#canvas .function').count()).toBe(50);
      expect(await page.evaluate('document.activeElement.closest("#canvas") !== null')).toBe(true);
      await page.getByRole('button', { name: 'Collapse Payments' }).press('Enter');
      expect(await page.locator('#canvas .function').count()).toBe(0);
      expect(await focused(page)).toMatch(/^Payments, collapsed/);
    });
  });

  describe('filters', () => {
    test('by stack', async () => {
      const { page } = await open(small);
      await page.getByRole('combobox', { name: 'Stack' }).selectOption('shipping.yaml');
      expect(await page.locator('#canvas .card:visible').count()).toBe(2);
      expect(await problem(page, 'Jobs → Worker').count()).toBe(0);
      await page.getByRole('combobox', { name: 'Stack' }).selectOption('All stacks');
      expect(await page.locator('#canvas .card:visible').count()).toBe(8);
    });

    test.each([
      ['Active', ['Changes', 'Consumer', 'Intake']],
      ['PassThrough', ['Worker']],
      ['not set', []],
      ['known only at deployment', []],
    ])('by mode: %s', async (label, names) => {
      const { page } = await open(small);
      await page.getByRole('combobox', { name: 'Mode' }).selectOption(label);
      const matches = await page.locator('#canvas .card:visible .name').allTextContents();
      expect(matches.sort()).toEqual(names);
      const count = `${names.length} ${names.length === 1 ? 'node matches' : 'nodes match'}.`;
      await page.getByRole('status').filter({ hasText: count }).waitFor();
    });

    test('breaks: shows the edges at breaks at full strength, and hides the rest', async () => {
      const { page } = await open(small, { viewport: { width: 1440, height: 1100 } });
      await page.getByRole('button', { name: 'Breaks 2' }).click();
      const matches = await page.locator('#canvas .card:visible .name').allTextContents();
      expect(matches.sort()).toEqual(['Changes', 'Jobs', 'Table', 'Worker']);
      expect(await page.locator('#canvas .sign:visible').count()).toBe(3);
      const lines = `[...document.querySelectorAll('#canvas .line')].filter((line) => line.checkVisibility({ visibilityProperty: true })).length`;
      expect(await page.evaluate(lines)).toBe(3);
      const strength = `(() => {
        let opacity = 1;
        for (let at = document.querySelector('.edge.broken .line'); at; at = at.parentElement) opacity *= getComputedStyle(at).opacity;
        return opacity;
      })()`;
      expect(await page.evaluate(strength)).toBe(1);
      await page.getByRole('button', { name: 'Breaks 2' }).click();
      expect(await page.locator('#canvas .card:visible').count()).toBe(8);
    });

    test('breaks: scrolls to one of an expanded stack', async () => {
      const { page } = await open(systemOf(300), { viewport: { width: 1440, height: 900 } });
      await card(page, 'Accounts').press('Enter');
      await page.getByRole('button', { name: 'Breaks 11' }).click();
      const matches = await page.locator('#canvas .card:not(.group):visible .name').allTextContents();
      expect(matches).toContain('Pricing/Mail');
      expect((await visibleCards(page)).filter((name) => matches.includes(name))).not.toEqual([]);
    });

    test('findings', async () => {
      const { page } = await open(small);
      await page.getByRole('button', { name: 'Findings 3' }).click();
      const matches = await page.locator('#canvas .card:visible .name').allTextContents();
      expect(matches.sort()).toEqual(['Consumer', 'Intake', 'Worker']);
    });

    test('apply to the list', async () => {
      const { page } = await open(small);
      await page.getByRole('button', { name: 'List' }).click();
      await page.getByRole('combobox', { name: 'Mode' }).selectOption('PassThrough');
      expect(await page.locator('#list .nodes > li').allInnerTexts()).toEqual([
        expect.stringMatching(/^Worker AWS Lambda: PassThrough, gap/),
      ]);
    });
  });

  test("a switch shows X-Ray's two nodes of a function in full", async () => {
    const { page } = await open(small);
    expect(await page.locator('#canvas .marks text').count()).toBe(0);
    expect(await page.locator('#canvas .marks title').first().textContent()).toContain(
      'AWS::Lambda::Function',
    );
    await page.getByRole('button', { name: 'X-Ray nodes' }).click();
    expect(await page.locator('#canvas .marks text').allTextContents()).toEqual(
      Array.from({ length: 4 }, () => ['AWS::Lambda', 'AWS::Lambda::Function']).flat(),
    );
  });

  test('the list contains all nodes and calls of the diagram', async () => {
    const { page } = await open(small);
    await page.getByRole('button', { name: 'List' }).click();
    expect(await page.locator('#list h2').allInnerTexts()).toEqual([
      'orders.yaml (6 nodes)',
      'shipping.yaml (2 nodes)',
    ]);
    const lines = (await page.locator('#list .nodes > li').allInnerTexts()).map((text) => text.split('\n'));
    expect(lines).toEqual([
      ['Intake AWS Lambda: Active, recorded', 'Jobs: propagates the trace'],
      ['Worker AWS Lambda: PassThrough, gap', 'Table: propagates the trace'],
      ['Changes AWS Lambda: Active, recorded'],
      [
        'Api Amazon API Gateway (REST API): recorded',
        'Intake: starts a trace, synchronously, through Intake',
      ],
      ['Jobs Amazon SQS', 'Worker: links the traces, from a queue'],
      ['Table Amazon DynamoDB', 'Changes: ✕ breaks the trace, from a stream'],
      ['Consumer AWS Lambda: Active, not traceable'],
      ['parcels Amazon MSK: not traceable', 'Consumer: does not propagate the trace, from a stream'],
    ]);
  });

  test('has roles and names for screen readers', async () => {
    const { page } = await open(small);
    await card(page, 'Worker').click();
    const tree = await page.locator('body').ariaSnapshot();
    for (const part of [
      '- banner:',
      '- heading "Trace map" [level=1]',
      '- search:',
      '- combobox "Find a node"',
      '- combobox "Stack"',
      '- combobox "Mode"',
      '- button "Breaks 2"',
      '- main:',
      '- region "Diagram"',
      '- complementary "Problems and details"',
      '- heading "Worker" [level=2]',
      '- heading "Findings" [level=3]',
      '- status',
    ]) {
      expect(tree).toContain(part);
    }
    expect(tree).toMatch(
      /- button "Table; Amazon DynamoDB; the trace ends at 1 outgoing call; called by Worker; calls Changes"/,
    );
    expect(tree).toMatch(
      /button "Worker; AWS Lambda; PassThrough, gap; 1 finding, highest severity warning;[^"]*" \[pressed\]/,
    );
  });

  test.each<[string, (page: Page) => Promise<void>]>([
    ['the first view', async () => {}],
    ['the details of a function', (page) => card(page, 'Worker').click()],
    ['the details of an edge', (page) => edge(page, 'Table to Changes').press('Enter')],
    ['the list', (page) => page.getByRole('button', { name: 'List' }).click()],
    ['search results', (page) => page.getByRole('combobox', { name: 'Find a node' }).fill('o')],
  ])('axe finds no problem on %s, light or dark', async (_, act) => {
    const { page } = await open(small, { bypassCSP: true });
    await act(page);
    expect(await axeProblems(page)).toEqual([]);
    // The page differs in nothing but colors.
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeProblems(page, ['color-contrast'])).toEqual([]);
  });

  test('shows names from templates as text', async () => {
    const hostile = [
      '<script>alert(1)</script>',
      '</script><script>alert(2)</script>',
      ']]><img src=x onerror=alert(3)>',
      '"\' onmouseover=alert(4) x="',
      'new\nline\u202eright to left\u001b[31mred',
      '${alert(5)}{{alert(6)}}javascript:alert(7)',
    ];
    const resources = hostile.flatMap((name): [string, object][] => [
      [name, { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: name } } }],
      [
        `${name}Feed`,
        {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            FunctionName: { Ref: name },
            EventSourceArn: { 'Fn::GetAtt': [`${name}Queue`, 'Arn'] },
          },
        },
      ],
      [`${name}Queue`, { Type: 'AWS::SQS::Queue' }],
    ]);
    const file = '<img src=x onerror=alert(8)>.json';
    const document = mapOf({ [file]: JSON.stringify({ Resources: Object.fromEntries(resources) }) }, [
      { file, message: '<script>alert(9)</script>' },
    ]);
    const { page, messages, requests } = await open(html(document));
    await page.getByRole('combobox', { name: 'Find a node' }).fill('alert(1)');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'List' }).click();
    expect({ messages, requests }).toEqual({ messages: [], requests: [] });
    expect(await page.locator('img, iframe, object, embed, [onerror], [onmouseover]').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('#list').textContent()).toContain('new line\\u202eright to left\\u001b[31mred');
  });

  test.each(['light', 'dark'] as const)('has %s colors', async (colorScheme) => {
    const { page } = await open(small, { colorScheme });
    const ground = await page.evaluate<string>(
      'getComputedStyle(document.querySelector("#page")).backgroundColor',
    );
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(17, 22, 28)' : 'rgb(244, 246, 248)');
    expect(await colorsIn(await page.screenshot(), page)).toBeGreaterThan(6);
  });

  test('has the colors of the system in forced colors', async () => {
    const { page } = await open(small, { forcedColors: 'active', colorScheme: 'dark' });
    const [text, ground] = ['rgb(255, 255, 255)', 'rgb(0, 0, 0)'];
    const of = (selector: string, property: string) =>
      page.evaluate<string[]>(
        `[...new Set([...document.querySelectorAll('${selector}')].map((one) => getComputedStyle(one).${property}))]`,
      );
    expect(await of('#canvas text', 'fill')).toEqual([text]);
    expect(await of('#canvas .body', 'fill')).toEqual([ground]);
    expect(await of('#canvas .hit', 'stroke')).toEqual(['rgba(0, 0, 0, 0)']);
    expect(await of('#canvas .edge:not(.broken) .line', 'stroke')).toEqual([text]);
    expect(await of('#canvas .edge.broken .line', 'stroke')).not.toEqual([text]);
  });

  test('prints in light colors, with the list of breaks and without controls', async () => {
    const { page } = await open(small, { colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Problems', exact: true }).click();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.querySelector("#canvas")).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    expect(await page.getByRole('combobox', { name: 'Find a node' }).isVisible()).toBe(false);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await panel(page).getByText('Jobs → Worker').isVisible()).toBe(true);
    expect(await panel(page).getByText('Table → Changes').isVisible()).toBe(true);
    expect(await colorsIn(await page.screenshot({ fullPage: true }), page)).toBeGreaterThan(6);
  });

  test('fits into a narrow window, with the diagram and the problems', async () => {
    const { page } = await open(small, { viewport: { width: 390, height: 844 } });
    const overflow = 'document.documentElement.scrollWidth - innerWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    expect(await visibleCards(page)).toContain('Consumer');
    expect(await problem(page, 'parcels → Consumer').isVisible()).toBe(true);
    await card(page, 'Intake').press('Enter');
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    expect((await panel(page).boundingBox())?.width).toBe(390);
  });

  test('lists files that could not be read, in one line', async () => {
    const { page } = await open(small);
    const note = page.getByRole('note');
    expect(await note.innerText()).toBe('The map is incomplete: 1 file could not be read.');
    await note.locator('summary').click();
    expect(await note.innerText()).toContain('broken.yaml:3:5: A map is not closed.');
  });

  test.each([
    [300, 6],
    [1000, 20],
  ])(
    'a map of %d functions opens quickly, with %d collapsed stacks',
    async (functions, stacks) => {
      const { page, messages } = await open(systemOf(functions));
      expect(await page.locator('#canvas .group').count()).toBe(stacks);
      const times = await timesOf(page);
      // Much longer than usual, for slow machines.
      expect(times.ready).toBeLessThan(10_000);
      expect(times.longest).toBeLessThan(3000);
      expect(await card(page, 'Orders').locator('title').first().textContent()).toMatch(
        /2 gaps; error on 2 nodes; warning on/,
      );
      await card(page, 'Orders').click();
      expect(await page.locator('#canvas .function').count()).toBe(50);
      await page.getByRole('combobox', { name: 'Find a node' }).fill('shipping audit worker');
      await page.keyboard.press('Enter');
      expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('Audit/Worker');
      expect(messages).toEqual([]);
    },
    120_000,
  );
});
