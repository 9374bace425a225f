import { startEngines } from '@bellwether/engines';
import { Warehouse } from '@bellwether/warehouse';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench } from './lib/bench.ts';
import { growthExponent, median, seconds } from './lib/measure.ts';

const DIRECT = fileURLToPath(new URL('./lib/chdb-direct.ts', import.meta.url));
const ROUNDS = 3;
const QUERIES = 300;
const SIZES = [1_000, 10_000, 100_000];
const CREATE =
  'CREATE TABLE IF NOT EXISTS bench (n UInt64, name String, at DateTime64(3)) ENGINE = MergeTree ORDER BY n';

/** Seconds of each work; what `lib/chdb-direct.ts` prints. */
export interface Seconds {
  queries: number;
  inserts: number[];
}

/** The rows of one insert, as lines of JSON. */
export const lines = (rows: number): string =>
  Array.from(
    { length: rows },
    (_, n) => `{"n":${n},"name":"Product Viewed","at":"2026-01-01 00:00:00.000"}`,
  ).join('\n');

export const bench: Bench = {
  title:
    'The embedded warehouse over HTTP against chdb called directly, in a process of its own, one call at a time',
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
    const ours: Seconds[] = [];
    const direct: Seconds[] = [];
    try {
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await throughFront(join(folder, `front-${round}`)));
        direct.push(await directly(join(folder, `direct-${round}`)));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const each = (list: readonly Seconds[], pick: (one: Seconds) => number): number => median(list.map(pick));
    report({
      work: 'SELECT 1, one at a time',
      ours: QUERIES / each(ours, one => one.queries),
      peer: QUERIES / each(direct, one => one.queries),
      unit: 'queries/s',
    });
    const costs = SIZES.map((rows, n) => {
      const cost = each(ours, one => one.inserts[n] ?? Number.NaN);
      const peer = each(direct, one => one.inserts[n] ?? Number.NaN);
      report({ work: `insert ${rows} rows of JSON`, ours: rows / cost, peer: rows / peer, unit: 'rows/s' });
      return [rows, cost] as const;
    });
    report({
      work: 'insert, growth of cost from 1x to 100x',
      ours: growthExponent(costs),
      unit: 'exponent',
      quality: '1 is linear',
    });
  },
};

/** The same works on anything that can run them. */
export async function measureStore(
  query: (sql: string) => Promise<unknown>,
  insert: (rows: string) => Promise<unknown>,
): Promise<Seconds> {
  await query(CREATE);
  for (let warm = 0; warm < 20; warm++) await query('SELECT 1');
  await insert(lines(1_000));
  const queries = await seconds(async () => {
    for (let n = 0; n < QUERIES; n++) await query('SELECT 1');
  });
  const inserts: number[] = [];
  for (const rows of SIZES) {
    const body = lines(rows);
    inserts.push(await seconds(() => insert(body)));
  }
  return { queries, inserts };
}

async function throughFront(dataFolder: string): Promise<Seconds> {
  const engines = await startEngines({ dataFolder });
  const warehouse = new Warehouse({ url: engines.warehouseUrl });
  let token = 0;
  try {
    return await measureStore(
      sql => (sql.startsWith('SELECT') ? warehouse.query(sql) : warehouse.command(sql)),
      rows => warehouse.insert('bench', rows, { token: String(token++) }),
    );
  } finally {
    await warehouse.close();
    await engines.stop();
  }
}

/** chdb holds one folder for each process, and no two of one process: it is measured in another. */
async function directly(folder: string): Promise<Seconds> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', DIRECT, folder], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  return JSON.parse(stdout) as Seconds;
}
