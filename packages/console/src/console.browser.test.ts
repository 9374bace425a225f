import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildConsole, filesOf, gzipped, manifestOf } from './testing/build.ts';
import { launchChromium } from './testing/chromium.ts';
import { startFixtureServer } from './testing/fixture-server.ts';
import { faultsOf, lookAtEveryPage, reader, settled, signIn } from './testing/reader.ts';

const KB = 1024;
const SHELL_BUDGET = 250 * KB;
const ROUTE_BUDGET = 200 * KB;

vi.setConfig({ testTimeout: 180_000 });

let folder: string;
let url: string;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  folder = await buildConsole('production');
  ({ url, server } = await startFixtureServer(folder));
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

// the other two pairs are looked at by the long test
test.each([
  ['en', 'light'],
  ['zh-CN', 'dark'],
] as const)(
  'in %s, %s every page is drawn without a complaint, and axe finds nothing serious',
  async (locale, theme) => {
    expect(await lookAtEveryPage(browser, url, locale, theme)).toEqual([]);
  },
);

test('the keyboard alone goes from signing in to a customer and what they allow', async () => {
  const { page, complaints } = await reader(browser, 'en', 'light');
  await page.goto(`${url}/customers`);
  await page.waitForURL(/sign-in/);
  await page.waitForSelector('input[type=email]:focus');
  await page.keyboard.type('mei@example.com');
  await page.keyboard.press('Tab');
  await page.keyboard.type('a long enough one');
  await page.keyboard.press('Enter');
  // where they wanted to go is remembered
  await page.waitForURL(`${url}/customers`);
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.waitForSelector('.palette input:focus');
  await page.keyboard.type('today');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/`);
  await page.keyboard.press('Control+k');
  await page.waitForSelector('.palette input:focus');
  await page.keyboard.type('anna');
  await page.waitForSelector('#palette-customer-17850');
  await page.keyboard.press('Enter');
  await page.waitForURL(/customers\/17850/);
  await page.waitForSelector('text=bought 3 times in the last 60 days');
  const consent = page.getByRole('switch', { name: 'Marketing by text message' });
  await consent.focus();
  await page.keyboard.press('Space');
  await page.waitForSelector('text=Noted: yes to text messages.');
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a palette opened again while its closing is still being told stays open', async () => {
  const { page } = await reader(browser, 'en', 'light');
  await signIn(page, url);
  await settled(page);
  await page.keyboard.press('Control+k');
  await page.waitForSelector('.palette input:focus');
  await page.evaluate(async () => {
    const press = (key: string, ctrlKey = false) =>
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true }));
    press('k', true);
    // React draws in a microtask, the dialog's close event is a task: this lands between the two
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    press('k', true);
    await new Promise(resolve => setTimeout(resolve, 100));
  });
  await page.waitForSelector('.palette input:focus');
  await page.context().close();
});

test('a row of a list opens by Enter, and the address says what is shown', async () => {
  const { page } = await reader(browser, 'en', 'light');
  await signIn(page, url);
  await page.goto(`${url}/customers?page=1`);
  await settled(page);
  await page.locator('tr.row-link').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/customers\/17849\?page=1/);
  await page.context().close();
});

test('a dropped file is shown with what was recognised, and waits for what is missing', async () => {
  const { page } = await reader(browser, 'en', 'light');
  await signIn(page, url);
  await page.goto(`${url}/data?tab=imports`);
  await settled(page);
  await page.setInputFiles('input[type=file]', {
    name: 'orders.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('a,b\n1,2\n'),
  });
  await page.waitForSelector('text=Choose a column for Unit price.');
  const start = page.getByRole('button', { name: 'Import', exact: true });
  expect(await start.isDisabled()).toBe(true);
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Unit price' }).click();
  await page.locator('.ant-select-item-option', { hasText: 'Betrag' }).last().click();
  expect(await start.isDisabled()).toBe(false);
  await start.click();
  await page.waitForSelector('text=Importing orders.csv.');
  await page.context().close();
});

test('a phone shows Today without a sideways scroll', async () => {
  const { page } = await reader(browser, 'en', 'light', 390);
  await signIn(page, url);
  await settled(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.context().close();
});

test('the shell and every page keep to their budgets, and charts come only when drawn', () => {
  const manifest = manifestOf(folder);
  const shell = filesOf(manifest, 'index.html');
  const english = filesOf(manifest, 'src/words/en/index.ts');
  const shellBytes = gzipped(folder, new Set([...shell, ...english]));
  const pages = Object.keys(manifest).filter(name => name.startsWith('src/pages/'));
  const sizes = pages.map(name => {
    const files = new Set([...filesOf(manifest, name), ...filesOf(manifest, 'src/app/Widgets.tsx')]);
    const more = [...files].filter(file => !shell.has(file));
    return { name, bytes: gzipped(folder, more), hasCharts: more.some(file => file.includes('echarts')) };
  });
  const lines = [{ name: 'shell', bytes: shellBytes }, ...sizes].map(
    ({ name, bytes }) =>
      `${name.replace('src/pages/', '').padEnd(36)} ${(bytes / KB).toFixed(1).padStart(7)} KB gzip`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
  expect(pages.length).toBeGreaterThanOrEqual(11);
  expect(shellBytes).toBeLessThan(SHELL_BUDGET);
  expect(sizes.filter(({ bytes }) => bytes >= ROUTE_BUDGET)).toEqual([]);
  expect(sizes.filter(({ hasCharts }) => hasCharts)).toEqual([]);
});
