import { closeStores, freshStores, freshRecordsUrl, freshWarehouseUrl, story } from '@bellwether/testing';
import { migrateRecords, openRecords } from '@bellwether/records';
import { SteppedClock } from '@bellwether/contracts';
import { migrate, Warehouse } from '@bellwether/warehouse';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Stores } from '../stores.ts';
import { lastPreparation, prepare } from './prepare.ts';
import { NOW, tell } from './told.ts';

/** Each round of telling adds this many lines, customers and units of revenue. */
const ROUND = 1000;

const tellRound = (stores: Stores, round: number): Promise<void> =>
  tell(stores, {
    lines: Array.from({ length: ROUND }, (_, n) => ({
      line_key: `r${round}-${n}`,
      order_id: `r${round}-${n}`,
      customer_id: `r${round}-${n}`,
      product_id: 'mug',
      quantity: 1,
      unit_price: 1,
      at: new Date(NOW - 60_000 * (n + 1)).toISOString(),
    })),
  });

interface Seen {
  identity: number;
  lines: number;
  customers: number;
}

const seenIn = ({ warehouse }: Stores): Promise<Seen> =>
  warehouse.one<Seen>(
    'SELECT (SELECT count() FROM identity) AS identity, (SELECT count() FROM sales) AS lines, (SELECT count() FROM customers) AS customers',
  );
const leftovers = async ({ warehouse }: Stores): Promise<unknown[]> =>
  warehouse.query("SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%_next'");

story('readers see each table whole, the old or the new, while it is rebuilt; two callers take turns', {
  given: async () => {
    const stores = await freshStores(NOW);
    await tellRound(stores, 1);
    await prepare(stores);
    return stores;
  },
  when: async stores => {
    await tellRound(stores, 2);
    let busy = true;
    const done = Promise.all([prepare(stores), prepare(stores)]).finally(() => (busy = false));
    const seen: Seen[] = [];
    while (busy) seen.push(await seenIn(stores));
    await done;
    return { stores, seen };
  },
  then: async ({ stores, seen }) => {
    const counts = new Set(seen.flatMap(({ identity, lines, customers }) => [identity, lines, customers]));
    expect([...counts].filter(count => count !== ROUND && count !== 2 * ROUND)).toEqual([]);
    expect(await seenIn(stores)).toEqual({ identity: 2 * ROUND, lines: 2 * ROUND, customers: 2 * ROUND });
    await closeStores(stores);
  },
});

story('a preparation that is stopped, at whatever step, leaves what was there', {
  given: async () => {
    const stores = await freshStores(NOW);
    await tellRound(stores, 1);
    const report = await prepare(stores);
    await tellRound(stores, 2);
    return { stores, report };
  },
  when: async ({ stores }) => {
    const stoppedAt: string[] = [];
    for (let step = 0; step < 6; step++) {
      const stop = new AbortController();
      const onProgress = (progress: { done: number; step?: string }): void => {
        if (progress.done === step) stop.abort();
        if (progress.done === step) stoppedAt.push(progress.step ?? '');
      };
      // told of the last step, it is too late to stop
      await prepare(stores, { signal: stop.signal, onProgress }).catch(() => undefined);
      if (step < 5) expect(await seenIn(stores)).toEqual({ identity: ROUND, lines: ROUND, customers: ROUND });
    }
    return stoppedAt;
  },
  then: async (stoppedAt, { stores, report }) => {
    expect(stoppedAt).toHaveLength(6);
    expect(await leftovers(stores)).toEqual([]);
    expect((await lastPreparation(stores.warehouse))?.lines_in).toBe(2 * report.lines_in);
    await closeStores(stores);
  },
});

test('a process that is killed while it prepares leaves whole tables, and the next preparation works', async () => {
  const urls = { warehouse: await freshWarehouseUrl(), records: await freshRecordsUrl() };
  const stores = {
    warehouse: new Warehouse({ url: urls.warehouse }),
    records: openRecords({ url: urls.records }),
    clock: new SteppedClock(NOW),
  };
  await migrate(stores.warehouse);
  await migrateRecords(stores.records);
  await tellRound(stores, 1);
  await prepare(stores);
  for (let round = 2; round <= 3; round++) {
    await tellRound(stores, round);
    await killedWhilePreparing(urls, 200 * round);
    for (const count of Object.values(await seenIn(stores)))
      expect([ROUND * (round - 1), ROUND * round]).toContain(count);
    const report = await prepare(stores);
    expect(report.lines_in).toBe(ROUND * round);
    expect(await seenIn(stores)).toEqual({
      identity: ROUND * round,
      lines: ROUND * round,
      customers: ROUND * round,
    });
    expect(await leftovers(stores)).toEqual([]);
  }
  await closeStores(stores);
});

const PROGRAM = `
  import { openRecords } from '@bellwether/records';
  import { Warehouse } from '@bellwether/warehouse';
  import { prepare } from './prepare.ts';
  const [warehouseUrl, recordsUrl, now] = process.argv.slice(1);
  const stores = {
    warehouse: new Warehouse({ url: warehouseUrl }),
    records: openRecords({ url: recordsUrl }),
    clock: { now: () => Number(now) },
  };
  process.stdout.write('ready');
  for (;;) await prepare(stores);
`;

/** Lets a process prepare again and again, and kills it some milliseconds after it began. */
async function killedWhilePreparing(
  urls: { warehouse: string; records: string },
  after: number,
): Promise<void> {
  const args = [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    PROGRAM,
    urls.warehouse,
    urls.records,
    String(NOW),
  ];
  const child = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await pause(after);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
}
