import { api, ScenarioPage } from '@bellwether/contracts';
import type { Client } from '@bellwether/sdk';
import { fillShop, makeShop } from '@bellwether/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from './fixtures/serve.test-support.ts';
import type { Server } from './server.ts';

const params = { name: 'purchase-prediction' };
const shop = makeShop({ seed: 5, customers: 350, days: 200, start: Date.UTC(2025, 0, 1) });
let server: Server;
let client: Client;
let served: Served;

beforeAll(async () => {
  served = await serve({ logLevel: 'error' });
  ({ server, admin: client } = served);
});

afterAll(() => served.close());

test('what a contact is worth is kept, and refused where it makes no sense', async () => {
  const kept = await client.call(api.decision.settings);
  expect(kept).toEqual({ margin_rate: 0.3, contact_cost: 0.05, effect: 0.02 });
  const body = { ...kept, contact_cost: 0.2 };
  expect(await client.call(api.decision.keep, { body })).toEqual(body);
  expect(await client.call(api.decision.settings)).toEqual(body);
  await expect(client.call(api.decision.keep, { body: { ...kept, effect: 3 } })).rejects.toMatchObject({
    code: 'request.invalid',
  });
  await client.call(api.decision.keep, { body: kept });
});

test('before anything was learned, rule and what-if say what is missing', async () => {
  const preview = client.call(api.decision.preview, { params, body: {} });
  await expect(preview).rejects.toMatchObject({ code: 'scenario.not_ready', details: { status: 409 } });
  const asked = client.call(api.decision.whatIf, { params, body: { customer_id: '1' } });
  await expect(asked).rejects.toMatchObject({ code: 'scenario.no_champion', details: { status: 409 } });
  const other = client.call(api.decision.preview, { params: { name: 'nothing' }, body: {} });
  await expect(other).rejects.toMatchObject({ code: 'scenario.unknown' });
});

test('after a training the page tells what competed, the rule whom it chooses, and what-if of one customer', async () => {
  await fillShop(server.installation.stores.warehouse, shop);
  for (const work of [api.scenarios.train, api.scenarios.score]) {
    const { id } = await client.call(work, { params });
    expect((await server.installation.jobs.settled(id)).state).toBe('done');
  }
  const page = ScenarioPage.parse(await client.call(api.scenarios.page, { params }));
  const [{ card }] = page.versions;
  expect(card).toMatchObject({ kind: 'classifier', families: { length: 5 } });
  const decision = await client.call(api.decision.preview, { params, body: { most: 10 } });
  expect(decision).toMatchObject({ scored: page.scored, limited: { most: 10, chosen: 10 } });
  expect(decision.chosen).toBe(page.results?.chosen);
  const sql = 'SELECT customer_id FROM current_scores ORDER BY customer_id LIMIT 1';
  const one = await server.installation.stores.warehouse.one<{ customer_id: string }>(sql);
  const told = await client.call(api.decision.whatIf, {
    params,
    body: { ...one, changes: { recency_days: 2 } },
  });
  expect(told.features.find(({ name }) => name === 'recency_days')?.supposed).toBe(2);
  expect(told.actions).toEqual([]);
  expect(told.support['zh-CN']).toContain('没有依据');
});
