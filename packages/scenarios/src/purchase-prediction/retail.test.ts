import { SteppedClock, type ClassifierFigures, type FamilyTrial } from '@bellwether/contracts';
import {
  createImport,
  previewFile,
  prepare,
  runImport,
  scenarioPage,
  type Stores,
} from '@bellwether/pipeline';
import { freshRecords, freshWarehouse, publicData } from '@bellwether/testing';
import { expect, test } from 'vitest';
import { purchasePrediction } from './index.ts';

const FILE = 'transactions/online_retail_to_2011-08.csv.gz';
const path = publicData(FILE);

test.skipIf(path === undefined)(
  `the model beats RFM on the last month of a real shop${path ? '' : ` (skipped: no ${FILE} here)`}`,
  async () => {
    const stores = await storesOfFile(path ?? '');
    const { card, state, why } = await purchasePrediction.train(stores, { seed: 1 });
    const [rival] = card.rivals;
    process.stdout.write(
      `${card.test_moment} + 30 days, ${card.model.n} customers, ${card.model.positives} buyers\n` +
        `model     ${told(card.model)}\nbaseline  ${told(card.baseline)}\nLR on RFM ${told(rival.figures)}\n` +
        `${why.en}\n${JSON.stringify(rival.auc_gain)}\n${card.families.map(standing).join('\n')}\n`,
    );
    expect(card.families).toHaveLength(5);
    expect(card.model.auc.value).toBeGreaterThan(rival.figures.auc.value ?? 1);
    expect(card.model.log_loss).toBeLessThan(rival.figures.log_loss);
    expect(state).toBe('champion');
    expect(card.beats_baseline).toBe(true);
    expect(card.model.log_loss).toBeLessThan(card.baseline.log_loss);
    expect(card.model.top_decile_lift).toBeGreaterThan(card.baseline.top_decile_lift);
    const { scored } = await purchasePrediction.apply(stores);
    const page = await scenarioPage(stores, purchasePrediction);
    expect(page.results?.scored).toBe(scored);
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

function standing({ family, log_loss, auc, parameters, why }: FamilyTrial): string {
  return `${family}: log loss ${log_loss.value?.toFixed(4)}, AUC ${auc.value?.toFixed(4)}, ${JSON.stringify(parameters)}. ${why.en}`;
}

function told({ auc, precision, recall, f1, log_loss, top_decile_lift }: ClassifierFigures): string {
  const figures = { auc: auc.value, precision, recall, f1, log_loss, top_decile_lift };
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${(value ?? NaN).toFixed(3)}`)
    .join(', ');
}
