import { SteppedClock } from '@bellwether/contracts';
import { bgNbd, stacked, tableOf, type Table } from '@bellwether/ml';
import type { Stores } from '@bellwether/pipeline';
import { customerLifecycle } from '@bellwether/scenarios';
import { sqlBeside } from '@bellwether/warehouse';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { beside, NOT_AVAILABLE, ownRun, withPeer } from './lib/peer.ts';
import { withStores } from './lib/stores.ts';

const CUSTOMERS = sqlBeside(import.meta.url, 'scenarios.sql');
const NOW = Date.UTC(2026, 0, 1);
const SIZES = (process.env['BENCH_CUSTOMERS'] ?? '10000,100000,1000000').split(',').map(Number);
const WEEKS = 90 / 7;

type Points = Map<string, [size: number, seconds: number][]>;

/** What the lifecycle costs as a shop grows; and the counting model, fitted and asked of everybody, beside lifetimes. */
export const bench: Bench = {
  title: 'lifecycle: features, training and telling at 10 thousand, 100 thousand and a million customers',
  async run(report) {
    const points: Points = new Map();
    for (const size of SIZES)
      await withStores(async ({ warehouse, records }) => {
        await warehouse.command(CUSTOMERS, { customers: size });
        const stores = { warehouse, records, clock: new SteppedClock(NOW) };
        const histories = await steps(stores, size, points, report);
        await counting(histories, size, report);
      });
    for (const [work, costs] of points)
      if (costs.length > 1)
        report({ work: `growth of ${work}`, ours: growthExponent(costs), unit: 'exponent' });
  },
};

async function steps(stores: Stores, size: number, points: Points, report: Report): Promise<Table> {
  const take = async (work: string, run: () => Promise<string>): Promise<void> => {
    let quality = '';
    const cost = await seconds(async () => {
      quality = await run();
    });
    points.set(work, [...(points.get(work) ?? []), [size, cost]]);
    report({ work: `${work}, ${size} customers`, ours: cost, unit: 's', quality });
  };
  const parts: Table[] = [];
  await take('features', async () => {
    for await (const { table } of customerLifecycle.subjects(stores, NOW)) parts.push(table);
    return `${parts.reduce((sum, { rows }) => sum + rows, 0)} customers read`;
  });
  await take('training', async () => {
    const { card } = await customerLifecycle.train(stores, { seed: 1 });
    const [{ name, model, baseline }] = card.figures;
    return `${card.estimator}: ${name} ${model.value?.toFixed(3)}, baseline ${baseline?.value?.toFixed(3)}`;
  });
  await take('telling all, with 12 months behind', async () => {
    const { scored } = await customerLifecycle.apply(stores);
    return `${scored} told of, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`;
  });
  await take('telling all again', async () => `${(await customerLifecycle.apply(stores)).scored} told of`);
  return stacked(parts);
}

/** BG/NBD on every history, then P(alive) and the orders of 90 days of every customer: the same work on both sides. */
async function counting({ names, columns }: Table, size: number, report: Report): Promise<void> {
  const days = (name: string): Float32Array => columns[names.indexOf(name)];
  const weeks = (name: string): Float32Array => days(name).map(each => each / 7);
  const arrays = { frequency: days('frequency'), recency: weeks('recency'), age: weeks('age') };
  const table = tableOf(arrays);
  await withPeer('lifecycle', { arrays, threads: 1 }, async peer => {
    const { ours, theirs } = await beside(
      size > 100_000 ? 1 : 3,
      () =>
        ownRun(
          async () => {
            const model = await bgNbd().fit(table);
            model.alive(table);
            return model.expectedPurchases(table, WEEKS);
          },
          expected => ({ expected: expected.reduce((sum, orders) => sum + orders, 0) / expected.length }),
        ),
      () => peer.run({ weeks: WEEKS }),
    );
    report({
      work: `BG/NBD fitted and asked of ${size} customers`,
      ours: ours.seconds,
      ...(theirs !== NOT_AVAILABLE && { peer: theirs.seconds }),
      unit: 's',
      quality: `orders expected each ${ours['expected']?.toFixed(4)}; peer ${theirs === NOT_AVAILABLE ? theirs : theirs['expected']?.toFixed(4)}`,
    });
  });
}
