import { LifecycleCustomer, LifecycleSummary, SteppedClock } from '@bellwether/contracts';
import { createImport, prepare, previewFile, runImport, type Stores } from '@bellwether/pipeline';
import { freshRecords, freshWarehouse, publicData } from '@bellwether/testing';
import { expect, test } from 'vitest';
import {
  churn,
  cohorts,
  customerLifecycle,
  lifecycleCustomers,
  lifecycleSummary,
  transitions,
} from './index.ts';

const FILE = 'transactions/online_retail_to_2011-08.csv.gz';
const path = publicData(FILE);

test.skipIf(path === undefined)(
  `expects the orders of July and August of a real shop better than a constant rate${path ? '' : ` (skipped: no ${FILE} here)`}`,
  async () => {
    const stores = await storesOfFile(path ?? '');
    const { card, why } = await customerLifecycle.train(stores, { seed: 1, until: Date.UTC(2011, 6, 1) });
    if (card.kind !== 'lifecycle') throw new TypeError('a lifecycle has the card of one');
    process.stdout.write(
      `${why.en}\n${JSON.stringify(card.purchases)}\n${card.figures.map(({ name, model, baseline }) => `${name} ${model.value?.toFixed(3)} (${model.low?.toFixed(3)}–${model.high?.toFixed(3)}), baseline ${baseline?.value?.toFixed(3)}`).join('\n')}\n` +
        `${card.deciles.map(({ expected, observed }) => `${expected.toFixed(2)}/${observed.toFixed(2)}`).join(' ')}\n${JSON.stringify(card.totals)} ${card.trees.why.en} ${JSON.stringify(card.trees.gain)}\n`,
    );
    expect(card.beats_baseline).toBe(true);
    const { deciles } = card;
    expect(deciles[9].observed).toBeGreaterThan(deciles[5].observed);
    expect(deciles[5].observed).toBeGreaterThan(deciles[0].observed);
    const { scored } = await customerLifecycle.apply(stores);
    const summary = LifecycleSummary.parse(await lifecycleSummary(stores));
    expect(summary.stages.reduce((sum, { customers }) => sum + customers, 0)).toBe(scored);
    const { rows, total } = await lifecycleCustomers(stores, {
      ...{ stage: 'loyal', sort: 'value_90', order: 'desc', limit: 5, offset: 0 },
    });
    expect(rows.map(row => LifecycleCustomer.parse(row)).length).toBe(5);
    expect(total).toBe(summary.stages.find(({ stage }) => stage === 'loyal')?.customers);
    const table = await cohorts(stores, 'month');
    expect(table.cohorts.reduce((sum, { customers }) => sum + customers, 0)).toBe(scored);
    const { flows, moments } = await transitions(stores, { every: 'month' });
    const last = flows.filter(({ to_at }) => to_at === moments.at(-1));
    expect(last.reduce((sum, { customers }) => sum + customers, 0)).toBe(scored);
    expect((await churn(stores)).survival.length).toBeGreaterThan(1);
    process.stdout.write(
      `${summary.stages.map(({ stage, customers, value_90 }) => `${stage} ${customers} ${value_90.value?.toFixed(0)}`).join(', ')}\n`,
    );
    await Promise.all([stores.warehouse.close(), stores.records.destroy()]);
  },
);

async function storesOfFile(file: string): Promise<Stores> {
  const [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
  const stores = { warehouse, records, clock: new SteppedClock(Date.UTC(2026, 0, 1)) };
  const { kind, mapping } = await previewFile(file, FILE);
  const planned = await createImport(stores, { path: file, fileName: FILE, kind, mapping });
  await runImport(stores, planned.id);
  await prepare(stores);
  return stores;
}
