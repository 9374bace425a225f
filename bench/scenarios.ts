import { DAY, SteppedClock } from '@bellwether/contracts';
import type { Scenario, Stores } from '@bellwether/pipeline';
import { scenarios } from '@bellwether/scenarios';
import { sqlBeside } from '@bellwether/warehouse';
import type { Bench, Report } from './lib/bench.ts';
import { growthExponent, seconds } from './lib/measure.ts';
import { withStores } from './lib/stores.ts';

const CUSTOMERS = sqlBeside(import.meta.url, 'scenarios.sql');
const CHANGED = sqlBeside(import.meta.url, 'scenarios-changed.sql');
const NOW = Date.UTC(2026, 0, 1);
const SIZES = (process.env['BENCH_CUSTOMERS'] ?? '10000,100000,1000000').split(',').map(Number);
const STEPS = ['features', 'training', 'telling all', 'telling 1 % changed'] as const;
type Step = (typeof STEPS)[number];
type Costs = Map<Step, [size: number, seconds: number][]>;

/** What each scenario costs as the shop grows: reading features, learning, telling of everybody, telling of who changed. */
export const bench: Bench = {
  title: 'scenarios: features, training and telling at 10 thousand, 100 thousand and a million customers',
  async run(report) {
    const wanted = process.env['BENCH_SCENARIO'];
    for (const scenario of scenarios.filter(({ name }) => wanted === undefined || name === wanted)) {
      const costs: Costs = new Map(STEPS.map(step => [step, []]));
      for (const size of SIZES) await withStores(stores => measure(scenario, stores, size, costs, report));
      growth(scenario, costs, report);
    }
  },
};

async function measure(
  scenario: Scenario,
  { warehouse, records }: Pick<Stores, 'warehouse' | 'records'>,
  customers: number,
  costs: Costs,
  report: Report,
): Promise<void> {
  const clock = new SteppedClock(NOW);
  const stores = { warehouse, records, clock };
  await warehouse.command(CUSTOMERS, { customers });
  const take = async (step: Step, work: () => Promise<string>): Promise<void> => {
    let quality = '';
    const cost = await seconds(async () => {
      quality = await work();
    });
    costs.get(step)?.push([customers, cost]);
    report({ work: `${scenario.name}: ${step}, ${customers} customers`, ours: cost, unit: 's', quality });
  };
  await take('features', async () => {
    let read = 0;
    for await (const { ids } of scenario.subjects(stores, NOW)) read += ids.length;
    return `${read} customers read`;
  });
  await take('training', async () => {
    const { card } = await scenario.train(stores, { seed: 1 });
    const [{ name, model, baseline }] = card.figures;
    return `${card.estimator}: ${name} ${model.value?.toFixed(3)}, baseline ${baseline?.value?.toFixed(3)}`;
  });
  await take('telling all', async () => `${(await scenario.apply(stores)).scored} told of, ${memory()}`);
  await warehouse.command(CHANGED, { customers });
  clock.advance(DAY);
  await take('telling 1 % changed', async () => {
    return `${(await scenario.apply(stores, { changed: true })).scored} told of`;
  });
}

function memory(): string {
  return `${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`;
}

function growth(scenario: Scenario, costs: Costs, report: Report): void {
  for (const [step, points] of costs)
    if (points.length > 1)
      report({
        work: `${scenario.name}: growth of ${step}`,
        ours: growthExponent(points),
        unit: 'exponent',
      });
}
