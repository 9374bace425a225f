import { SteppedClock } from '@bellwether/contracts';
import { createImport, prepare, previewFile, runImport, type Stores } from '@bellwether/pipeline';
import { closeStores, freshRecords, freshWarehouse, publicData } from '@bellwether/testing';
import { expect, test } from 'vitest';
import { customerProfile } from './index.ts';

const FILE = 'transactions/online_retail_to_2011-08.csv.gz';
const path = publicData(FILE);

test.skipIf(path === undefined)(
  `segments of a real shop are found again${path ? '' : ` (skipped: no ${FILE} here)`}`,
  async () => {
    const stores = await storesOfFile(path ?? '');
    const { card, state, why } = await customerProfile.train(stores, { seed: 1 });
    const figure = (x: number | null | undefined): string => (x ?? NaN).toFixed(3);
    const lines = [
      ...card.tried.map(
        each =>
          `k ${each.k} silhouette ${figure(each.silhouette)} stability ${figure(each.stability)} spend ${figure(each.spend_share)}`,
      ),
      card.why_k.en,
      ...card.figures.map(
        ({ name, model, baseline }) =>
          `${name} ${figure(model.value)} (${figure(model.low)}-${figure(model.high)}), RFM ${figure(baseline?.value)} (${figure(baseline?.low)}-${figure(baseline?.high)})`,
      ),
      ...card.segments.map(
        each =>
          `${each.key} ${each.name.en} | ${each.name['zh-CN']} ${each.customers} found again ${figure(each.stability.value)} next ${figure(each.next_spend.value)}\n   ${each.sentences.map(s => s.en).join('\n   ')}`,
      ),
      `${state}: ${why.en}`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    expect(state).toBe('champion');
    const { scored } = await customerProfile.apply(stores);
    expect(scored).toBeGreaterThan(3000);
    await closeStores(stores);
  },
  120_000,
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
