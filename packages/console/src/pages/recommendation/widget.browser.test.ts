import { api, DAY, type SurfaceResults } from '@bellwether/contracts';
import { createClient, type Client } from '@bellwether/sdk';
import { readSettings, startServer, type Server } from '@bellwether/server';
import { freshRecordsUrl, freshWarehouseUrl } from '@bellwether/testing';
import { clickhouseTime } from '@bellwether/warehouse';
import axe from 'axe-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server as PageServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../testing/chromium.ts';

let [server, admin, shop, browser, folder]: [Server, Client, PageServer, Browser, string] = [] as never; // made before all tests
let address = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bellwether-widget-'));
  shop = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(request.url ?? '/'));
  });
  await new Promise<void>(done => shop.listen(0, '127.0.0.1', done));
  // it listens on a port; another name of the same machine is another origin to a browser
  address = `http://localhost:${(shop.address() as AddressInfo).port}`;
  const [warehouseUrl, recordsUrl] = await Promise.all([freshWarehouseUrl(), freshRecordsUrl()]);
  const options = { data: folder, port: 0, warehouseUrl, recordsUrl, logLevel: 'warn', shopUrl: address };
  server = await startServer(readSettings({ env: {}, options }).settings, { worker: false });
  admin = createClient({ baseUrl: server.url, key: server.installation.secrets.admin_key });
  const none = await admin.call(api.impressions.use);
  await admin.call(api.impressions.setUse, { body: { ...none, holdout: { ...none.holdout, share: 0 } } });
  await stock();
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser.close();
  shop.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function stock(): Promise<void> {
  const { warehouse, clock } = server.installation.stores;
  const at = clickhouseTime(clock.now() - DAY);
  const titles = ['<img src=x onerror=alert(1)> & "tea"', 'Oolong', 'Sencha', 'Kettle'];
  const rows = titles.map((title, n) => ({
    ...{
      product_id: `P${n}`,
      at,
      received_at: at,
      source: 'test',
      title,
      category: 'tea',
      price: 9.5 + n,
      currency: 'EUR',
    },
    ...{
      url: n === 3 ? 'javascript:alert(1)' : `${address}/p/P${n}`,
      image_url: '',
      import_id: 'i',
      line: n,
    },
  }));
  await warehouse.insert('products', rows, { token: 'products' });
}

/** A page of the shop; what follows `/` is the surface. */
function pageOf(url: string): string {
  const surface = url.slice(1).split('?', 1)[0];
  if (url.startsWith('/p/')) return '<!doctype html><title>Product</title><p>A product';
  const key = url.includes('wrong') ? 'stranger' : server.installation.secrets.write_key;
  return `<!doctype html><html lang="de"><title>Shop</title><main><h1>Shop</h1>
    <div style="height:${url.includes('below') ? 3000 : 10}px"></div>
    <div id="here"><p>Our bestsellers</p></div></main>
    <script src="${server.url}/widget.js" data-key="${key}" data-element="#here" data-surface="${surface}" data-k="4" data-title="For you"></script>`;
}

async function open(path: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  // what calls itself headless is held to be a robot, and is not counted
  const page = await browser.newPage({
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/147.0 Safari/537.36',
  });
  await prepare?.(page);
  await page.goto(address + path);
  return page;
}

async function resultsOn(surface: string): Promise<SurfaceResults | undefined> {
  await server.installation.collection.drained();
  const { surfaces } = await admin.call(api.impressions.results);
  return surfaces.find(found => found.surface === surface);
}

/** Events leave a browser when it finds time. */
async function soon<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let turn = 0; turn < 50; turn++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise(done => setTimeout(done, 100));
  }
  return undefined;
}

test(
  'a page of another site shows products, and what was seen and chosen arrives',
  { timeout: 60_000 },
  async () => {
    const page = await open('/home');
    const list = page.getByRole('region', { name: 'For you' }).getByRole('list');
    await list.getByRole('listitem').first().waitFor();
    expect(await list.getByRole('listitem').count()).toBe(4);
    expect(await list.getByText('<img src=x onerror=alert(1)> & "tea"').count()).toBe(1);
    expect(await list.getByText('10,50 €').count()).toBe(1);
    expect(await page.locator('#here a').count()).toBe(3);
    expect(await page.locator('#here img').count()).toBe(0);
    expect(await soon(async () => ((await resultsOn('home'))?.treated.shown === 1 ? true : undefined))).toBe(
      true,
    );
    await page.getByRole('link', { name: /Oolong/ }).focus();
    await Promise.all([page.waitForURL(/\/p\/P1$/), page.keyboard.press('Enter')]);
    const clicked = await soon(async () => {
      const found = await resultsOn('home');
      return found?.treated.clicked === 1 ? found : undefined;
    });
    expect(clicked).toMatchObject({
      treated: { persons: 1, lists: 1, shown: 1, clicked: 1 },
      followed: { clicks: 1 },
    });
    await page.close();
  },
);

test(
  'nothing moves when the products come, and a reader of the screen finds no fault',
  { timeout: 60_000 },
  async () => {
    const page = await open('/calm', async opened => {
      await opened.route('**/v1/widget/**', async route => {
        await new Promise(done => setTimeout(done, 400));
        await route.continue();
      });
    });
    const waiting = await page.locator('#here').boundingBox();
    await page.locator('#here a').first().waitFor();
    const shown = await page.locator('#here').boundingBox();
    expect(Math.abs((shown?.height ?? 0) - (waiting?.height ?? 0))).toBeLessThan(2);
    await page.addScriptTag({ content: axe.source });
    const faults = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run('#here')); // the tag above made it
    expect(faults.violations.map(({ id }) => id)).toEqual([]);
    await page.close();
  },
);

test('a list out of sight is not counted', { timeout: 60_000 }, async () => {
  const page = await open('/below');
  await page.locator('#here a').first().waitFor({ state: 'attached' });
  await page.waitForTimeout(1_600);
  expect((await resultsOn('below'))?.treated).toMatchObject({ lists: 1, shown: 0 });
  await page.locator('#here').scrollIntoViewIfNeeded();
  expect(await soon(async () => ((await resultsOn('below'))?.treated.shown === 1 ? true : undefined))).toBe(
    true,
  );
  await page.close();
});

test(
  'who asks not to be followed sees products, and nothing is kept of them',
  { timeout: 60_000 },
  async () => {
    const page = await open('/quiet', opened =>
      opened.addInitScript(() => Object.defineProperty(navigator, 'doNotTrack', { value: '1' })),
    );
    await page.locator('#here a').first().click();
    await page.waitForURL(/\/p\//);
    expect(await page.evaluate(() => localStorage.getItem('bellwether.anonymous'))).toBeNull();
    expect(await resultsOn('quiet')).toBeUndefined();
    await page.close();
  },
);

test('where nothing comes, what stood there is shown', { timeout: 60_000 }, async () => {
  const page = await open('/wrong');
  await page.getByText('Our bestsellers').waitFor();
  expect(await page.locator('#here .bw-list').count()).toBe(0);
  await page.close();
});
