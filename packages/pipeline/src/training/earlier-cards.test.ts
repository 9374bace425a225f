import { ScenarioPage } from '@bellwether/contracts';
import { purchasePrediction as scenario } from '@bellwether/scenarios';
import { makeShop, storesOf } from '@bellwether/testing';
import { sql } from '@bellwether/records';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { scenarioPage } from '../index.ts';

test('a version that was kept before methods competed is told as a page can be, and so is one of today', async () => {
  const stores = await storesOf(
    makeShop({ seed: 5, customers: 350, days: 200, start: Date.UTC(2025, 0, 1) }),
  );
  await scenario.train(stores, { seed: 1 });
  // what the server does with every answer
  const sent = async () => z.encode(ScenarioPage, await scenarioPage(stores, scenario)).versions[0].card;
  const today = await sent();
  expect(today.kind === 'classifier' && [today.families.length, today.rivals.length]).toEqual([5, 2]);
  await sql`UPDATE model_versions SET card = jsonb_set(card::jsonb - 'families' - 'rivals', '{value,why}', '"It pays."')`.execute(
    stores.records,
  );
  expect(await sent()).toMatchObject({
    ...{ families: [], rivals: [] },
    value: { why: { en: 'It pays.', 'zh-CN': 'It pays.' } },
  });
  await Promise.all([stores.warehouse.close(), stores.records.destroy()]);
});
