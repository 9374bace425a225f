import { DAY, SteppedClock } from '@bellwether/contracts';
import { computeTraits, DEFAULT_TRAITS } from '@bellwether/pipeline';
import { readMatrix, sqlBeside, type Warehouse } from '@bellwether/warehouse';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { NOT_AVAILABLE, withPeer } from './lib/peer.ts';
import { withStores, type BenchStores } from './lib/stores.ts';

const CUSTOMERS = sqlBeside(import.meta.url, 'scenarios.sql');
const CHANGED = sqlBeside(import.meta.url, 'scenarios-changed.sql');
const NOW = Date.UTC(2026, 0, 1);
const SIZES = (process.env['BENCH_CUSTOMERS'] ?? '10000,100000,1000000').split(',').map(Number);
const HOURS_BEFORE = 400 * 24;

/** What the traits that come with Bellwether cost: of everybody, and after one customer in a hundred ordered again. */
export const bench: Bench = {
  title: 'traits: all of them for everybody, then after 1 % changed, beside pandas for everybody',
  async run(report) {
    const costs: { whole: [number, number][]; changed: [number, number][] } = { whole: [], changed: [] };
    for (const size of SIZES)
      await withStores(async stores => {
        const { whole, changed } = await measure(stores, size, report);
        costs.whole.push([size, whole]);
        costs.changed.push([size, changed]);
      });
    for (const [work, points] of Object.entries(costs))
      if (points.length > 1)
        report({ work: `growth, ${work}`, ours: growthExponent(points), unit: 'exponent' });
  },
};

async function measure(
  { warehouse, records }: BenchStores,
  customers: number,
  report: Report,
): Promise<{ whole: number; changed: number }> {
  const clock = new SteppedClock(NOW);
  const stores = { warehouse, records, clock };
  await warehouse.command(CUSTOMERS, { customers });
  const peer = await pandas(warehouse);
  let told = '';
  const take = async (): Promise<number> =>
    seconds(async () => {
      const computed = await computeTraits(stores, DEFAULT_TRAITS, { zone: 'UTC', asOf: clock.now() });
      told = `${computed.customers} customers computed${computed.whole ? '' : ', only those that changed'}`;
    });
  const beside = peer === undefined ? {} : { peer };
  const whole = await take();
  report({ work: `all traits, ${customers} customers`, ours: whole, ...beside, unit: 's', quality: told });
  await warehouse.command(CHANGED, { customers });
  clock.advance(DAY);
  const changed = await take();
  report({
    work: `after 1 % ordered, a day later, ${customers} customers`,
    ...{ ours: changed, ...beside, unit: 's', quality: told },
  });
  return { whole, changed };
}

/** Seconds of a recomputation by pandas of what lies in its memory already; nothing where it is not on this machine. */
async function pandas(warehouse: Warehouse): Promise<number | undefined> {
  const { names, columns } = await readMatrix(
    warehouse,
    `SELECT toUInt32(substring(customer_id, 2)) AS customer, toUInt32(cityHash64(order_id) % 16000000) AS \`order\`,
       toUInt32(substring(product_id, 2)) AS product, dateDiff('hour', {first:DateTime}, at) AS hour, amount, unit_price AS price
     FROM prepared_order_lines`,
    { first: (NOW - HOURS_BEFORE * 3_600_000) / 1000 },
  );
  const arrays = Object.fromEntries(names.map((name, j) => [name, columns[j]]));
  return withPeer('traits', { arrays, threads: 1 }, async peer => {
    const run = await peer.run({ now: HOURS_BEFORE });
    return run === NOT_AVAILABLE ? undefined : run.seconds;
  });
}
