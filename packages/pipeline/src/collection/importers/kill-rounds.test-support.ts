import { openRecords, migrateRecords } from '@bellwether/records';
import { SteppedClock } from '@bellwether/contracts';
import { freshRecordsUrl, freshWarehouseUrl } from '@bellwether/testing';
import { migrate, Warehouse } from '@bellwether/warehouse';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { runImport } from './index.ts';
import {
  fileOf,
  freshStores,
  importFile,
  NOW,
  orderLines,
  orders,
  plannedImport,
} from './stores.test-support.ts';

const CHILD = fileURLToPath(new URL('killed-import.test-support.ts', import.meta.url));
const LINES = 3000;

/** An export with lines that are refused, so that the quarantine is filled as well. */
function partlyBad(): string {
  const bad = Array.from(
    { length: 50 },
    (_, n) => `${n},X,1,${n % 2 === 0 ? 'much' : '1'},${n % 2 === 0 ? '2025-01-01' : 'never'},1,C`,
  );
  return `${orders(LINES)}${bad.join('\n')}\n`;
}

/**
 * Kills the process of an import at a random instant, again and again until it comes through, and expects what an
 * import that nobody disturbed left.
 *
 * @param kills after how many milliseconds of work each process dies
 * @returns how many were killed before they came through
 */
export async function survives(kills: readonly number[]): Promise<number> {
  const path = fileOf('orders.csv', partlyBad());
  const undisturbed = await freshStores();
  const expected = await importFile(undisturbed, path);
  const urls = { warehouse: await freshWarehouseUrl(), records: await freshRecordsUrl() };
  const warehouse = new Warehouse({ url: urls.warehouse });
  const records = openRecords({ url: urls.records });
  onTestFinished(async () => {
    await warehouse.close();
    await records.destroy();
  });
  await migrate(warehouse);
  await migrateRecords(records);
  const stores = { warehouse, records, clock: new SteppedClock(NOW) };
  const planned = await plannedImport(stores, path);
  let killed = 0;
  for (const after of kills)
    killed += await killAfter([urls.warehouse, urls.records, planned.id, String(NOW)], after);
  const done = await runImport(stores, planned.id, {}, { rows: 100, bytes: 1 << 20 });
  expect(done).toMatchObject({
    state: 'done',
    rows_loaded: expected.rows_loaded,
    rows_refused: expected.rows_refused,
  });
  expect(await orderLines(stores)).toEqual(await orderLines(undisturbed));
  const refused = 'SELECT line, reason, raw FROM quarantine ORDER BY line';
  expect(await warehouse.query(refused)).toEqual(await undisturbed.warehouse.query(refused));
  return killed;
}

/** Lets the child work for so long after it began, then kills it; 1 when that stopped it. */
async function killAfter(args: string[], milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await began(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await ended;
  clearTimeout(timer);
  return child.signalCode === 'SIGKILL' ? 1 : 0;
}

async function began(child: ChildProcess): Promise<void> {
  const lines = createInterface({ input: child.stdout! });
  await once(lines, 'line');
}
