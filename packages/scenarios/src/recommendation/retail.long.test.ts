import { SteppedClock, type RecommendationCard } from '@bellwether/contracts';
import { createImport, previewFile, prepare, runImport, type Stores } from '@bellwether/pipeline';
import { closeStores, freshRecords, freshWarehouse, publicData } from '@bellwether/testing';
import { expect, test } from 'vitest';
import { recommendation } from './index.ts';

const FILE = 'transactions/online_retail_to_2011-08.csv.gz';
const path = publicData(FILE);

test.skipIf(path === undefined)(
  `lists are better than what is popular in the last month of a real shop${path ? '' : ` (skipped: no ${FILE} here)`}`,
  async () => {
    const stores = await storesOfFile(path ?? '');
    const { card, state, why } = await recommendation.train(stores, { seed: 1 });
    process.stdout.write(told(card as RecommendationCard) + `${why.en}\n`); // the scenario's own kind
    expect(state).toBe('champion');
    expect(card.beats_baseline).toBe(true);
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

function told({ test_moment, tested, products, choice, figures, trials }: RecommendationCard): string {
  const four = (x: number | null | undefined): string => (x ?? NaN).toFixed(4);
  return [
    `${test_moment} + 30 days, ${tested} customers, ${products} products`,
    ...figures.map(({ name, model: m, baseline: b }) => {
      const own = `${four(m.value)} (${four(m.low)} – ${four(m.high)})`;
      return `${name} ${own}, baseline ${four(b?.value)} (${four(b?.low)} – ${four(b?.high)})`;
    }),
    ...trials.map(one => `${one.name} ${four(one.ndcg_10.value)}${one.chosen ? ' chosen' : ''}`),
    `${choice.en}\n`,
  ].join('\n');
}
