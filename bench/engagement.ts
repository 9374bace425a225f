// What audiences and journeys cost as the shop grows: who belongs, first and after one in a hundred changed; a step of
// everybody in a journey.
import { DAY, SteppedClock, type Condition } from '@bellwether/contracts';
import {
  createAudience,
  createJourney,
  openEngagement,
  refreshAudience,
  setJourneyState,
  tick,
  type Engagement,
} from '@bellwether/engagement';
import { sqlBeside, type Warehouse } from '@bellwether/warehouse';
import { randomUUID } from 'node:crypto';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { withStores, type BenchStores } from './lib/stores.ts';

const ORDERS = sqlBeside(import.meta.url, 'scenarios.sql');
const PEOPLE = sqlBeside(import.meta.url, 'engagement.sql');
const CHANGED = sqlBeside(import.meta.url, 'scenarios-changed.sql');
const NOW = Date.UTC(2026, 0, 1);
const SIZES = (process.env['BENCH_CUSTOMERS'] ?? '10000,100000,1000000').split(',').map(Number);

/** Bought twice in a quarter, lives in one country, and is not one of a tenth drawn by chance. */
const WHERE: Condition = {
  kind: 'all',
  of: [
    {
      kind: 'orders',
      measure: 'count',
      products: [],
      days: 90,
      test: { op: 'at_least', number: 2 },
    },
    { kind: 'field', field: 'country', test: { op: 'is', value: 'United Kingdom' } },
    { kind: 'not', of: { kind: 'random', share: 0.1, salt: 'bench' } },
  ],
};
const EVERYBODY: Condition = { kind: 'field', field: 'orders', test: { op: 'at_least', number: 1 } };

const definition = (where: Condition) => ({
  ...{ scenario: '', min_probability: 0, max_probability: 1, chosen_only: false, where },
});

type Costs = Map<string, [size: number, seconds: number][]>;

export const bench: Bench = {
  title: 'engagement: audiences first and after 1 % changed, and a journey step of everybody',
  async run(report) {
    const costs: Costs = new Map();
    for (const size of SIZES) await withStores(stores => measure(stores, size, costs, report));
    for (const [work, points] of costs)
      if (points.length > 1)
        report({ work: `growth of ${work}`, ours: growthExponent(points), unit: 'exponent' });
  },
};

async function measure(
  { warehouse, records }: BenchStores,
  size: number,
  costs: Costs,
  report: Report,
): Promise<void> {
  const clock = new SteppedClock(NOW);
  const engagement = openEngagement({
    stores: { warehouse, records, clock },
    channels: [],
    links: { publicUrl: 'https://mail.shop.example', secret: randomUUID() },
    shop: { name: 'Bench', currency: 'GBP', locale: 'en' },
  });
  const take = async (work: string, act: () => Promise<string>): Promise<void> => {
    let quality = '';
    const cost = await seconds(async () => {
      quality = await act();
    });
    costs.set(work, [...(costs.get(work) ?? []), [size, cost]]);
    report({ work: `${work}, ${size} customers`, ours: cost, unit: 's', quality });
  };
  try {
    await warehouse.command(ORDERS, { customers: size });
    await warehouse.command(PEOPLE);
    await audience(engagement, warehouse, clock, size, take);
    await journey(engagement, clock, take);
  } finally {
    await engagement.close();
  }
}

type Take = (work: string, act: () => Promise<string>) => Promise<void>;

async function audience(
  engagement: Engagement,
  warehouse: Warehouse,
  clock: SteppedClock,
  customers: number,
  take: Take,
): Promise<void> {
  let id = '';
  await take('an audience, first', async () => {
    const made = await createAudience(engagement, { name: 'Twice', definition: definition(WHERE) });
    id = made.id;
    return `${made.size} inside`;
  });
  await warehouse.command(CHANGED, { customers });
  clock.advance(DAY);
  await take('an audience after 1 % changed', async () => {
    return `${(await refreshAudience(engagement, id)).size} inside`;
  });
}

/** Everybody enters, is branched, split and waits; a week later everybody takes the next step. */
async function journey(engagement: Engagement, clock: SteppedClock, take: Take): Promise<void> {
  const { id } = await createAudience(engagement, { name: 'All', definition: definition(EVERYBODY) });
  const { id: journeyId } = await createJourney(engagement, {
    name: 'Week',
    graph: {
      nodes: [
        { id: 'enter', kind: 'enter', audience: id, next: 'often' },
        { id: 'often', kind: 'branch', when: WHERE, yes: 'two', no: 'week' },
        {
          id: 'two',
          kind: 'split',
          ways: [
            { share: 0.5, next: 'week' },
            { share: 0.5, next: 'end' },
          ],
        },
        { id: 'week', kind: 'wait', days: 7, next: 'end' },
        { id: 'end', kind: 'exit' },
      ],
      ...{ holdout: 0.1, measure_days: 30, dry_run: false },
    },
  });
  await setJourneyState(engagement, journeyId, 'running');
  await take('everybody enters, is branched and split', async () => {
    const { treated, holdout, advanced } = await tick(engagement);
    return `${treated} entered, ${holdout} held out, ${advanced} moved`;
  });
  clock.advance(8 * DAY);
  await take(
    'a journey step of everybody who waits',
    async () => `${(await tick(engagement)).advanced} moved`,
  );
}
