import { DAY, HOUR, SteppedClock } from '@bellwether/contracts';
import { purchasePrediction } from '@bellwether/scenarios';
import { closeStores, makeShop, storesOf, story, type Shop } from '@bellwether/testing';
import { clickhouseTime } from '@bellwether/warehouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  customerScores,
  defineClassifier,
  featuresInBatches,
  promote,
  scenarioPage,
  type Stores,
  type Subjects,
} from '../index.ts';

const START = Date.UTC(2025, 0, 1);
const shop = punctual(makeShop({ seed: 5, customers: 350, days: 200, start: START }));
/** The same question with the quickest family: how a version is chosen is not what is tested here. */
const scenario = defineClassifier({ ...purchasePrediction, families: ['logistic'], rivals: [] });

type Clocked = Stores & { clock: SteppedClock };

async function opened(): Promise<Clocked> {
  const stores = await storesOf(shop);
  return { ...stores, clock: new SteppedClock(shop.end) };
}

/** One more order of a customer, an hour after the last run, as preparation leaves it. */
async function orders({ warehouse, clock }: Clocked, customer_id: string): Promise<void> {
  clock.advance(HOUR);
  const [line] = shop.lines;
  const at = clickhouseTime(clock.now());
  const key = `${customer_id}:${at}`;
  const one = {
    ...line,
    line_key: key,
    order_id: key,
    customer_id,
    known: true,
    kind: 'sale',
    reason: '',
    at,
    received_at: at,
  };
  await warehouse.insert('prepared_order_lines', [one], { token: key });
}

const told = ({ warehouse }: Stores) =>
  warehouse.query<{ customer_id: string; probability: number; scored_at: string }>(
    'SELECT customer_id, probability, scored_at FROM current_scores ORDER BY customer_id',
  );

describe('after everybody was scored', () => {
  let stores: Clocked;
  let everybody: number;
  beforeAll(async () => {
    stores = await opened();
    await scenario.train(stores, { seed: 1 });
    everybody = (await scenario.apply(stores)).scored;
  });
  afterAll(() => closeStores(stores));

  test('features of chosen customers are those of everybody, narrowed', async () => {
    const all = await rowsOf(featuresInBatches(stores.warehouse, scenario, shop.end));
    const customers = [...all.keys()].filter((_, i) => i % 7 === 0);
    const some = await rowsOf(
      featuresInBatches(stores.warehouse, scenario, shop.end, { chosen: { customers } }),
    );
    expect([...some.keys()].sort()).toEqual([...customers].sort());
    for (const id of customers) expect(some.get(id)).toEqual(all.get(id));
  });

  test('nothing new, nobody is told of again', async () => {
    expect(await scenario.apply(stores, { changed: true })).toMatchObject({ scored: 0 });
    expect(await told(stores)).toHaveLength(everybody);
    expect((await scenarioPage(stores, scenario)).scored).toBe(everybody);
  });

  test('who ordered is scored anew, as a run over everybody would, and the others keep their scores', async () => {
    const before = new Map((await told(stores)).map(row => [row.customer_id, row]));
    const [first, second] = before.keys();
    await orders(stores, first);
    await orders(stores, second);
    expect(await scenario.apply(stores, { changed: true })).toMatchObject({ scored: 2 });
    const after = await told(stores);
    expect(after).toHaveLength(everybody);
    const moved = after.filter(row => before.get(row.customer_id)?.scored_at !== row.scored_at);
    expect(moved.map(row => row.customer_id)).toEqual([first, second]);
    await scenario.apply(stores);
    const whole = new Map((await told(stores)).map(row => [row.customer_id, row.probability]));
    for (const row of moved) expect(row.probability).toBeCloseTo(whole.get(row.customer_id) ?? NaN, 5);
  });

  test('who objects is told of no more by the next partial run, and counted no more', async () => {
    const [objector] = await told(stores);
    await scenario.apply(stores, { changed: true, exclude: [objector.customer_id] });
    expect(await customerScores(stores.warehouse, objector.customer_id)).toEqual([]);
    expect((await scenarioPage(stores, scenario)).scored).toBe(everybody - 1);
  });

  test('half of a partial run is not seen', async () => {
    const [one] = await told(stores);
    await orders(stores, one.customer_id);
    const stop = new AbortController();
    const work = { signal: stop.signal, onProgress: () => stop.abort() };
    await scenario.apply(stores, { changed: true }, work).catch(() => undefined);
    const seen = (await told(stores)).find(row => row.customer_id === one.customer_id);
    const runs = await stores.warehouse.query<{ scored_at: string }>('SELECT scored_at FROM current_runs');
    expect(runs.map(run => run.scored_at)).toContain(seen?.scored_at);
  });

  test('another champion tells of everybody', async () => {
    const next = await scenario.train(stores, { seed: 2 });
    await promote(stores, scenario.name, next.version, { en: 'by hand', 'zh-CN': '手动' });
    const { version, scored } = await scenario.apply(stores, { changed: true });
    expect(version).toBe(next.version);
    expect(scored).toBeGreaterThanOrEqual(everybody);
  });

  test('history that was brought in is told of in whole', async () => {
    // what arrived just before a run is told of twice
    for (const most of [1, 0]) {
      stores.clock.advance(HOUR);
      expect((await scenario.apply(stores, { changed: true })).scored).toBeLessThanOrEqual(most);
    }
    await imported(stores);
    expect((await scenario.apply(stores, { changed: true })).scored).toBeGreaterThanOrEqual(everybody);
  });
});

story('a visitor who turns out to be a customer is scored with what was seen before', {
  given: async () => {
    const stores = await opened();
    await scenario.train(stores, { seed: 1 });
    await scenario.apply(stores);
    const [someone] = await told(stores);
    stores.clock.advance(HOUR);
    const link = {
      alias: 'anon:phone',
      customer_id: someone.customer_id,
      linked_at: clickhouseTime(stores.clock.now()),
    };
    await stores.warehouse.insert('identity', [link], { token: 'linked' });
    const at = clickhouseTime(shop.end - DAY);
    const event = {
      event_id: 'seen',
      type: 'track',
      name: 'Product Viewed',
      user_id: '',
      anonymous_id: 'phone',
      at,
      received_at: at,
    };
    await stores.warehouse.insert(
      'events',
      [
        event,
        {
          ...event,
          event_id: 'late',
          at: clickhouseTime(stores.clock.now()),
          received_at: clickhouseTime(stores.clock.now()),
        },
      ],
      { token: 'seen' },
    );
    return { stores, someone };
  },
  when: ({ stores }) => scenario.apply(stores, { changed: true }),
  then: async ({ scored }, { stores, someone }) => {
    expect(scored).toBe(1);
    const now = (await told(stores)).find(row => row.customer_id === someone.customer_id);
    expect(now?.scored_at).not.toBe(someone.scored_at);
    await closeStores(stores);
  },
});

/** Without the rows that would arrive after its end. */
function punctual(made: Shop): Shop {
  const by = clickhouseTime(made.end);
  const arrived = (row: { received_at: string }): boolean => row.received_at <= by;
  return { ...made, lines: made.lines.filter(arrived), events: made.events.filter(arrived) };
}

async function imported({ records, clock }: Clocked): Promise<void> {
  const at = new Date(clock.now());
  const empty = JSON.stringify({});
  await records
    .insertInto('imports')
    .values({
      ...{ id: 'i1', file_name: 'f', file_path: 'f', file_hash: 'h', kind: 'order_lines', state: 'done' },
      ...{ mapping: empty, format: empty, created_at: at, finished_at: at },
    })
    .execute();
}

async function rowsOf(batches: AsyncIterable<Subjects>): Promise<Map<string, string[]>> {
  const rows = new Map<string, string[]>();
  for await (const { ids, table } of batches)
    ids.forEach((id, row) =>
      rows.set(
        id,
        table.columns.map(column => column[row].toPrecision(5)),
      ),
    );
  return rows;
}
