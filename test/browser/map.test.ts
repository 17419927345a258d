import type { Page } from 'playwright-core';
import { timesOf } from '../../bench/page-times';
import { tracedSystem } from '../../bench/traced-system';
import { load } from '../../lib/input/load';
import type { MapDocument } from '../../lib/report/map/document';
import { html } from '../../lib/report/map/html';
import { directoryWith } from '../input/temporary';
import { mapOf, mapOfTemplates, smallMap } from '../report/map/map-documents';
import { browserOf, colorsIn, describeWithChromium } from './chromium';

// The browser is slow while other tests run.
jest.setTimeout(60_000);

function systemOf(functions: number): MapDocument {
  const directory = directoryWith(Object.fromEntries(tracedSystem(functions)));
  return mapOfTemplates(load([directory]).templates);
}

/** Returns a card of the diagram, by the beginning of its label. */
function card(page: Page, name: string) {
  return page.locator('#canvas').getByRole('button', { name: new RegExp(`^${name}[;,]`) });
}

function panel(page: Page) {
  return page.getByRole('complementary');
}

/** Returns the label or text of the focused element. */
function focused(page: Page): Promise<string | null> {
  return page.evaluate(
    'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
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

  test('shows the initial diagram without JavaScript', async () => {
    const { page } = await open(small, { javaScriptEnabled: false });
    expect(await page.locator('#canvas .function').count()).toBe(4);
    expect(await page.locator('#canvas').textContent()).toContain('trace ends');
    await page.getByText('this page needs JavaScript').waitFor();
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

  describe('the panel of a function', () => {
    test('shows its details', async () => {
      const { page } = await open(small);
      await card(page, 'Worker').click();
      const text = await panel(page).innerText();
      for (const expected of [
        'PassThrough: gap in the trace',
        'TracingConfig.Mode: Active on Worker (orders.yaml:21)',
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
        expect(text).toContain(expected);
      }
    });

    test('opens by key, links to other nodes, and returns the focus on Escape', async () => {
      const { page } = await open(small);
      await card(page, 'Intake').focus();
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe('Intake');
      await panel(page).getByRole('button', { name: 'Jobs' }).first().press('Enter');
      expect(await focused(page)).toBe('Jobs');
      await page.keyboard.press('Escape');
      expect(await panel(page).isVisible()).toBe(false);
      expect(await focused(page)).toMatch(/^Jobs;/);
    });

    test('follows the address and the Back button', async () => {
      const { page } = await open(small);
      await card(page, 'Intake').click();
      await card(page, 'Changes').click();
      await page.goBack();
      expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('Intake');
      await page.reload();
      expect(await panel(page).getByRole('heading', { level: 2 }).textContent()).toBe('Intake');
    });
  });

  describe('keyboard navigation', () => {
    test('moves between nodes with arrow keys and Tab', async () => {
      const { page } = await open(small);
      await card(page, 'Api').focus();
      await page.keyboard.press('ArrowRight');
      expect(await focused(page)).toMatch(/^Intake;/);
      await page.keyboard.press('ArrowRight');
      expect(await focused(page)).toMatch(/^Jobs;/);
      await page.keyboard.press('ArrowLeft');
      expect(await focused(page)).toMatch(/^Intake;/);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toMatch(/^Jobs;/);
    });

    test('shows the focus', async () => {
      const { page } = await open(small);
      await card(page, 'Api').focus();
      await page.keyboard.press('ArrowRight');
      const style = 'getComputedStyle(document.activeElement.querySelector(".body")).strokeWidth';
      expect(await page.evaluate(style)).toBe('4px');
    });

    test('expands and collapses a stack by Enter, and moves the focus', async () => {
      const { page } = await open(html(systemOf(100)));
      await card(page, 'Payments').focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'Payments' }).waitFor();
      expect(await page.locator('#canvas .function').count()).toBe(50);
      expect(await page.evaluate('document.activeElement.closest("#canvas") !== null')).toBe(true);
      await page.getByRole('button', { name: 'Collapse', exact: true }).press('Enter');
      expect(await page.locator('#canvas .group').count()).toBeGreaterThan(1);
    });
  });

  describe('filters', () => {
    test('by stack', async () => {
      const { page } = await open(small);
      await page.getByRole('combobox', { name: 'Stack' }).selectOption('shipping.yaml');
      expect(await page.locator('#canvas .function').count()).toBe(1);
      await page.getByRole('combobox', { name: 'Stack' }).selectOption('All stacks');
      expect(await page.locator('#canvas .function').count()).toBe(4);
    });

    test.each([
      ['Active', ['Changes', 'Consumer', 'Intake']],
      ['PassThrough', ['Worker']],
      ['no mode set', []],
      ['mode unknown', []],
      ['with breaks', ['Changes', 'Table', 'Worker']],
      ['with findings', ['Consumer', 'Intake', 'Worker']],
    ])('%s', async (label, names) => {
      const { page } = await open(small);
      await page.getByRole('checkbox', { name: label, exact: true }).check();
      const matches = await page.locator('#canvas [data-card]:not(.dim) .name').allTextContents();
      expect(matches.sort()).toEqual(names);
      const count = `${names.length} ${names.length === 1 ? 'node matches' : 'nodes match'}.`;
      await page.getByRole('status').filter({ hasText: count }).waitFor();
    });

    test('apply to the list', async () => {
      const { page } = await open(small);
      await page.getByRole('button', { name: 'List' }).click();
      await page.getByRole('checkbox', { name: 'PassThrough' }).check();
      expect(await page.locator('#list .nodes button').allTextContents()).toContain('Worker');
      expect(await page.locator('#list .nodes > li').count()).toBe(1);
    });
  });

  test('the list contains everything in the diagram', async () => {
    const { page } = await open(small);
    await page.getByRole('button', { name: 'List' }).click();
    expect(await page.locator('#list .breaks').innerText()).toBe(
      ['Worker: gap, on a traced path but not traced', 'Table → Changes: breaks the trace'].join('\n'),
    );
    await page.locator('summary', { hasText: 'orders.yaml' }).click();
    const [path] = await page.locator('#list .paths > li').allInnerTexts();
    expect(path.split('\n')).toEqual([
      'Api records',
      'starts a trace, synchronously, through Intake: Intake Active: records',
      'propagates the trace: Jobs',
      'links the traces, from a queue: Worker PassThrough: gap in the trace',
      'propagates the trace: Table',
      '✕ breaks the trace, from a stream: Changes Active: records',
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
      '- group "Show only"',
      '- checkbox "with breaks"',
      '- navigation "Stacks"',
      '- main:',
      '- region "Diagram"',
      '- complementary "Worker"',
      '- heading "Findings" [level=3]',
      '- status',
    ]) {
      expect(tree).toContain(part);
    }
    expect(tree).toMatch(
      /- button "Table; Amazon DynamoDB; the trace breaks at 1 outgoing call; called by Worker; calls Changes"/,
    );
    expect(tree).toMatch(
      /button "Worker; AWS Lambda; PassThrough: gap in the trace; 1 finding, highest severity warning;[^"]*" \[pressed\]/,
    );
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
    for (const summary of await page.locator('#list summary').all()) await summary.click();
    expect({ messages, requests }).toEqual({ messages: [], requests: [] });
    expect(await page.locator('img, iframe, object, embed, [onerror], [onmouseover]').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('#list').textContent()).toContain('new line\\u202eright to left\\u001b[31mred');
  });

  test.each(['light', 'dark'] as const)('has %s colors', async (colorScheme) => {
    const { page } = await open(small, { colorScheme });
    const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(17, 22, 28)' : 'rgb(244, 246, 248)');
    expect(await colorsIn(await page.screenshot(), page)).toBeGreaterThan(6);
  });

  test('prints in light colors, without controls', async () => {
    const { page } = await open(small, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.querySelector("#canvas")).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    expect(await page.getByRole('combobox', { name: 'Find a node' }).isVisible()).toBe(false);
    expect(await colorsIn(await page.screenshot({ fullPage: true }), page)).toBeGreaterThan(6);
  });

  test('fits into a narrow window', async () => {
    const { page } = await open(small, { viewport: { width: 380, height: 700 } });
    const overflow = 'document.documentElement.scrollWidth - innerWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await card(page, 'Intake').press('Enter');
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    expect((await panel(page).boundingBox())?.width).toBe(380);
  });

  test('lists files that could not be read', async () => {
    const { page } = await open(small);
    expect(await page.getByRole('note').innerText()).toContain('broken.yaml:3:5: A map is not closed.');
  });

  test.each([
    [300, 6],
    [1000, 20],
  ])(
    'a map of %d functions opens quickly, with %d collapsed stacks',
    async (functions, stacks) => {
      const { page, messages } = await open(html(systemOf(functions)));
      expect(await page.locator('#canvas .group').count()).toBe(stacks + 1);
      const times = await timesOf(page);
      // Much longer than usual, for slow machines.
      expect(times.ready).toBeLessThan(10_000);
      expect(times.longest).toBeLessThan(3000);
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
