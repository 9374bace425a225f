import { consentOf, isSuppressed } from '@bellwether/privacy';
import { freshRecords, freshWarehouse } from '@bellwether/testing';
import type { Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { journeyResults } from '../experiments/results.ts';
import { tick } from '../delivery/tick.ts';
import { addCustomers, emptyStores, openShop, SECRET, startJourney, type TestShop } from '../testing/shop.ts';
import { openLinks } from './links.ts';
import { pageOf } from './pages.ts';
import { trackedLinks, type TrackedLinks } from './tracked.ts';

let warehouse: Warehouse;
let records: Records;
let shop: TestShop;
let tracked: TrackedLinks;
beforeAll(async () => {
  [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
});
beforeEach(async () => {
  await emptyStores(warehouse, records);
  shop = openShop({ warehouse, records });
  tracked = trackedLinks(shop.engagement);
});
afterAll(async () => {
  await Promise.all([warehouse.close(), records.destroy()]);
});

/** A mail that was sent, and the tokens in it. */
async function sentMail() {
  await addCustomers(warehouse, [{ id: 'a' }]);
  const journey = await startJourney(shop.engagement);
  await tick(shop.engagement);
  await shop.engagement.close();
  const { html, unsubscribeUrl } = shop.channel.received[0];
  const token = (kind: string) => new RegExp(`/${kind}/([\\w.-]+)"`).exec(html)?.[1] ?? '';
  return { journey, open: token('o'), click: token('c'), unsubscribe: unsubscribeUrl.split('/u/')[1] ?? '' };
}

describe('a reader', () => {
  test('opens and clicks: counted, led on, heard as events', async () => {
    const { journey, open, click } = await sentMail();
    const image = await tracked.open({ token: open });
    expect(image).toMatchObject({
      status: 200,
      headers: { 'content-type': 'image/gif', 'cache-control': 'no-store' },
    });
    expect(image.body).toHaveLength(42);
    for (let times = 0; times < 2; times++) {
      const reply = await tracked.click({ token: click });
      expect(reply).toMatchObject({ status: 302, headers: { location: 'https://shop.example/?a=1&b=2' } });
    }
    const heard: string[] = [];
    const listening = openShop(
      { warehouse, records },
      {
        emit: async events => void heard.push(...events.map(event => String(event.event))),
      },
    );
    await tick(listening.engagement);
    await listening.engagement.close();
    expect(heard).toEqual(['Email Opened', 'Email Link Clicked', 'Email Link Clicked']);
    expect((await journeyResults(shop.engagement, journey.id)).messages).toMatchObject({
      ...{ sent: 1, delivered: 1, opened: 1, clicked: 1, unsubscribed: 0 },
    });
  });

  test('unsubscribes with one click: never written to again, and it can be proved', async () => {
    const { unsubscribe } = await sentMail();
    const page = await tracked.unsubscribePage({
      token: unsubscribe,
      acceptLanguage: 'zh-CN,zh;q=0.9,en;q=0.8',
    });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.body).toContain('<form method="post"><button type="submit">退订</button></form>');
    expect(await isSuppressed(records, 'email', 'a@example.com')).toBe(false);
    for (let times = 0; times < 2; times++)
      expect(await tracked.unsubscribe({ token: unsubscribe })).toMatchObject({ status: 200 });
    expect(await isSuppressed(records, 'email', 'A@example.com')).toBe(true);
    expect(await consentOf(records, 'a', 'email', 'marketing')).toMatchObject({
      ...{ state: 'denied', source: 'unsubscribe_link' },
    });
    const proofs = await records.selectFrom('consents').select('proof').execute();
    expect(proofs).toEqual([{ proof: expect.stringMatching(/^message \d+:first:\d+$/) }]);
  });

  test('is served even when nothing can be counted, and asked to come back when leaving cannot be kept', async () => {
    const { open, click, unsubscribe } = await sentMail();
    const away = trackedLinks({
      ...shop.engagement,
      stores: {
        ...shop.engagement.stores,
        records: new Proxy(records, {
          get: () => () => {
            throw new Error('away');
          },
        }),
      },
    });
    expect(await away.open({ token: open })).toMatchObject({ status: 200 });
    expect(await away.click({ token: click })).toMatchObject({ status: 302 });
    expect(await away.unsubscribe({ token: unsubscribe })).toMatchObject({ status: 503 });
  });
});

describe('a link', () => {
  const links = openLinks({ publicUrl: 'https://mail.shop.example', secret: SECRET });
  const forged = openLinks({ publicUrl: 'https://mail.shop.example', secret: `${SECRET}!` });
  const ofUrl = (url: string, by = links) =>
    by.of({ key: 'k', customerId: 'c' }).track(url).split('/c/')[1] ?? '';

  test('that is not ours leads nowhere', async () => {
    const good = ofUrl('https://shop.example/');
    for (const token of [
      '',
      'x',
      'a.b',
      `${good}x`,
      `x${good}`,
      `${good}.y`,
      ofUrl('https://evil.example/', forged),
    ])
      expect(await tracked.click({ token })).toMatchObject({
        status: 404,
        headers: { 'cache-control': 'no-store' },
      });
    // a token of one kind does nothing as another
    expect(await tracked.unsubscribe({ token: good })).toMatchObject({ status: 404 });
    expect(await tracked.unsubscribePage({ token: good })).toMatchObject({ status: 404 });
    expect((await tracked.open({ token: good })).status).toBe(200);
  });

  test('keeps its address to the letter, and only web addresses are counted', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), url => {
        expect(links.read('c', ofUrl(url))).toEqual({ key: 'k', url });
      }),
    );
    for (const url of ['javascript:alert(1)', 'tel:+123', '#top', '', '/relative'])
      expect(links.of({ key: 'k', customerId: 'c' }).track(url)).toBe(url);
  });

  test('settings that would make links weak or dead are refused', () => {
    expect(() => openLinks({ publicUrl: 'https://x.example', secret: 'short' })).toThrowError(
      expect.objectContaining({ code: 'engagement.weak_secret' }),
    );
    expect(() => openLinks({ publicUrl: 'shop', secret: SECRET })).toThrowError(
      expect.objectContaining({ code: 'engagement.bad_public_url' }),
    );
  });
});

test('a page speaks the reader’s language and shows the shop’s name as text', () => {
  const lang = (accept: string) => /<html lang="([^"]+)"/.exec(pageOf('done', 'x', accept))?.[1];
  expect(['', 'zh', 'en-GB,zh;q=0.5', 'fr,zh-TW;q=0.9,en;q=0.1', 'de'].map(lang)).toEqual([
    'en',
    'zh-CN',
    'en',
    'zh-CN',
    'en',
  ]);
  expect(pageOf('ask', '<script>', 'en')).not.toContain('<script>');
});
