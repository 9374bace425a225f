import { api, DAY, SteppedClock } from '@bellwether/contracts';
import type { Client } from '@bellwether/sdk';
import { story } from '@bellwether/testing';
import { clickhouseTime } from '@bellwether/warehouse';
import { afterAll, beforeAll, expect } from 'vitest';
import { serve, type Served } from '../fixtures/serve.test-support.ts';
import type { Server } from '../server.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const { recommendation } = api;
let server: Server;
let client: Client;
let served: Served;

beforeAll(async () => {
  served = await serve({}, new SteppedClock(NOW));
  ({ server, admin: client } = served);
  const sold = Array.from({ length: 6 }, (_, n) =>
    Array.from({ length: n + 1 }, (_line, customer) => ({
      ...{
        line_key: `${n}:${customer}`,
        order_id: `${n}:${customer}`,
        customer_id: `c${customer}`,
        known: true,
      },
      ...{ product_id: `p${n}`, quantity: 1, unit_price: 9, amount: 9, kind: 'sale', reason: '' },
      ...{ at: clickhouseTime(NOW - DAY), received_at: clickhouseTime(NOW - DAY) },
    })),
  );
  await server.installation.stores.warehouse.insert('prepared_order_lines', sold.flat(), { token: 'sold' });
});
afterAll(() => served.close());

const shown = async (query: Record<string, string>): Promise<string[]> =>
  (await client.call(recommendation.recommend, { query })).items.map(({ product_id }) => product_id);

async function track(event: Record<string, unknown>): Promise<void> {
  const headers = { authorization: `Basic ${btoa(`${server.installation.secrets.write_key}:`)}` };
  const answer = await fetch(`${server.url}/v1/track`, {
    method: 'POST',
    headers,
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(200);
}

story('a purchase that was acknowledged is known to the next answer', {
  given: () => shown({ customer_id: 'c3' }),
  when: async () => {
    const properties = { order_id: 'o1', products: [{ product_id: 'p1', price: 9 }] };
    await track({ userId: 'c3', event: 'Order Completed', properties });
    return shown({ customer_id: 'c3' });
  },
  then: (after, before) => {
    expect(before).toEqual(['p2', 'p1', 'p0']);
    expect(after).toEqual(['p2', 'p0']);
  },
});

story('what another node took in is found in the warehouse at the next look', {
  given: () => shown({ anonymous_id: 'v1' }),
  when: async () => {
    const { stores, recommender } = server.installation;
    const event = {
      ...{ event_id: 'far', type: 'track', name: 'Order Completed', anonymous_id: 'v1', source: 'far' },
      ...{ at: clickhouseTime(NOW), received_at: clickhouseTime(NOW) },
      properties: JSON.stringify({ products: [{ product_id: 'p5' }] }),
    };
    await stores.warehouse.insert('events', [event], { token: 'far' });
    await recommender.refresh();
    return shown({ anonymous_id: 'v1' });
  },
  then: (after, before) => {
    expect(before).toContain('p5');
    expect(after).not.toContain('p5');
  },
});

story('rules hold for the next answer, and are told back', {
  given: () => ({ pins: [{ product_id: 'p0', position: 1 }], blocked: ['p5'], dials: { diversity: 0 } }),
  when: async body => {
    await client.call(recommendation.setSettings, { body });
    const kept = await client.call(recommendation.settings);
    return { kept, cold: await client.call(recommendation.recommend, { query: { k: 3 } }) };
  },
  then: ({ kept, cold }) => {
    expect(kept.dials).toEqual({ diversity: 0, novelty: 0, margin: 0, stock: true, repeats: false });
    expect(cold.kind).toBe('cold');
    expect(cold.items.map(({ product_id, source }) => [product_id, source])).toEqual([
      ['p0', 'pinned'],
      ['p4', 'popularity'],
      ['p3', 'popularity'],
    ]);
  },
});
