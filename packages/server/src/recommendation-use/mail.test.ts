import { api, DAY } from '@bellwether/contracts';
import { tick } from '@bellwether/engagement';
import type { Client } from '@bellwether/sdk';
import { clickhouseTime } from '@bellwether/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../fixtures/serve.test-support.ts';
import type { Server } from '../server.ts';

let [served, server, admin]: [Served, Server, Client] = [] as never; // made before all tests
const SHOP = 'https://shop.example';

beforeAll(async () => {
  served = await serve({ currency: 'EUR', shopUrl: SHOP });
  ({ server, admin } = served);
  await fillTheShop();
});

afterAll(() => served.close());

/** Four customers, six products; for anna and li there are recommendations, for the others none. */
async function fillTheShop(): Promise<void> {
  const { warehouse, clock } = server.installation.stores;
  const at = clickhouseTime(clock.now() - DAY);
  const common = { at, received_at: at, source: 'test' };
  const people = [
    ['anna', 'en'],
    ['li', 'zh-CN'],
    ['ben', 'en'],
    ['no', 'en'],
  ];
  await warehouse.insert(
    'customers',
    people.map(([id, language]) => ({
      ...{
        customer_id: id,
        email: `${id}@example.com`,
        name: id,
        email_consent: id === 'no' ? 0 : 1,
        language,
      },
      ...{ traits: '{}', aliases: [id], orders: 1 },
    })),
    { token: 'customers' },
  );
  const products = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'].map((product_id, n) => ({
    ...{ ...common, product_id, title: `Tea <${n + 1}>`, category: 'tea', price: 10 + n, currency: 'EUR' },
    ...{
      stock: product_id === 'P4' ? 0 : 5,
      url: `${SHOP}/${product_id}`,
      image_url: `${SHOP}/${product_id}.jpg`,
      import_id: 'i',
      line: n,
    },
  }));
  await warehouse.insert('products', products, { token: 'products' });
  const sold = [
    ['x', 'P6'],
    ['y', 'P6'],
    ['x', 'P5'],
    ['anna', 'P3'],
  ].map(([customer_id, product_id], n) => ({
    ...{
      ...common,
      line_key: `l${n}`,
      order_id: `o${n}`,
      customer_id,
      known: true,
      product_id,
      quantity: 1,
      unit_price: 1,
    },
    ...{ amount: 1, currency: 'EUR', kind: 'sale', reason: '' },
  }));
  await warehouse.insert('prepared_order_lines', sold, { token: 'sold' });
  const run = { version: 3, as_of: at };
  const ranked = ['anna', 'li'].flatMap(customer_id =>
    ['P1', 'P2', 'P3', 'P4'].map((product_id, n) => ({
      ...{ ...run, made_at: at, customer_id, rank: n + 1, product_id, score: 1 - n / 9, source: 'als' },
    })),
  );
  await warehouse.insert('recommendations', ranked, { token: 'ranked' });
  const finished = { scored_at: at, customers: 2, drift: {}, drifted: [], score_drift: 0, ...run };
  await warehouse.insert('score_runs', [{ ...finished, scenario: 'recommendation' }], { token: 'run' });
  const score = {
    scenario: 'purchase-prediction',
    ...run,
    scored_at: at,
    probability: 0.5,
    low: 0.4,
    high: 0.6,
    chosen: true,
    reasons: [],
  };
  await warehouse.insert(
    'scores',
    people.map(([customer_id]) => ({ ...score, customer_id })),
    { token: 'scores' },
  );
  await warehouse.insert('score_runs', [{ ...finished, scenario: 'purchase-prediction' }], {
    token: 'scored',
  });
}

const MJML = `<mjml><mj-body><mj-section><mj-column><mj-text>Dear {{ customer.name }}</mj-text></mj-column></mj-section>
  <mj-recommendations products="3" /></mj-body></mjml>`;

test(
  'a mail shows each person what to see next, and what was sent, opened and clicked is told',
  { timeout: 60_000 },
  async () => {
    const use = await admin.call(api.impressions.use);
    await admin.call(api.impressions.setUse, { body: { ...use, holdout: { ...use.holdout, share: 0 } } });
    const rules = await admin.call(api.recommendation.settings);
    await admin.call(api.recommendation.setSettings, { body: { ...rules, blocked: ['P2'] } });
    const template = { name: 'Picks', subject: 'For you', mjml: MJML };
    await admin.call(api.engagement.saveTemplate, { params: { id: 'picks' }, body: template });

    const preview = await admin.call(api.engagement.previewTemplate, {
      params: { id: 'picks' },
      body: { customer_id: 'li' },
    });
    expect(preview.text).toContain('Tea <1>');
    expect(preview.missing).toEqual([]);

    await sendToEverybody();
    const mails = await admin.call(api.engagement.mails);
    expect(mails.rows.map(mail => mail.to).sort()).toEqual(
      ['anna@example.com', 'ben@example.com', 'li@example.com'].map(
        to => expect.stringContaining(to) as string,
      ),
    );
    const [anna, li, ben] = await Promise.all(['anna', 'li', 'ben'].map(mailTo));
    // P2 is blocked, P3 was bought by anna, P4 is out of stock; P6 and P5 sell best
    expect(productsOf(anna.text)).toEqual(['Tea <1>', 'Tea <6>', 'Tea <5>']);
    expect(productsOf(li.text)).toEqual(['Tea <1>', 'Tea <3>', 'Tea <6>']);
    expect(productsOf(ben.text)).toEqual(['Tea <6>', 'Tea <3>', 'Tea <5>']);
    expect(anna.text).toContain('€10.00');
    expect(anna.html).toContain('Tea &lt;1&gt;');
    expect(anna.html).toContain('P1.jpg');

    await followFirstProduct(anna.html);
    await server.installation.collection.drained();
    const { surfaces } = await admin.call(api.impressions.results);
    const email = surfaces.find(({ surface }) => surface === 'email');
    expect(email?.treated).toMatchObject({ persons: 3, lists: 3, shown: 3, clicked: 1, opened: 1 });
    expect(email?.followed).toMatchObject({ clicks: 1 });
  },
);

async function sendToEverybody(): Promise<void> {
  const definition = {
    scenario: 'purchase-prediction',
    min_probability: 0,
    max_probability: 1,
    chosen_only: false,
  };
  const audience = await admin.call(api.engagement.createAudience, { body: { name: 'All', definition } });
  const graph = {
    nodes: [
      { id: 'start', kind: 'enter' as const, audience: audience.id, next: 'mail' },
      { id: 'mail', kind: 'email' as const, template: 'picks', next: 'end' },
      { id: 'end', kind: 'exit' as const },
    ],
    ...{ holdout: 0, measure_days: 30, dry_run: false },
  };
  const journey = await admin.call(api.engagement.createJourney, { body: { name: 'Picks', graph } });
  await admin.call(api.engagement.setJourneyState, {
    params: { id: journey.id },
    body: { state: 'running' },
  });
  for (let pass = 0; pass < 3; pass++) await tick(server.installation.engagement);
}

async function mailTo(name: string): Promise<{ html: string; text: string }> {
  const { rows } = await admin.call(api.engagement.mails);
  const mail = rows.find(({ to }) => to.includes(`${name}@`));
  return admin.call(api.engagement.mail, { params: { id: mail?.id ?? '' } });
}

const productsOf = (text: string): string[] => [...text.matchAll(/Tea <\d>/g)].map(([title]) => title);

/** As a reader does: the picture that counts openings is loaded, the first product followed. */
async function followFirstProduct(html: string): Promise<void> {
  const path = (pattern: RegExp): string =>
    new URL((pattern.exec(html)?.[1] ?? '').replaceAll('&amp;', '&')).pathname;
  await server.app.inject(path(/<img src="([^"]+\/o\/[^"]+)"/));
  const answer = await server.app.inject(path(/href="([^"]+\/c\/[^"]+)"/));
  const landed = new URL(String(answer.headers['location']));
  expect(landed.pathname).toBe('/P1');
  expect(landed.searchParams.get('bw_product')).toBe('P1');
  expect(landed.searchParams.get('bw_list')).toMatch(/^mail:/);
  await tick(server.installation.engagement);
}
